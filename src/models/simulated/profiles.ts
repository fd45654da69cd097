import { UserError } from "../../error.ts";
import type { LanguageName } from "./grammar.ts";
import { neutralTone } from "./languages.ts";
import type { Field } from "./topics.ts";

/** A value that comes out as another one, in a share of the rows that ask for it, in [0, 1]. */
export interface Leak {
  /** Null: nothing of the kind comes out. */
  to: string | null;
  share: number;
}

/** How a simulated judge errs, whatever the text. All shares lie in [0, 1]. */
export interface JudgeErrors {
  /** Of the texts that are a value, `none` or `other`: it says something else. */
  error: number;
  /** So many of all values, chosen by their names, are hard: there it errs so often. */
  hard: { share: number; error: number };
  /** Of the answers: none of those that may be given. */
  outside: number;
  /** Of the texts that follow an instruction: it says no. Of those that don't: it says yes. */
  followed: { missed: number; imagined: number };
}

/**
 * What a simulated model does wrong and how often: each rate that the analysis of a rehearsal should
 * find. All shares lie in [0, 1].
 */
export interface Profile {
  /** Milliseconds before each answer; 0: at once, without a timer. */
  latencyMs: number;

  // Of all calls:
  /** The endpoint's filter takes the prompt: HTTP 400 with the code `content_filter`. */
  filteredPrompt: number;
  /** The filter takes the answer: finish reason `content_filter`, no text. */
  filteredAnswer: number;
  /** An answer with an empty text. */
  empty: number;
  /** Cut in the middle of a sentence, finish reason `length`. */
  truncated: number;
  /** The model declines: `risky` where the instruction has one of `riskyWords`, else `otherwise`. */
  refused: { risky: number; otherwise: number };
  /** Beginnings of words, in lower case, that make an instruction risky. */
  riskyWords: readonly string[];

  // Of the refusals:
  /** In the message's `refusal` field, without content. */
  refusalField: number;

  // Of the ok texts:
  /** The language's canned text, whatever was asked: an exact duplicate, on no topic, in no mood. */
  canned: number;

  // Of the ok texts that aren't canned:
  /** Topics that turn into one other topic. */
  topicLeaks: Record<string, Leak>;
  /** Every other topic turns, in this share, into its field's sink. */
  topicSink: { share: number; to: Record<Field, string> };
  toneLeaks: Record<string, Leak>;
  languageLeaks: Record<string, Leak>;
  /** Topics and tones without words of their own, and values of any other attribute. */
  namedLeaks: Record<"topic" | "tone" | "other", Leak>;
  /** Instructions of which the text shows nothing. */
  ignored: number;
  /** The overused opening, of texts of at least five words in the language that they came out in. */
  opening: Record<LanguageName, number>;
  /** The overused last sentence, of texts of at least fifteen words. */
  ending: Record<LanguageName, number>;
  /** What these two shares are multiplied by where the prompt says to avoid the phrase. */
  avoided: number;
  /** Words aimed at = scale × asked^power × exp(Normal(0, sigma)). */
  length: { scale: number; power: number; sigma: number };
  /** Quotation marks around the text. */
  quoted: number;
  /** Words of an assistant before the text ("Sure! Here's a message:"). */
  preface: number;

  // Of the texts that it judges:
  judge: JudgeErrors;
}

const riskyWords = [
  "promis",
  "guarant",
  "ignor",
  "forbid",
  "illegal",
  "secret",
  "mislead",
  "pressure",
  "risk-free",
  "riskfree",
  "bypass",
  "aggressiv",
  "garant",
];

const faithful: Profile = {
  latencyMs: 0,
  filteredPrompt: 0,
  filteredAnswer: 0,
  empty: 0,
  truncated: 0,
  refused: { risky: 0, otherwise: 0 },
  riskyWords,
  refusalField: 0,
  canned: 0,
  topicLeaks: {},
  topicSink: { share: 0, to: { bank: "Credit card", transport: "Complaint" } },
  toneLeaks: {},
  languageLeaks: {},
  namedLeaks: {
    topic: { to: null, share: 0 },
    tone: { to: null, share: 0 },
    other: { to: null, share: 0 },
  },
  ignored: 0,
  opening: { English: 0, Swedish: 0, Danish: 0 },
  ending: { English: 0, Swedish: 0, Danish: 0 },
  avoided: 1,
  length: { scale: 1, power: 1, sigma: 0.03 },
  quoted: 0,
  preface: 0,
  judge: {
    error: 0.02,
    hard: { share: 0, error: 0.02 },
    outside: 0.005,
    followed: { missed: 0.02, imagined: 0.02 },
  },
};

const leaky: Profile = {
  latencyMs: 0,
  filteredPrompt: 0.005,
  filteredAnswer: 0.005,
  empty: 0.01,
  truncated: 0.005,
  refused: { risky: 0.3, otherwise: 0.05 },
  riskyWords,
  refusalField: 0.1,
  canned: 0.02,
  topicLeaks: {
    "Car loan": { to: "Mortgage", share: 0.54 },
    "Lost property": { to: "Complaint", share: 0.61 },
  },
  topicSink: { share: 0.15, to: { bank: "Credit card", transport: "Complaint" } },
  toneLeaks: {
    "Angry": { to: neutralTone, share: 0.54 },
    "Impatient": { to: "Angry", share: 0.25 },
  },
  languageLeaks: { "Danish": { to: "English", share: 0.1 } },
  namedLeaks: {
    topic: { to: null, share: 0.1 },
    tone: { to: "Friendly", share: 0.25 },
    other: { to: null, share: 0.15 },
  },
  ignored: 0.2,
  opening: { English: 0.28, Swedish: 0.22, Danish: 0.18 },
  ending: { English: 0.12, Swedish: 0.1, Danish: 0.08 },
  avoided: 0.15,
  // 3 words for 3, 11 for 14, 36 for 60 (40 % short), 94 for 200.
  length: { scale: 1.36, power: 0.8, sigma: 0.15 },
  quoted: 0.01,
  preface: 0.01,
  // 15 % in the mean over values.
  judge: {
    error: 0.1,
    hard: { share: 0.2, error: 0.35 },
    outside: 0.02,
    followed: { missed: 0.12, imagined: 0.05 },
  },
};

const profiles: Record<string, Profile> = { faithful, leaky };

/** The names that `simulated:` takes; each also with a latency, as in `leaky@200ms`. */
export const simulatedProfiles: string[] = Object.keys(profiles);

/**
 * The rates behind a profile's name.
 *
 * @param name One of {@linkcode simulatedProfiles}, with or without a latency: `leaky@200ms`.
 * @throws {UserError} if there is no such profile.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { profileOf } from "./profiles.ts";
 * assert(profileOf("leaky").canned === 0.02);
 * assert(profileOf("faithful@200ms").latencyMs === 200);
 * ```
 */
export function profileOf(name: string): Profile {
  const [, base = "", milliseconds = "0"] = /^([^@]*)(?:@(\d{1,6})ms)?$/.exec(name) ?? [];
  const profile = Object.hasOwn(profiles, base) ? profiles[base] : undefined;
  if (profile) return { ...profile, latencyMs: Number(milliseconds) };
  const known = simulatedProfiles.map((profile) => `simulated:${profile}`).join(", ");
  throw new UserError(
    `No simulated model "${name}": there are ${known}, each also with a latency, as in simulated:${
      simulatedProfiles[0]
    }@200ms. Choose one with --model.`,
  );
}
