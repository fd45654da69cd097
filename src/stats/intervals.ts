import { betaQuantile } from "./beta.ts";
import { normalQuantile } from "./normal.ts";

/** Two ends of an interval, low ≤ high. */
export interface Interval {
  low: number;
  high: number;
}

/**
 * The score interval of a share: those shares that a two-sided normal test would not reject. It keeps
 * its level where the share is near 0 or 1 or the rows are few, where p ± 1.96·√(p(1-p)/n) doesn't.
 *
 * Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal of
 * the American Statistical Association 22.
 *
 * @param successes Rows that have the property, in [0, n]; may be an expected number with a fraction.
 * @param n Rows in all, at least 0; without rows the interval is all of [0, 1].
 * @param options `confidence` in (0, 1), .95 if not given.
 * @returns Shares in [0, 1].
 * @throws {RangeError} if an argument is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wilson } from "./intervals.ts";
 * const { low, high } = wilson(7, 19);
 * assert.ok(low > 0.19 && low < 0.2 && high > 0.58 && high < 0.6);
 * ```
 */
export function wilson(
  successes: number,
  n: number,
  options: { confidence?: number } = {},
): Interval {
  const confidence = options.confidence ?? 0.95;
  checkCounts(successes, n);
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`The confidence lies in (0, 1), not at ${confidence}`);
  }
  if (n === 0) return { low: 0, high: 1 };
  const z = -normalQuantile((1 - confidence) / 2);
  const share = successes / n;
  const middle = share + z * z / (2 * n);
  const half = z * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const scale = 1 + z * z / n;
  return {
    low: successes === 0 ? 0 : Math.max(0, (middle - half) / scale),
    high: successes === n ? 1 : Math.min(1, (middle + half) / scale),
  };
}

/**
 * The exact interval of a share: it holds the true one with a chance of at least 1 - alpha, whatever
 * the share and the number of rows.
 *
 * Clopper & Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the
 * binomial", Biometrika 26.
 *
 * @param successes Rows that have the property, in [0, n].
 * @param n Rows in all, at least 0; without rows the interval is all of [0, 1].
 * @param options `alpha` in (0, 1), .05 if not given: half of it falls to each end. For m intervals
 * that all are to hold at once divide it by m.
 * @returns Shares in [0, 1].
 * @throws {RangeError} if an argument is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { clopperPearson } from "./intervals.ts";
 * const { low, high } = clopperPearson(10, 10);
 * assert.ok(Math.abs(low - 0.025 ** (1 / 10)) < 1e-12 && high === 1);
 * ```
 */
export function clopperPearson(
  successes: number,
  n: number,
  options: { alpha?: number } = {},
): Interval {
  const alpha = options.alpha ?? 0.05;
  checkCounts(successes, n);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha lies in (0, 1), not at ${alpha}`);
  return {
    low: successes === 0 ? 0 : betaQuantile(alpha / 2, successes, n - successes + 1),
    // From the other end, since 1 - alpha / 2 would be rounded.
    high: successes === n ? 1 : 1 - betaQuantile(alpha / 2, n - successes, successes + 1),
  };
}

function checkCounts(successes: number, n: number): void {
  if (!(n >= 0 && n < Infinity)) throw new RangeError(`The number of rows can't be ${n}`);
  if (!(successes >= 0 && successes <= n)) {
    throw new RangeError(`Of ${n} rows ${successes} can't have the property`);
  }
}
