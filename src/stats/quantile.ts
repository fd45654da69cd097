/**
 * The quantile of sorted values, linearly interpolated between the two around it (type 7 of Hyndman &
 * Fan 1996, the default of R and NumPy): at .5 the median.
 *
 * @param sorted Numbers from the smallest up, at least one.
 * @param p In [0, 1].
 * @throws {RangeError} without values or if p is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quantileSorted } from "./quantile.ts";
 * assert.ok(quantileSorted([1, 2, 4, 8], 0.5) === 3);
 * ```
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new RangeError("There is no quantile of no values");
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A quantile is taken in [0, 1], not at ${p}`);
  const at = (sorted.length - 1) * p;
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (at - below) * (high - low);
}
