/** How many rows have each whole number from 0 up; the last one is of the largest value. */
export type Histogram = Float64Array;

/**
 * Counts whole numbers.
 *
 * @param values At least 0; of a size that an array can have as its length.
 * @returns An entry for each number from 0 to the largest; empty without values.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { histogram } from "./histogram.ts";
 * assert.deepEqual([...histogram([2, 0, 2])], [1, 0, 2]);
 * ```
 */
export function histogram(values: ArrayLike<number>): Histogram {
  let largest = -1;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  const counts = new Float64Array(largest + 1);
  for (let i = 0; i < values.length; i++) counts[values[i]!]! += 1;
  return counts;
}

/**
 * The smallest value that at least a share p of the rows don't exceed: the quantile in the same sense
 * as that of a distribution over whole numbers.
 *
 * @param counts At least one row.
 * @param p In [0, 1].
 * @throws {RangeError} without rows or if p is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { histogram, histogramQuantile } from "./histogram.ts";
 * assert.ok(histogramQuantile(histogram([3, 4, 8, 9]), 0.5) === 4);
 * ```
 */
export function histogramQuantile(counts: Histogram, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A quantile is taken in [0, 1], not at ${p}`);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (rows === 0) throw new RangeError("There is no quantile of no rows");
  let below = 0;
  for (const [value, count] of counts.entries()) {
    below += count;
    // Products such as .07 · 100 come out a bit above.
    if (count > 0 && below >= p * rows * (1 - 1e-12)) return value;
  }
  return counts.length - 1;
}
