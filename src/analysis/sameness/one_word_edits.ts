import { absorb } from "../../stats/random.ts";
import type { Corpus } from "../reading/rows.ts";
import type { DistinctTexts } from "./distinct_texts.ts";
import { firstsOf } from "./firsts.ts";
import type { Groups } from "./groups.ts";

/** Texts of fewer words are compared word by word: one edit makes their 5-grams differ by much. */
const SHORT = 8;
/** Words that two texts must have in common: one of one word would be one edit from any other. */
const COMMON = 2;
/** For no word left out. */
const ALL = -1;

/**
 * Joins the groups of texts of fewer than 8 words that differ by one word changed, added or left
 * out, and have two words or more in common. Exact and linear: texts that differ at word i are equal
 * without it. The words of a text are those of the first row that has it.
 */
export function linkOneWordEdits(corpus: Corpus, texts: DistinctTexts, groups: Groups): void {
  const { tokens, starts } = corpus;
  const short: number[] = [];
  for (let text = 0; text < texts.size; text++) {
    const length = lengthOf(text);
    if (length >= COMMON && length < SHORT) short.push(text);
  }

  const whole = firstsOf(short.length, (a, b) => same(a, ALL, b, ALL));
  for (const text of short) groups.join(whole.add(text, hash(text, ALL)), text);

  let left = 0;
  const without = firstsOf(short.length, (a, b) => same(a, left, b, left));
  for (; left < SHORT - 1; left++) {
    without.clear();
    for (const text of short) {
      if (left >= lengthOf(text) || lengthOf(text) <= COMMON) continue;
      const hashed = hash(text, left);
      groups.join(without.add(text, hashed), text);
      const shorter = whole.find(hashed, (first) => same(first, ALL, text, left));
      if (shorter >= 0) groups.join(shorter, text);
    }
  }

  function lengthOf(text: number): number {
    const row = texts.firstRow[text]!;
    return starts[row + 1]! - starts[row]!;
  }

  /** Of the words without one of them. */
  function hash(text: number, skip: number): number {
    const from = starts[texts.firstRow[text]!]!;
    let state = 0;
    for (let i = 0; i < lengthOf(text); i++) {
      if (i !== skip) state = absorb(state, tokens[from + i]!);
    }
    return state;
  }

  /** Whether two texts have the same words, each without one of them. */
  function same(a: number, skipA: number, b: number, skipB: number): boolean {
    const length = lengthOf(a) - (skipA === ALL ? 0 : 1);
    if (lengthOf(b) - (skipB === ALL ? 0 : 1) !== length) return false;
    const [fromA, fromB] = [starts[texts.firstRow[a]!]!, starts[texts.firstRow[b]!]!];
    for (let i = 0; i < length; i++) {
      const [placeA, placeB] = [placeWithout(i, skipA), placeWithout(i, skipB)];
      if (tokens[fromA + placeA] !== tokens[fromB + placeB]) return false;
    }
    return true;
  }
}

function placeWithout(place: number, skip: number): number {
  return skip === ALL || place < skip ? place : place + 1;
}
