/**
 * Total variation: half of the sum of |p - q|, the share that would have to move to make one
 * distribution out of the other.
 *
 * @param p, q Shares of the same classes, each adding up to 1.
 * @returns In [0, 1].
 * @throws {RangeError} if they differ in length.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { totalVariation } from "./distance.ts";
 * assert.ok(totalVariation([0.5, 0.5, 0], [0.25, 0.5, 0.25]) === 0.25);
 * ```
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  if (p.length !== q.length) {
    throw new RangeError(`Can't compare ${p.length} shares with ${q.length}`);
  }
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.abs(p[i]! - q[i]!);
  return sum / 2;
}
