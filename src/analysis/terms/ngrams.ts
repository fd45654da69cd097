import { resized } from "../reading/resized.ts";
import type { Corpus } from "../reading/rows.ts";
import { openPairs } from "./pairs.ts";

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
 * import { corpusOf } from "../reading/corpus.ts";
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

/** The level after `level`: pairs of its phrases that overlap in all but one word. */
function longer({ size, starts }: Words, level: NgramLevel, minRows: number): NgramLevel {
  const { at } = level;
  const n = level.n + 1;
  const pairs = openPairs();
  // By pair: 1 + the last row that has it, and how many have.
  let counts = new Uint32Array(1 << 13);
  for (let row = 0; row < size; row++) {
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
      const pair = pairs.number(left, right);
      if (2 * pair >= counts.length) counts = resized(Uint32Array, counts, 4 * pair);
      if (counts[2 * pair] !== row + 1) {
        counts[2 * pair] = row + 1;
        counts[2 * pair + 1]! += 1;
      }
      at[i] = pair + 1;
    }
    for (let i = last; i < end; i++) at[i] = 0;
  }

  const numbers = new Uint32Array(pairs.size + 1);
  const often: number[] = [];
  for (let pair = 0; pair < pairs.size; pair++) {
    if (counts[2 * pair + 1]! >= minRows) numbers[pair + 1] = often.push(pair);
  }
  for (let i = 0; i < at.length; i++) at[i] = numbers[at[i]!]!;
  return {
    n,
    size: often.length,
    rows: Uint32Array.from(often, (pair) => counts[2 * pair + 1]!),
    left: Uint32Array.from(often, (pair) => pairs.left(pair) - 1),
    right: Uint32Array.from(often, (pair) => pairs.right(pair) - 1),
    at,
  };
}
