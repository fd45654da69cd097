import { z } from "zod";

/** Row numbers in order, as first and last row of each stretch without a gap. */
export type RowRanges = [first: number, last: number][];

/** {@linkcode RowRanges} as they stand in a file. */
export const rowRangesSchema: z.ZodType<RowRanges> = z.array(
  z.tuple([z.int().min(0), z.int().min(0)]).refine(([first, last]) => first <= last),
);

/**
 * Row numbers as ranges.
 *
 * @param rows In any order, none of them twice.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rangesOf, rowsIn } from "./row_ranges.ts";
 * assert.deepEqual(rangesOf([5, 0, 2, 1]), [[0, 2], [5, 5]]);
 * assert.deepEqual([...rowsIn([[0, 2], [5, 5]])], [0, 1, 2, 5]);
 * ```
 */
export function rangesOf(rows: Iterable<number>): RowRanges {
  const ranges: RowRanges = [];
  for (const row of Array.from(rows).sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === row - 1) last[1] = row;
    else ranges.push([row, row]);
  }
  return ranges;
}

/** The rows of ranges, one by one. */
export function* rowsIn(ranges: RowRanges): Generator<number, void, undefined> {
  for (const [first, last] of ranges) for (let row = first; row <= last; row++) yield row;
}

/** How many rows ranges hold. */
export function sizeOf(ranges: RowRanges): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}
