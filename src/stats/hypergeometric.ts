/**
 * Tail of a hypergeometric distribution: of `all` rows `marked` have a property; `drawn` of them are
 * picked without putting back. How probable are more than `hits` with the property, half the chance
 * of exactly `hits` included (mid-p)? It is the one-sided exact test of Fisher, less conservative
 * where counts are small.
 */
export type HypergeometricTail = (
  hits: number,
  drawn: number,
  marked: number,
  all: number,
) => number;

/**
 * Makes the upper tail for populations of up to `most` rows, which are tabulated: 8 bytes a row.
 *
 * The arguments are whole numbers: hits ≤ min(drawn, marked), these ≤ all ≤ most; hits can't be fewer
 * than drawn + marked - all. The sum runs upwards from `hits` until nothing is left to add.
 *
 * @returns A function to a probability in [0, 1], with a relative error of about 1e-8 at most.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openHypergeometricTail } from "./hypergeometric.ts";
 * const tail = openHypergeometricTail(10);
 * // Both of 2 drawn rows are among the 3 marked ones of 10: 3/45, counted half.
 * assert.ok(Math.abs(tail(2, 2, 3, 10) - 3 / 90) < 1e-12);
 * ```
 */
export function openHypergeometricTail(most: number): HypergeometricTail {
  // ln(i!), summed with what rounding lost (Kahan).
  const factorials = new Float64Array(most + 1);
  let lost = 0;
  for (let i = 2; i <= most; i++) {
    const step = Math.log(i) - lost;
    const sum = factorials[i - 1]! + step;
    lost = sum - factorials[i - 1]! - step;
    factorials[i] = sum;
  }
  const choose = (n: number, k: number) => factorials[n]! - factorials[k]! - factorials[n - k]!;
  return (hits, drawn, marked, all) => {
    const unmarked = all - marked;
    let chance = Math.exp(
      choose(marked, hits) + choose(unmarked, drawn - hits) - choose(all, drawn),
    );
    let sum = chance / 2;
    for (let i = hits; chance > 1e-17 * sum; i++) {
      chance *= (marked - i) * (drawn - i) / ((i + 1) * (unmarked - drawn + i + 1));
      sum += chance;
    }
    return Math.min(1, sum);
  };
}
