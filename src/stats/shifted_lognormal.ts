import { normalCdf, normalQuantile } from "./normal.ts";

/** A distribution over the whole numbers from 1. */
export interface ShiftedLognormal {
  /** P(X = k). */
  pmf: (k: number) => number;
  /** P(X ≤ k). */
  cdf: (k: number) => number;
  /** The X that a uniform u in [0, 1) stands for; non-decreasing in u. */
  quantile: (u: number) => number;
  /** E(X), to about 6 digits or better. */
  mean: () => number;
}

/**
 * The distribution of X = max(1, floor(shift + exp(Normal(mean, sigma)))), on request cut at a largest
 * value and renormalised.
 *
 * @param parameters `mean` and `sigma` (above 0) on the log scale, `shift` (any sign) in units of X.
 * @param options `max`: the largest value that X can take, at least 1; null or absent: none.
 * @throws {RangeError} if a parameter is out of its range or no X is as small as `max`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shiftedLognormal } from "./shifted_lognormal.ts";
 * const words = shiftedLognormal({ mean: 2.5, sigma: 0.75, shift: 2 }, { max: 60 });
 * assert.ok(words.quantile(0.5) === 13);
 * assert.ok(words.cdf(60) === 1 && words.cdf(1) === 0);
 * ```
 */
export function shiftedLognormal(
  parameters: { mean: number; sigma: number; shift: number },
  options: { max?: number | null } = {},
): ShiftedLognormal {
  const { mean, sigma, shift } = parameters;
  const max = options.max ?? Infinity;
  if (!(Number.isFinite(mean) && Number.isFinite(shift) && sigma > 0 && sigma < Infinity)) {
    throw new RangeError(
      `Wanted a finite mean and shift and a sigma above 0: ${JSON.stringify(parameters)}`,
    );
  }
  if (!(max >= 1)) throw new RangeError(`The largest value must be at least 1, not ${max}`);

  /** The standard normal value below which the uncut X is at most k (k ≥ 1). */
  const upTo = (k: number): number =>
    k + 1 > shift ? (Math.log(k + 1 - shift) - mean) / sigma : -Infinity;
  /** P(X ≤ k) and P(X > k) of the uncut X: each keeps its digits where it is small. */
  const below = (k: number): number => k < 1 ? 0 : normalCdf(upTo(Math.floor(k)));
  const above = (k: number): number => k < 1 ? 1 : normalCdf(-upTo(Math.floor(k)));
  /** The part of the uncut distribution that lies up to `max`. */
  const mass = below(max);
  if (!(mass > 0)) {
    throw new RangeError(`No value is as small as the largest one that is allowed, ${max}`);
  }

  const pmf = (k: number): number => {
    if (!Number.isInteger(k) || k < 1 || k > max) return 0;
    const inUpperHalf = k > 1 && upTo(k - 1) > 0;
    return (inUpperHalf ? above(k - 1) - above(k) : below(k) - below(k - 1)) / mass;
  };
  const cdf = (k: number): number => k >= max ? 1 : below(k) / mass;
  const quantile = (u: number): number => {
    const x = Math.floor(shift + Math.exp(mean + sigma * normalQuantile(u * mass)));
    return Math.min(Math.max(1, x), max);
  };

  /** E(max(0, Y - c)) of the continuous Y = shift + exp(Normal(mean, sigma)), c > shift. */
  const excess = (c: number): number => {
    const z = (mean - Math.log(c - shift)) / sigma;
    return Math.exp(mean + sigma * sigma / 2) * normalCdf(z + sigma) - (c - shift) * normalCdf(z);
  };

  /** E(X) = Σ P(X > k) over k ≥ 0. */
  const expectation = (): number => {
    const first = Math.max(1, quantile(0), quantile(1e-18) - 1);
    const last = Math.min(max, first + 4096);
    const beyond = above(max);
    let sum = first;
    for (let k = first; k < last; k++) sum += (above(k) - beyond) / mass;
    if (last === max) return sum;
    // The rest is smooth: the Euler–Maclaurin formula puts an integral in the sum's place.
    const cut = max === Infinity ? 0 : excess(max + 1) + (max - last) * beyond;
    return sum + (excess(last + 1) - cut + (above(last) - beyond) / 2) / mass;
  };

  return { pmf, cdf, quantile, mean: expectation };
}
