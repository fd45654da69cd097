import type { Corpus } from "../reading/rows.ts";

/** In shorter words another letter makes another word: "lost", "cost". */
const LEAST_LETTERS = 5;
/** A typo is so many times as rare as the word that was meant, at the least. */
const RARER = 20;

const LETTERS = /^[\p{L}\p{M}]+$/u;

/**
 * By word of a corpus the word that was meant: a rare word that is a slip of the keys away from a
 * frequent one stands for that one, any other for itself. A slip is a letter added, left out or
 * changed, or two neighbours exchanged (four of five typos are one: Damerau 1964), after the first
 * letter and in words of five letters and more. A rare word is one that stands a twentieth as often, or
 * less: "charge" and "change" are both at home at a bank.
 *
 * The cost is linear in the letters of the vocabulary. Of two frequent words that are the same without
 * a letter the more frequent one is looked at only.
 *
 * @param options `among`: by word 1 where it matters, 0 where it is left as it is; default: all matter.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { meantWords } from "./typos.ts";
 * const texts = [...Array(20).fill("A refund, please"), "A refnud, please"];
 * const { corpus } = corpusOf(texts.map((text) => ({ text })));
 * assert.deepEqual([...meantWords(corpus)], [0, 1, 2, 1]);
 * ```
 */
export function meantWords(
  { tokens, vocabulary }: Pick<Corpus, "tokens" | "vocabulary">,
  options: { among?: Uint8Array } = {},
): Uint32Array {
  const { among } = options;
  const counts = new Uint32Array(vocabulary.length);
  for (const token of tokens) counts[token]! += 1;
  const meant = Uint32Array.from(counts.keys());
  const fit = Array.from(counts.keys()).filter((word) =>
    among?.[word] !== 0 && vocabulary[word]!.length >= LEAST_LETTERS &&
    LETTERS.test(vocabulary[word]!)
  );
  // By a word, and by a word without a letter: the most frequent of the words that it is made of.
  const frequent = new Map<string, number>();
  const note = (key: string, word: number) => {
    const known = frequent.get(key);
    if (known === undefined || counts[word]! > counts[known]!) frequent.set(key, word);
  };
  for (const word of fit) {
    if (counts[word]! < RARER) continue;
    note(vocabulary[word]!, word);
    for (const shorter of shortened(vocabulary[word]!)) note(shorter, word);
  }
  for (const word of fit) {
    const spelt = vocabulary[word]!;
    let best = word;
    const consider = (other: number | undefined) => {
      if (other === undefined || counts[word]! * RARER > counts[other]!) return;
      if (counts[other]! > counts[best]! && isSlip(spelt, vocabulary[other]!)) best = other;
    };
    consider(frequent.get(spelt));
    for (const shorter of shortened(spelt)) consider(frequent.get(shorter));
    meant[word] = best;
  }
  return meant;
}

/** A word without each of its letters but the first. */
function* shortened(word: string): Generator<string, void, undefined> {
  for (let i = 1; i < word.length; i++) yield word.slice(0, i) + word.slice(i + 1);
}

/** Whether two different words are one slip apart. */
function isSlip(one: string, other: string): boolean {
  let from = 0;
  while (from < one.length && one[from] === other[from]) from++;
  let [end, otherEnd] = [one.length, other.length];
  while (end > from && otherEnd > from && one[end - 1] === other[otherEnd - 1]) {
    end--;
    otherEnd--;
  }
  const [left, otherLeft] = [one.slice(from, end), other.slice(from, otherEnd)];
  if (left.length <= 1 && otherLeft.length <= 1) return true;
  return left.length === 2 && left[1] === otherLeft[0] && left[0] === otherLeft[1] &&
    otherLeft.length === 2;
}
