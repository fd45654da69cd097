import { absorb } from "../../stats/random.ts";
import { isFunctionWord } from "../../text/function_words.ts";
import type { Corpus } from "../reading/rows.ts";
import type { DistinctTexts } from "./distinct_texts.ts";
import { firstsOf } from "./firsts.ts";
import type { Groups } from "./groups.ts";
import { meantWords } from "./typos.ts";

/** Texts of fewer words are compared word by word: one edit makes their 5-grams differ by much. */
const SHORT = 8;
/** Words that two texts must have in common: one of one word would be one edit from any other. */
const COMMON = 2;
/** For no word left out. */
const ALL = -1;

/** Short texts that say the same in nearly the same words. */
export interface SmallEdits {
  /** Joins the groups of all texts that are a small edit apart. */
  link(groups: Groups): void;
  /** Whether two texts are a small edit apart. */
  areNear(a: number, b: number): boolean;
}

/**
 * Texts of fewer than 8 words that differ by typos alone (see {@linkcode meantWords}), or else by one
 * function word changed into another, added or left out. A content word changed makes another text:
 * of such pairs of bank customers' questions two in five ask for something else ("I lost my card", "I
 * lost my phone"). Two words or more have to be the same, one of them a content word.
 *
 * Exact and linear: texts that differ at word i are equal without it. The words of a text are those of
 * the first row that has it, and that row's language says which are function words.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { distinctTexts } from "./distinct_texts.ts";
 * import { smallEdits } from "./small_edits.ts";
 * const texts = ["I lost my card", "I lost the card", "I lost my phone"];
 * const { corpus } = corpusOf(texts.map((text) => ({ text })), { language: "en" });
 * const { areNear } = smallEdits(corpus, distinctTexts(texts));
 * assert(areNear(0, 1) && !areNear(0, 2));
 * ```
 */
export function smallEdits(corpus: Corpus, texts: DistinctTexts): SmallEdits {
  const { starts, tokens, vocabulary, languages, languageOf } = corpus;
  const short: number[] = [];
  const among = new Uint8Array(vocabulary.length);
  for (let text = 0; text < texts.size; text++) {
    const length = lengthOf(text);
    if (length < COMMON || length >= SHORT) continue;
    short.push(text);
    const from = starts[texts.firstRow[text]!]!;
    for (let i = from; i < from + length; i++) among[tokens[i]!] = 1;
  }
  const meant = meantWords(corpus, { among });
  // By language and word: 1: a function word; 2: none; 0: not looked up yet.
  const looked = languages.map(() => new Uint8Array(vocabulary.length));

  return {
    link(groups) {
      const whole = firstsOf(short.length, (a, b) => same(a, ALL, b, ALL));
      for (const text of short) groups.join(whole.add(text, hash(text, ALL)), text);

      let left = 0;
      const without = firstsOf(short.length, (a, b) => same(a, left, b, left));
      for (; left < SHORT - 1; left++) {
        without.clear();
        for (const text of short) {
          if (!mayGo(text, left)) continue;
          const hashed = hash(text, left);
          groups.join(without.add(text, hashed), text);
          const shorter = whole.find(hashed, (first) => same(first, ALL, text, left));
          if (shorter >= 0) groups.join(shorter, text);
        }
      }
    },
    areNear(a, b) {
      const [longer, other] = lengthOf(a) < lengthOf(b) ? [b, a] : [a, b];
      const [length, least] = [lengthOf(longer), lengthOf(other)];
      if (length >= SHORT || least < COMMON || length - least > 1) return false;
      let at = 0;
      while (at < least && word(longer, at) === word(other, at)) at++;
      if (at === length) return true;
      if (!mayGo(longer, at)) return false;
      if (length > least) return same(longer, at, other, ALL);
      return mayGo(other, at) && same(longer, at, other, at);
    },
  };

  function lengthOf(text: number): number {
    const row = texts.firstRow[text]!;
    return starts[row + 1]! - starts[row]!;
  }

  function word(text: number, place: number): number {
    return meant[tokens[starts[texts.firstRow[text]!]! + place]!]!;
  }

  /** Whether a text has a function word there without which enough is left to compare. */
  function mayGo(text: number, place: number): boolean {
    const length = lengthOf(text);
    if (place >= length || length <= COMMON || !isOfFunction(text, place)) return false;
    for (let i = 0; i < length; i++) if (i !== place && !isOfFunction(text, i)) return true;
    return false;
  }

  function isOfFunction(text: number, place: number): boolean {
    const of = languageOf[texts.firstRow[text]!]!;
    const at = word(text, place);
    const known = looked[of]!;
    if (known[at] === 0) {
      const language = languages[of] ?? "und";
      known[at] = isFunctionWord(vocabulary[at] ?? "", { language }) ? 1 : 2;
    }
    return known[at] === 1;
  }

  /** Of the words without one of them. */
  function hash(text: number, skip: number): number {
    const length = lengthOf(text);
    let state = 0;
    for (let i = 0; i < length; i++) if (i !== skip) state = absorb(state, word(text, i));
    return state;
  }

  /** Whether two texts have the same words, each without one of them. */
  function same(a: number, skipA: number, b: number, skipB: number): boolean {
    const length = lengthOf(a) - (skipA === ALL ? 0 : 1);
    if (lengthOf(b) - (skipB === ALL ? 0 : 1) !== length) return false;
    for (let i = 0; i < length; i++) {
      if (word(a, placeWithout(i, skipA)) !== word(b, placeWithout(i, skipB))) return false;
    }
    return true;
  }
}

function placeWithout(place: number, skip: number): number {
  return skip === ALL || place < skip ? place : place + 1;
}
