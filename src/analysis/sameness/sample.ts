/** Draws rows at random, each at most once in a sample. */
export type RowSampler = (take: (row: number) => boolean) => void;

/**
 * A sampler of the rows `from` to before `to`: each call draws a sample of its own, row by row, and
 * ends when `take` returns false or there are no more rows.
 *
 * @param random Numbers in [0, 1).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rowSampler } from "./sample.ts";
 * const sample = rowSampler(10, 20, () => 0.5);
 * const rows: number[] = [];
 * sample((row) => rows.push(row) < 3);
 * assert(new Set(rows).size === 3 && rows.every((row) => row >= 10 && row < 20));
 * ```
 */
export function rowSampler(from: number, to: number, random: () => number): RowSampler {
  const rows = Uint32Array.from({ length: to - from }, (_, i) => from + i);
  return (take) => {
    // Fisher–Yates from whatever order the last sample left: one random order is as good as another.
    for (let i = 0; i < rows.length; i++) {
      const other = i + Math.floor(random() * (rows.length - i));
      const row = rows[other]!;
      rows[other] = rows[i]!;
      rows[i] = row;
      if (!take(row)) return;
    }
  };
}

/** Where a sampled row's words stand among a corpus' tokens. */
export interface Span {
  from: number;
  to: number;
}

/** A sample of rows that has exactly so many words, or all there are; the last row is cut to fit. */
export function sampleWords(
  sample: RowSampler,
  starts: Uint32Array,
  words: number,
): Span[] {
  const spans: Span[] = [];
  let left = words;
  sample((row) => {
    const from = starts[row]!;
    const to = Math.min(starts[row + 1]!, from + left);
    spans.push({ from, to });
    left -= to - from;
    return left > 0;
  });
  return spans;
}
