import { keyedUniform, uniform } from "../../stats/random.ts";
import type { LanguageName } from "./grammar.ts";
import { grammars, languageOf } from "./languages.ts";
import type { Profile } from "./profiles.ts";
import { leakOf } from "./expected.ts";
import type { SimulatedRequest } from "./request.ts";

/** What becomes of one call, and of its text. */
export interface Decision {
  outcome: "ok" | "filtered prompt" | "filtered answer" | "empty" | "truncated" | "refused";
  /** The refusal stands in the message's own field. */
  inRefusalField: boolean;
  /** The language that the text comes out in. */
  language: LanguageName;
  /** The topic and the tone that come out, by name; null: none. */
  topic: string | null;
  tone: string | null;
  /** The instruction that is followed; null: none. */
  instruction: string | null;
  /** The other attributes that come out. */
  others: SimulatedRequest["others"];
  /** The text is the language's canned one. */
  canned: boolean;
  opening: boolean;
  ending: boolean;
  quoted: boolean;
  preface: boolean;
  /** Words aimed at, at least 1. */
  words: number;
  /** Numbers in [0, 1) for the choice of words, one after the other. */
  random: () => number;
}

// Each fault has a draw of its own, so that changing one rate leaves the other faults alone.
const DRAWS = {
  outcome: 0,
  refusalField: 1,
  canned: 2,
  topic: 3,
  tone: 4,
  language: 5,
  opening: 6,
  ending: 7,
  quoted: 8,
  preface: 9,
  normal: 10,
  angle: 11,
  unasked: 12,
  text: 13,
};

/** Texts shorter than this have no room for the overused opening or ending. */
const LEAST_WORDS = { opening: 5, ending: 15 };

/** Lengths in words where none is asked for: exp(mean ± spread), even on the log scale. */
const UNASKED_LENGTH = { mean: 2.6, spread: 0.8 };

/**
 * Draws what becomes of a request: a pure function of its text, the seed and the profile. It is what
 * a test or a rehearsal compares its findings with.
 *
 * @param seed The seed of the call; equal seeds and texts end equally.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decide } from "./decide.ts";
 * import { profileOf } from "./profiles.ts";
 * import { readRequest } from "./request.ts";
 * const request = readRequest([{ role: "user", content: "- Topic: Car loan" }]);
 * const { topic, outcome } = decide(request, { seed: 1, profile: profileOf("faithful") });
 * assert(topic === "Car loan" && outcome === "ok");
 * ```
 */
export function decide(
  request: SimulatedRequest,
  { seed, profile }: { seed: number; profile: Profile },
): Decision {
  const draw = keyedUniform("simulated", seed, request.text);
  const language = leaked(profile, "language", request.language, draw(DRAWS.language));
  // A language that can't be written comes out as the first one.
  const written = languageOf(language ?? "English") ?? "English";
  const words = aimedWords(request.words, profile, draw);
  const canned = draw(DRAWS.canned) < profile.canned;
  const told = (phrase: string) =>
    request.avoid.some((term) => {
      const lower = phrase.toLowerCase();
      return lower.includes(term) || term.includes(lower);
    });
  const uses = (place: "opening" | "ending", phrase: string) =>
    words >= LEAST_WORDS[place] &&
    draw(DRAWS[place]) < profile[place][written] * (told(phrase) ? profile.avoided : 1);
  // By name: there may be any number of them.
  const shown = (what: string, lost: number) =>
    uniform("simulated, shown", what, seed, request.text) >= lost;
  let next = DRAWS.text;
  return {
    outcome: outcomeOf(profile, {
      refused: isRisky(request.instruction, profile)
        ? profile.refused.risky
        : profile.refused.otherwise,
      uniform: draw(DRAWS.outcome),
    }),
    inRefusalField: draw(DRAWS.refusalField) < profile.refusalField,
    language: written,
    topic: canned ? null : leaked(profile, "topic", request.topic, draw(DRAWS.topic)),
    tone: canned ? null : leaked(profile, "tone", request.tone, draw(DRAWS.tone)),
    instruction: canned || !shown("instruction", profile.ignored) ? null : request.instruction,
    others: canned
      ? []
      : request.others.filter(({ label }) => shown(label, profile.namedLeaks.other.share)),
    canned,
    opening: uses("opening", grammars[written].opening.phrase),
    ending: uses("ending", grammars[written].ending),
    quoted: draw(DRAWS.quoted) < profile.quoted,
    preface: draw(DRAWS.preface) < profile.preface,
    words,
    random: () => draw(next++),
  };
}

/** Whether the instruction has a word that makes refusals likely. */
export function isRisky(instruction: string | null, profile: Profile): boolean {
  if (instruction === null) return false;
  const words = instruction.toLowerCase().split(/[^\p{L}\d-]+/u);
  return words.some((word) => profile.riskyWords.some((start) => word.startsWith(start)));
}

/**
 * What becomes of a call, drawn by a number in [0, 1).
 *
 * @param options `refused`: the share of such calls that are refused.
 */
export function outcomeOf(
  profile: Profile,
  options: { refused: number; uniform: number },
): Decision["outcome"] {
  let { uniform } = options;
  const shares: [Decision["outcome"], number][] = [
    ["filtered prompt", profile.filteredPrompt],
    ["filtered answer", profile.filteredAnswer],
    ["empty", profile.empty],
    ["truncated", profile.truncated],
    ["refused", options.refused],
  ];
  for (const [outcome, share] of shares) {
    if (uniform < share) return outcome;
    uniform -= share;
  }
  return "ok";
}

function leaked(
  profile: Profile,
  attribute: "topic" | "tone" | "language",
  value: string | null,
  uniform: number,
): string | null {
  if (value === null) return null;
  const leak = leakOf(profile, { attribute, value });
  return leak !== null && uniform < leak.share ? leak.to : value;
}

function aimedWords(
  asked: number | null,
  { length }: Profile,
  draw: (decision: number) => number,
): number {
  // Box and Muller's transform; 1 - u is never 0.
  const normal = Math.sqrt(-2 * Math.log(1 - draw(DRAWS.normal))) *
    Math.cos(2 * Math.PI * draw(DRAWS.angle));
  // Beyond 1.5 deviations nothing comes: a faithful text stays near what was asked.
  const noise = Math.exp(length.sigma * Math.max(-1.5, Math.min(1.5, normal)));
  if (asked !== null) {
    return Math.max(1, Math.round(length.scale * asked ** length.power * noise));
  }
  return Math.max(
    1,
    Math.round(
      Math.exp(UNASKED_LENGTH.mean + UNASKED_LENGTH.spread * (2 * draw(DRAWS.unasked) - 1)),
    ),
  );
}
