/**
 * The entropy of the distribution that counts were drawn from, in nats, estimated so that what wasn't
 * seen is allowed for: the plain estimate, -Σ p ln p over the observed shares, is too low by far
 * where many items were seen once.
 *
 * Chao & Shen (2003), "Nonparametric estimation of Shannon's index of diversity when there are unseen
 * species in sample", Environmental and Ecological Statistics 10: the shares are shrunk by the
 * coverage C = 1 - (items seen once) / n, and each term is weighted by its chance to be seen.
 *
 * @param counts How often each item was seen; zeros count for nothing.
 * @returns Null where it isn't defined: without counts, and where every item was seen once only.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chaoShen } from "./entropy.ts";
 * assert.ok(Math.abs(chaoShen([500, 500])! - Math.LN2) < 1e-12);
 * assert.ok(chaoShen([1, 1, 1]) === null);
 * ```
 */
export function chaoShen(counts: ArrayLike<number>): number | null {
  let n = 0;
  let once = 0;
  for (let i = 0; i < counts.length; i++) {
    n += counts[i]!;
    if (counts[i] === 1) once++;
  }
  if (n === 0 || once === n) return null;
  const coverage = 1 - once / n;
  // Most counts are small: the term of each is computed once.
  const terms = new Float64Array(1024).fill(NaN);
  const term = (count: number): number => {
    const share = coverage * count / n;
    // 1 - (1 - share)^n; a share of 1 is always seen.
    return share < 1 ? -share * Math.log(share) / -Math.expm1(n * Math.log1p(-share)) : 0;
  };
  let entropy = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (count === 0) continue;
    if (count >= terms.length) entropy += term(count);
    else entropy += Number.isNaN(terms[count]) ? terms[count] = term(count) : terms[count]!;
  }
  return entropy;
}
