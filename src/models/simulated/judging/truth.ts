import { topicWords } from "../compose.ts";
import { isNoValue } from "../expected.ts";
import { languageNames, toneNames } from "../grammar.ts";
import { grammars, languageOf, neutralTone, toneOf } from "../languages.ts";
import { kindOf } from "../request.ts";
import { shortNameOf } from "../short_name.ts";
import { topicNames } from "../topics.ts";
import { gistsOf, namedToneForms } from "../traces.ts";
import { languageIn } from "./language.ts";
import { covered, plainText } from "./phrases.ts";

/**
 * Which of the answers a simulated text really is, read from the text alone: the value that it shows
 * most of. It is `other` where it shows another topic or tone that has words of its own, and `none`
 * where it shows nothing. A value whose prompt has another wording is known where that holds its name.
 *
 * @param question `answers`: the values, `none` and `other`, in any order.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { trueAnswer } from "./truth.ts";
 * const tone = { stem: "tone", answers: ["Angry", "Smug", "none", "other"] };
 * assert.equal(trueAnswer("Where is my card? Disgraceful!", tone), "Angry");
 * assert.equal(trueAnswer("Where is my card? So smug!", tone), "Smug");
 * assert.equal(trueAnswer("Where is my card? Hurry up!", tone), "other");
 * assert.equal(trueAnswer("Where is my card?", tone), "none");
 * ```
 */
export function trueAnswer(
  text: string,
  { stem, answers }: { stem: string; answers: readonly string[] },
): string {
  const whole = plainText(text);
  const label = labelOf(stem);
  const longestFirst = answers.toSorted((a, b) => b.length - a.length);
  const values = longestFirst.filter((answer) => !isNoValue(answer));
  // Only here a value may be called "none" or "other".
  const named =
    mostOf(longestFirst, (name) => covered(whole, [`${label}: ${shortNameOf(name)}`])) ??
      mostOf(values, (value) => namedAfter(whole, { label, value }));
  if (named !== null) return named;

  // What is quoted from an instruction is no topic or tone of the text.
  const own = plainText(text.replace(QUOTED, " "));
  const scores = new Map(values.map((value) => [value, shown(own, { label, value, text })]));
  const best = mostOf(values, (value) => scores.get(value) ?? 0);
  const bestScore = best === null ? 0 : scores.get(best) ?? 0;
  const kind = kindOf(label, "");
  if (kind === "topic") {
    if (topicCover(own, null) > bestScore) return "none";
    const isOther = topicNames.some((topic) => topicCover(own, topic) > bestScore);
    return isOther ? "other" : best ?? "none";
  }
  if (best !== null) return best;
  if (kind === "tone") {
    const neutral = values.find((value) => toneOf(value) === neutralTone);
    return toneNames.some((tone) => toneCover(own, tone) > 0) ? "other" : neutral ?? "none";
  }
  return mostOf(values, (value) => namedAfter(whole, { label: "", value })) ?? "none";
}

/**
 * Whether a simulated text does what an instruction, or a value of another attribute that is
 * followed, asks for: it quotes its gist or names it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { follows } from "./truth.ts";
 * const about = "Ask what it costs in total";
 * assert(follows("Hi! Also: “what costs total”.", { stem: "instruction", about }));
 * assert(!follows("What does it cost?", { stem: "instruction", about }));
 * ```
 */
export function follows(
  text: string,
  { stem, about }: { stem: string; about: string },
): boolean {
  const whole = plainText(text);
  return quotes(whole, about) > 0 ||
    covered(whole, [`${labelOf(stem)}: ${shortNameOf(about)}`]) > 0;
}

const QUOTED = /“[^”]*”/g;

/** A stem as it stands in a prompt and so in a text. */
function labelOf(stem: string): string {
  return stem.replaceAll(/[_-]+/g, " ").trim().toLowerCase();
}

/** How much of a value a text shows by the words of its kind. */
function shown(
  own: string,
  { label, value, text }: { label: string; value: string; text: string },
): number {
  switch (kindOf(label, value)) {
    case "topic":
      return topicCover(own, value);
    case "tone":
      return toneCover(own, value);
    case "language":
      return languageOf(value) === languageIn(text) ? 1 : 0;
    case "instruction":
      return quotes(plainText(text), value);
    default:
      return 0;
  }
}

function topicCover(own: string, topic: string | null): number {
  return Math.max(...languageNames.map((language) => {
    const { word, thing, act } = topicWords(grammars[language], topic);
    const canned = topic === null ? [grammars[language].canned] : [];
    return covered(own, [...word, ...thing, ...act, ...canned]);
  }));
}

function toneCover(own: string, value: string): number {
  const tone = toneOf(value);
  if (tone === neutralTone) return 0;
  return Math.max(...languageNames.map((language) => {
    const grammar = grammars[language];
    const named = grammar.namedTone.map((form) => namedIn(own, { form, value }));
    const phrases = tone === null ? namedToneForms(grammar, value) : grammar.tones[tone];
    return Math.max(covered(own, phrases), ...named);
  }));
}

/** How much of a value's name stands where a sentence names a tone. */
function namedIn(own: string, { form, value }: { form: string; value: string }): number {
  const [before = "", after = ""] = plainText(form).split("{value}");
  const start = own.indexOf(before);
  if (start < 0) return 0;
  const end = own.indexOf(after, start + before.length);
  return end < 0 ? 0 : covered(own.slice(start + before.length, end), [shortNameOf(value)]);
}

/** Characters after a label in which a value's name is looked for. */
const LONGEST_WORDING = 300;

/** How much of a value's name stands in a sentence after a label; "" is any label. */
function namedAfter(whole: string, { label, value }: { label: string; value: string }): number {
  const mark = `${label}: `;
  let most = 0;
  for (let at = whole.indexOf(mark); at >= 0; at = whole.indexOf(mark, at + 1)) {
    const start = at + mark.length;
    const [sentence = ""] = whole.slice(start, start + LONGEST_WORDING).split(/[.!?] /, 1);
    most = Math.max(most, covered(sentence, [shortNameOf(value)]));
  }
  return most;
}

function quotes(whole: string, instruction: string): number {
  return Math.max(
    0,
    ...languageNames.flatMap((language) => gistsOf(instruction, language)).map((gist) =>
      gist !== "" && whole.includes(`“${plainText(gist)}”`) ? gist.length : 0
    ),
  );
}

/** The first of those with the highest score above 0. */
function mostOf(values: readonly string[], scoreOf: (value: string) => number): string | null {
  let best: string | null = null;
  let most = 0;
  for (const value of values) {
    const score = scoreOf(value);
    if (score > most) [best, most] = [value, score];
  }
  return best;
}
