import { chiSquareTail } from "./chi_square.ts";
import { symmetricEigen } from "./symmetric_eigen.ts";

/** Eigenvalues below this share of the largest are taken for 0. */
const RANK_TOLERANCE = 1e-10;
/** Differences of shares that rounding makes. */
const LEAST_DIFFERENCE = 1e-9;

/**
 * The Wald test of whether differences d, such as of shares from their targets, are 0: X = dᵀ S⁺ d is
 * chi-square distributed under that hypothesis, with as many degrees of freedom as S has rank. S⁺ is
 * the pseudo-inverse: differences of shares add up to 0, so S is never of full rank.
 *
 * Where d lies partly outside the space in which S allows it to vary at all, it can't be chance: X is
 * Infinity and p is 0. So it is where S = 0 and d is not. Where d = 0 (within 1e-9) X is 0 and p is 1.
 *
 * @param d Differences.
 * @param covariance S, the covariance matrix of d, row by row: symmetric, with d.length² entries.
 * @returns `df` is the rank of S; where that is 0, p is 1 or 0 as said above.
 * @throws {RangeError} if the sizes don't match or an entry isn't finite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { waldStatistic } from "./wald.ts";
 * const { statistic, df } = waldStatistic([0.1, -0.1], [0.0025, -0.0025, -0.0025, 0.0025]);
 * assert.ok(Math.abs(statistic - 4) < 1e-9 && df === 1);
 * ```
 */
export function waldStatistic(
  d: ArrayLike<number>,
  covariance: ArrayLike<number>,
): { statistic: number; df: number; p: number } {
  const size = d.length;
  if (covariance.length !== size * size) {
    throw new RangeError(`${size} differences don't go with ${covariance.length} covariances`);
  }
  const { values, vectors } = symmetricEigen(covariance, size);
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  let statistic = 0;
  let df = 0;
  let outside = 0;
  let length = 0;
  for (const [j, value] of values.entries()) {
    let along = 0;
    for (let i = 0; i < size; i++) along += vectors[i * size + j]! * d[i]!;
    length += along * along;
    if (value > RANK_TOLERANCE * largest) {
      statistic += along * along / value;
      df++;
    } else {
      outside += along * along;
    }
  }
  if (Number.isNaN(length)) throw new RangeError("Differences must be finite");
  if (Math.sqrt(length) < LEAST_DIFFERENCE) return { statistic: 0, df, p: 1 };
  if (Math.sqrt(outside) > LEAST_DIFFERENCE) return { statistic: Infinity, df, p: 0 };
  return { statistic, df, p: df === 0 ? 1 : chiSquareTail(statistic, df) };
}
