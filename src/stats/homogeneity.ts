import { chiSquareTail } from "./chi_square.ts";

/** P(X² or more) where `chiSquare` was measured with `marked` of all rows having the property. */
export type HomogeneityTail = (chiSquare: number, marked: number) => number;

/**
 * The p value of Pearson's X² for a property that rows in groups have or haven't, given how many have
 * it in all: right also where few rows are expected in a group, where the chi-square distribution
 * rejects up to eight times too often at 1 %. It is the gamma distribution with the exact mean and
 * variance of X² under random labels.
 *
 * Haldane (1940), "The mean and variance of χ², when used as a test of homogeneity, when expectations
 * are small", Biometrika 31.
 *
 * @param sizes Rows of each group, all above 0.
 * @returns A function to p in [0, 1]; 1 where X² can't vary. `marked` lies in (0, rows).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openHomogeneityTail } from "./homogeneity.ts";
 * // With many rows in each of three groups it is the chi-square distribution of two degrees.
 * const p = openHomogeneityTail([1e6, 1e6, 1e6])(5.991464547107979, 1e6);
 * assert.ok(Math.abs(p - 0.05) < 1e-5);
 * ```
 */
export function openHomogeneityTail(sizes: ArrayLike<number>): HomogeneityTail {
  const groups = sizes.length;
  let rows = 0;
  let inverse = 0;
  for (let i = 0; i < groups; i++) {
    rows += sizes[i]!;
    inverse += 1 / sizes[i]!;
  }
  if (groups < 2 || rows < 4) return () => 1;
  const mean = (groups - 1) * rows / (rows - 1);
  const spread = (rows * inverse - groups * groups) / (rows - 2);
  const even = (groups - 1) * (rows - groups) / (rows - 1) - spread;
  return (chiSquare, marked) => {
    const spreadMarked = (rows / marked + rows / (rows - marked) - 4) / (rows - 2);
    const evenMarked = (rows - 2) / (rows - 1) - spreadMarked;
    const variance = 2 * rows / (rows - 3) * even * evenMarked +
      rows * rows / (rows - 1) * spread * spreadMarked;
    if (!(variance > 1e-9)) return 1;
    return chiSquareTail(chiSquare * 2 * mean / variance, 2 * mean * mean / variance);
  };
}
