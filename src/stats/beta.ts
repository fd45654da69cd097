import { logBinomialTerm } from "./binomial.ts";
import { normalQuantile } from "./normal.ts";

/**
 * P(X ≤ x) of the beta distribution: the regularised incomplete beta function, with a relative error
 * of about 1e-13 in both tails, down to the smallest numbers a double can hold, for a and b up to 1e8
 * at least.
 *
 * The continued fraction of DLMF 8.17.22 by Lentz's method, after a factor that is computed like a
 * binomial probability: by log gamma functions it would lose a digit for each digit of a and b.
 *
 * @param x In [0, 1].
 * @param a, b Above 0 and finite.
 * @throws {RangeError} if an argument is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { betaCdf } from "./beta.ts";
 * assert.ok(Math.abs(betaCdf(0.4, 2, 3) - 0.5248) < 1e-15);
 * ```
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`A share lies in [0, 1], not at ${x}`);
  checkShape(a, b);
  if (x === 0 || x === 1) return x;
  return Math.exp(logLowerTail({ x, y: 1 - x, a, b }).logTail);
}

/**
 * The x with P(X ≤ x) = p of the beta distribution, with a relative error of about 1e-13 for any p
 * that a double can hold, such as .05 over a million tests.
 *
 * @param p A probability in [0, 1].
 * @param a, b Above 0 and finite.
 * @throws {RangeError} if an argument is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { betaQuantile } from "./beta.ts";
 * assert.ok(Math.abs(betaQuantile(0.5248, 2, 3) - 0.4) < 1e-15);
 * ```
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p === 0 || p === 1) {
    checkShape(a, b);
    return p;
  }
  return 1 / (1 + Math.exp(-betaLogitQuantile(p, a, b)));
}

/**
 * ln(x / (1 - x)) at the quantile x of the beta distribution: tells quantiles near 1 apart, too.
 *
 * It is found by Newton's method for the logarithm of the smaller tail. As a function of the logit
 * that is concave, and a straight line far out, so the method converges from any start.
 *
 * @param p A probability in (0, 1).
 * @param a, b Above 0 and finite.
 * @throws {RangeError} if an argument is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { betaLogitQuantile } from "./beta.ts";
 * assert.ok(Math.abs(betaLogitQuantile(0.25, 1, 1) - Math.log(1 / 3)) < 1e-15);
 * ```
 */
export function betaLogitQuantile(p: number, a: number, b: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A probability here lies in (0, 1), not at ${p}`);
  checkShape(a, b);
  // 1 - X has the distribution with a and b exchanged.
  return p <= 0.5 ? lowerLogitQuantile(p, a, b) : -lowerLogitQuantile(1 - p, b, a);
}

function lowerLogitQuantile(p: number, a: number, b: number): number {
  const wanted = Math.log(p);
  // The logit is about normal.
  let logit = Math.log(a / b) + normalQuantile(p) * Math.sqrt(1 / a + 1 / b);
  for (let round = 0; round < 100; round++) {
    const x = 1 / (1 + Math.exp(-logit));
    const y = 1 / (1 + Math.exp(logit));
    // Next to nothing: no double tells more.
    if (x < 1e-300) break;
    const { logTail, logFactor } = logLowerTail({ x, y, a, b });
    // The density of the logit is the factor.
    const step = (wanted - logTail) * Math.exp(logTail - logFactor);
    logit += step;
    // Each step squares the error: after this one nothing is left of it.
    if (Math.abs(step) < 1e-9) break;
  }
  return logit;
}

/**
 * ln P(X ≤ x), and ln(x^a · y^b / B(a, b)).
 *
 * @param at `x` and `y` = 1 - x, both given so that each can be near 0.
 */
function logLowerTail(
  { x, y, a, b }: { x: number; y: number; a: number; b: number },
): { logTail: number; logFactor: number } {
  const logFactor = Math.log(a / (a + b) * b) + logBinomialTerm(a, a + b, x, y);
  if (x * (a + b + 2) <= a + 1) {
    return { logTail: logFactor + Math.log(fraction(x, a, b) / a), logFactor };
  }
  const upper = Math.exp(logFactor + Math.log(fraction(y, b, a) / b));
  return { logTail: Math.log1p(-Math.min(1, upper)), logFactor };
}

/** The continued fraction of the incomplete beta function, for x up to (a + 1) / (a + b + 2). */
function fraction(x: number, a: number, b: number): number {
  let numerator = 1;
  let denominator = 1 / (1 - (a + b) * x / (a + 1));
  let value = denominator;
  // It takes about √max(a, b) steps at worst.
  for (let m = 1; m < 1e6; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    denominator = 1 / (1 + even * denominator);
    numerator = 1 + even / numerator;
    value *= denominator * numerator;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    denominator = 1 / (1 + odd * denominator);
    numerator = 1 + odd / numerator;
    const change = denominator * numerator;
    value *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return value;
}

function checkShape(a: number, b: number): void {
  if (!(a > 0 && a < Infinity && b > 0 && b < Infinity)) {
    throw new RangeError(`A beta distribution has finite a and b above 0, not ${a} and ${b}`);
  }
}
