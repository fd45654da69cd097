import { resized } from "../resized.ts";
import type { Corpus } from "../rows.ts";

/** The phrases of n words that stand in enough rows. */
export interface NgramLevel {
  n: number;
  /** How many there are; they are numbered from 0 in the order in which they are first seen. */
  size: number;
  /** Rows that have the phrase. */
  rows: Uint32Array;
  /** The phrase's first n - 1 words, as a number of the level before; for n = 1 the word. */
  left: Uint32Array;
  /** The phrase's last n - 1 words, likewise. */
  right: Uint32Array;
  /**
   * By token: 1 + the number of the phrase that starts there, 0 where there is none. It is written
   * over when the next level is made.
   */
  at: Uint32Array;
}

/** What of a corpus phrases are made of. */
type Words = Pick<Corpus, "size" | "starts" | "tokens" | "vocabulary">;

/**
 * The phrases of 1, 2, … words that stand in at least `minRows` rows, one level after the other.
 * Since the parts of a phrase stand in at least as many rows as it does, each level takes in only
 * phrases whose two parts are among those of the level before: memory is bounded by what is often
 * found, and each level takes one pass.
 *
 * @param options `minRows`: at least 1; `longest`: words of the longest phrases.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../corpus.ts";
 * import { ngramLevels } from "./ngrams.ts";
 * const { corpus } = corpusOf([{ text: "a car loan" }, { text: "one car loan" }]);
 * const sizes = [...ngramLevels(corpus, { minRows: 2, longest: 4 })].map(({ size }) => size);
 * assert.deepEqual(sizes, [2, 1]);
 * ```
 */
export function* ngramLevels(
  corpus: Words,
  options: { minRows: number; longest: number },
): Generator<NgramLevel, void, undefined> {
  const { minRows, longest } = options;
  let level = words(corpus, minRows);
  while (level.size > 0) {
    yield level;
    if (level.n === longest) return;
    level = longer(corpus, level, minRows);
  }
}

/** The rows that have each phrase of a level: of phrase i `rows[from[i]]` to before `rows[from[i + 1]]`. */
export interface Postings {
  from: Uint32Array;
  /** Indices of rows, ascending for each phrase. */
  rows: Uint32Array;
}

/**
 * Lists the rows of each phrase of a level.
 *
 * @param options `wanted`: by phrase whether its rows are listed; others have none.
 */
export function postings(
  { size, starts }: Words,
  level: NgramLevel,
  options: { wanted: Uint8Array },
): Postings {
  const { at } = level;
  const { wanted } = options;
  const from = new Uint32Array(level.size + 1);
  for (let i = 0; i < level.size; i++) {
    from[i + 1] = from[i]! + (wanted[i] === 1 ? level.rows[i]! : 0);
  }
  const rows = new Uint32Array(from[level.size]!);
  const next = from.slice();
  for (let row = 0; row < size; row++) {
    const end = starts[row + 1]!;
    for (let i = starts[row]!; i < end; i++) {
      const phrase = at[i]! - 1;
      if (phrase < 0 || wanted[phrase] === 0) continue;
      const place = next[phrase]!;
      // A row is listed once, however often the phrase stands in it.
      if (place > from[phrase]! && rows[place - 1] === row) continue;
      rows[place] = row;
      next[phrase] = place + 1;
    }
  }
  return { from, rows };
}

function words({ size, starts, tokens, vocabulary }: Words, minRows: number): NgramLevel {
  const rows = new Uint32Array(vocabulary.length);
  const last = new Uint32Array(vocabulary.length);
  for (let row = 0; row < size; row++) {
    const end = starts[row + 1]!;
    for (let i = starts[row]!; i < end; i++) {
      const word = tokens[i]!;
      if (last[word] === row + 1) continue;
      last[word] = row + 1;
      rows[word]! += 1;
    }
  }
  const left = new Uint32Array(vocabulary.length);
  const numbers = new Uint32Array(vocabulary.length + 1);
  let kept = 0;
  for (let word = 0; word < vocabulary.length; word++) {
    if (rows[word]! < minRows) continue;
    rows[kept] = rows[word]!;
    left[kept] = word;
    numbers[word] = ++kept;
  }
  const at = new Uint32Array(tokens.length);
  for (let i = 0; i < tokens.length; i++) at[i] = numbers[tokens[i]!]!;
  return {
    n: 1,
    size: kept,
    rows: resized(Uint32Array, rows, kept),
    left: resized(Uint32Array, left, kept),
    right: new Uint32Array(kept),
    at,
  };
}

