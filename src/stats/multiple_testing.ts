/**
 * Adjusted p values (q): calling what has q ≤ .05 significant, one expects 5 % of what is called so
 * to be false. By the step-up procedure: q of the i-th smallest p is the smallest m · p(j) / j over
 * j ≥ i.
 *
 * Benjamini & Hochberg (1995), "Controlling the false discovery rate", Journal of the Royal
 * Statistical Society B 57.
 *
 * @param p p values in [0, 1] in any order; NaN where there was no test: it counts for nothing.
 * @returns q in the same order, NaN where p is; equal p have equal q.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { benjaminiHochberg } from "./multiple_testing.ts";
 * assert.deepEqual([...benjaminiHochberg(Float64Array.of(0.75, 0.01, 0.5))], [0.75, 0.03, 0.75]);
 * ```
 */
export function benjaminiHochberg(p: Float64Array): Float64Array {
  // A typed array sorts by number, NaN last: faster than sorting indices by what they stand for.
  const sorted = p.slice().sort();
  let tests = sorted.length;
  while (tests > 0 && Number.isNaN(sorted[tests - 1])) tests--;
  const adjusted = new Float64Array(tests);
  let least = 1;
  for (let i = tests - 1; i >= 0; i--) {
    least = Math.min(least, sorted[i]! * tests / (i + 1));
    adjusted[i] = least;
  }
  return p.map((value) => Number.isNaN(value) ? NaN : adjusted[firstAt(sorted, value, tests)]!);
}

/** The index of the first of the sorted values that isn't below one of them. */
function firstAt(sorted: Float64Array, value: number, end: number): number {
  let low = 0;
  let high = end - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
