import { totalVariation } from "../../stats/distance.ts";
import { quantileSorted } from "../../stats/quantile.ts";

/**
 * By how much shares may be off: the 95 % point of the total variation between draws of what is known
 * of them and the shares.
 *
 * @param draws Draw after draw, a share for each class.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { error95Of } from "./error95.ts";
 * assert.equal(error95Of(Float64Array.of(0.6, 0.4, 0.6, 0.4), [0.5, 0.5]).toFixed(3), "0.100");
 * ```
 */
export function error95Of(draws: Float64Array, shares: ArrayLike<number>): number {
  const classes = shares.length;
  const distances = Float64Array.from(
    { length: draws.length / classes },
    (_, draw) => totalVariation(draws.subarray(draw * classes, (draw + 1) * classes), shares),
  ).sort();
  return quantileSorted(distances, 0.95);
}
