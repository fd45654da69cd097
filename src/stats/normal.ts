/**
 * P(Z ≤ x) of the standard normal distribution, with a relative error of about 1e-14 in both tails,
 * down to the smallest numbers a double can hold (x ≈ -38).
 *
 * In the middle it is the series of Marsaglia (2004), "Evaluating the normal distribution", Journal
 * of Statistical Software 11(4); below -2 it is Laplace's continued fraction of the Mills ratio,
 * since the series would lose its digits there by cancellation.
 *
 * @param x Any number; ±Infinity gives 1 or 0.
 * @returns A probability in [0, 1]; NaN for NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { normalCdf } from "./normal.ts";
 * assert.ok(normalCdf(0) === 0.5);
 * assert.ok(Math.abs(normalCdf(1.959963984540054) - 0.975) < 1e-15);
 * ```
 */
export function normalCdf(x: number): number {
  if (x < -2) return x < -39 ? 0 : lowerTail(x);
  if (x > 2) return x > 39 ? 1 : 1 - lowerTail(-x);
  // Φ(x) = 1/2 + φ(x) · (x + x³/3 + x⁵/(3·5) + …)
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
    term *= x * x / odd;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

/** Φ(x) for x < -2: φ(x) / (t + 1/(t + 2/(t + 3/(t + …)))) with t = -x. */
function lowerTail(x: number): number {
  const t = -x;
  let fraction = t;
  // As many levels as leave nothing to see at this t (found by doubling them).
  for (let level = Math.ceil(20 + 400 / (t * t)); level >= 1; level--) {
    fraction = t + level / fraction;
  }
  return density(x) / fraction;
}

/** exp(-x²/2)/√(2π); x is split so that the rounding of x² isn't blown up by the exponential. */
function density(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  const rest = (x - coarse) * (x + coarse);
  return Math.exp(-coarse * coarse / 2) * Math.exp(-rest / 2) * 0.3989422804014327;
}

/**
 * The x with P(Z ≤ x) = p for a standard normal Z, with a relative error of about 1e-15.
 *
 * Algorithm PPND16 of Wichura (1988), "Algorithm AS 241: The percentage points of the normal
 * distribution", Applied Statistics 37(3): three rational functions, one for the middle and two for
 * the tails.
 *
 * @param p A probability in [0, 1]; 0 and 1 give ∓Infinity.
 * @throws {RangeError} if p isn't a probability.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { normalQuantile } from "./normal.ts";
 * assert.ok(normalQuantile(0.5) === 0);
 * assert.ok(Math.abs(normalQuantile(0.975) - 1.959963984540054) < 1e-15);
 * ```
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A probability lies in [0, 1], not at ${p}`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return q * polynomial(MIDDLE_ABOVE, r) / polynomial(MIDDLE_BELOW, r);
  }
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const distance = r <= 5
    ? polynomial(NEAR_ABOVE, r - 1.6) / polynomial(NEAR_BELOW, r - 1.6)
    : polynomial(FAR_ABOVE, r - 5) / polynomial(FAR_BELOW, r - 5);
  return q < 0 ? -distance : distance;
}

/** Horner's rule over coefficients from the highest power down. */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (const coefficient of coefficients) value = value * x + coefficient;
  return value;
}

// deno-fmt-ignore
const MIDDLE_ABOVE = [
  2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
  1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080,
];
// deno-fmt-ignore
const MIDDLE_BELOW = [
  5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
  5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1,
];
// deno-fmt-ignore
const NEAR_ABOVE = [
  7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
  3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
];
// deno-fmt-ignore
const NEAR_BELOW = [
  1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
  6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1,
];
// deno-fmt-ignore
const FAR_ABOVE = [
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
  2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720,
];
// deno-fmt-ignore
const FAR_BELOW = [
  2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
  1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1,
];
