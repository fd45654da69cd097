/**
 * The logarithm of n! / (k! (n-k)!) · p^k · (1-p)^(n-k), the chance of k successes among n. It keeps
 * its digits for large n, where the difference of three log factorials would lose them: at n = 10^8
 * they are near 10^9.
 *
 * Loader (2000), "Fast and accurate computation of binomial probabilities": Stirling's formula for the
 * factorials, and what is left of the powers as two deviances.
 *
 * @param k Successes in [0, n]; needn't be whole, the factorials then are those of the gamma function.
 * @param n Trials, at least 0.
 * @param p, q The chances of success and of failure, q = 1 - p: both are taken, so that each can be
 * near 0 without losing digits.
 * @returns At most 0 for whole k; -Infinity where the chance is 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { logBinomialTerm } from "./binomial.ts";
 * assert.ok(Math.abs(Math.exp(logBinomialTerm(1, 3, 0.5, 0.5)) - 3 / 8) < 1e-15);
 * ```
 */
export function logBinomialTerm(k: number, n: number, p: number, q: number): number {
  const failures = n - k;
  if (k === 0) return failures === 0 ? 0 : failures * logOf(q, p);
  if (failures === 0) return k * logOf(p, q);
  if (p === 0 || q === 0) return -Infinity;
  return stirlingError(n) - stirlingError(k) - stirlingError(failures) -
    deviance(k, n * p) - deviance(failures, n * q) +
    0.5 * Math.log(n / (2 * Math.PI * k * failures));
}

/** ln(p) where p + q = 1, from the smaller of the two. */
function logOf(p: number, q: number): number {
  return p < q ? Math.log(p) : Math.log1p(-q);
}

/** x · ln(x/mean) + mean - x, without cancellation where x is near the mean. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  // The series of the inverse hyperbolic tangent.
  const ratio = difference / (x + mean);
  let sum = difference * ratio;
  let term = 2 * x * ratio;
  for (let odd = 3;; odd += 2) {
    term *= ratio * ratio;
    const next = sum + term / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/** ln(Γ(x + 1)) - ln(√(2πx) · (x/e)^x) for x > 0: what Stirling's formula leaves. */
function stirlingError(x: number): number {
  if (x >= 16) return stirlingSeries(x);
  return SMALL_WHOLE[x] ?? stepUp(x);
}

/** From where the series holds down: the error at x less that at x + 1 is (x + 1/2) ln(1 + 1/x) - 1. */
function stepUp(x: number): number {
  let sum = 0;
  for (; x < 16; x++) sum += (x + 0.5) * Math.log1p(1 / x) - 1;
  return sum + stirlingSeries(x);
}

function stirlingSeries(x: number): number {
  const square = x * x;
  return (1 / 12 -
    (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) /
    x;
}

/** Small counts are the most common arguments. */
const SMALL_WHOLE = Float64Array.from({ length: 16 }, (_, x) => x === 0 ? NaN : stepUp(x));