// Fields of a pair in the table of pairs: 16 bytes, so that it lies in one line of the cache.
const LEFT = 0;
const RIGHT = 1;
const LAST_ROW = 2;
const ROWS = 3;
const FIELDS = 4;

/** The level after `level`: pairs of its phrases that overlap in all but one word. */
function longer(corpus: Words, level: NgramLevel, minRows: number): NgramLevel {
  const { at } = level;
  const n = level.n + 1;
  const { pairs, size } = pairUp(corpus, at, n);
  const numbers = new Uint32Array(size + 1);
  let kept = 0;
  for (let pair = 0; pair < size; pair++) {
    if (pairs[pair * FIELDS + ROWS]! >= minRows) numbers[pair + 1] = ++kept;
  }
  const rows = new Uint32Array(kept);
  const left = new Uint32Array(kept);
  const right = new Uint32Array(kept);
  for (let pair = 0; pair < size; pair++) {
    const phrase = numbers[pair + 1]! - 1;
    if (phrase < 0) continue;
    rows[phrase] = pairs[pair * FIELDS + ROWS]!;
    left[phrase] = pairs[pair * FIELDS + LEFT]! - 1;
    right[phrase] = pairs[pair * FIELDS + RIGHT]! - 1;
  }
  for (let i = 0; i < at.length; i++) at[i] = numbers[at[i]!]!;
  return { n, size: kept, rows, left, right, at };
}

/** Numbers the pairs of neighbours in `at`, counts their rows, and writes 1 + the numbers into `at`. */
function pairUp(
  { size: corpusSize, starts }: Words,
  at: Uint32Array,
  n: number,
): { pairs: Uint32Array; size: number } {
  let room = 1 << 12;
  let pairs = new Uint32Array(room * FIELDS);
  // By hash: 1 + the number of a pair, 0 where the slot is free. At most half of them are taken.
  let slots = new Uint32Array(2 * room);
  let mask = slots.length - 1;
  let size = 0;
  for (let row = 0; row < corpusSize; row++) {
    const end = starts[row + 1]!;
    // The last words of a row start no phrase of n.
    const last = Math.max(starts[row]!, end - n + 1);
    for (let i = starts[row]!; i < last; i++) {
      const left = at[i]!;
      const right = at[i + 1]!;
      if (left === 0 || right === 0) {
        at[i] = 0;
        continue;
      }
      let slot = hash(left, right) & mask;
      let pair = slots[slot]!;
      while (
        pair !== 0 &&
        (pairs[(pair - 1) * FIELDS + LEFT] !== left || pairs[(pair - 1) * FIELDS + RIGHT] !== right)
      ) {
        slot = (slot + 1) & mask;
        pair = slots[slot]!;
      }
      if (pair === 0) {
        if (size === room) {
          room *= 2;
          pairs = resized(Uint32Array, pairs, room * FIELDS);
          slots = new Uint32Array(2 * room);
          mask = slots.length - 1;
          for (let each = 0; each < size; each++) {
            let free = hash(pairs[each * FIELDS + LEFT]!, pairs[each * FIELDS + RIGHT]!) & mask;
            while (slots[free] !== 0) free = (free + 1) & mask;
            slots[free] = each + 1;
          }
          slot = hash(left, right) & mask;
          while (slots[slot] !== 0) slot = (slot + 1) & mask;
        }
        pairs[size * FIELDS + LEFT] = left;
        pairs[size * FIELDS + RIGHT] = right;
        pair = ++size;
        slots[slot] = pair;
      }
      const entry = (pair - 1) * FIELDS;
      if (pairs[entry + LAST_ROW] !== row + 1) {
        pairs[entry + LAST_ROW] = row + 1;
        pairs[entry + ROWS]! += 1;
      }
      at[i] = pair;
    }
    for (let i = last; i < end; i++) at[i] = 0;
  }
  return { pairs, size };
}

function hash(left: number, right: number): number {
  let word = Math.imul(left, 0x9e3779b1) ^ right;
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return word ^ (word >>> 15);
}
