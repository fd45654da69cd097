import { betaCdf, betaLogitQuantile } from "./beta.ts";
import { logBinomialTerm } from "./binomial.ts";

/** A term in more than this share of all rows is common: see `conservativeLogRatio`. */
const COMMON = 0.2;

/** How often a term stands in each of two samples. */
export interface TermCounts {
  /** Rows (or words) with the term in the first sample, and all of them. */
  f1: number;
  n1: number;
  /** Likewise in the second. */
  f2: number;
  n2: number;
}

/**
 * The conservative log2 ratio of a term's share in one sample to its share in another: the end of the
 * ratio's interval that is nearest to 0, and 0 where the interval holds 0. So it tells how strong and
 * how sure a difference is in one number: 1 means at least twice the share.
 *
 * Evert (2022), "Measuring keyness": given f1 + f2, f1 is binomial with the odds n1/n2 × ratio, which
 * gives an exact interval (Clopper–Pearson). That takes the counts for Poisson, which is right where
 * shares are small. In a common term, one in more than a fifth of the rows of both samples, it would
 * hide differences: there the interval is that of the odds ratio of the 2×2 table (exact given its
 * margins, by the noncentral hypergeometric distribution), and the ratio is that of the two shares
 * that have this odds ratio and add up to as many rows.
 *
 * @param counts 0 ≤ f1 ≤ n1, 0 ≤ f2 ≤ n2; any of them may be 0.
 * @param options `confidence` of the two-sided interval in (0, 1), .95 if not given; `tests` that are
 * to hold at once (Bonferroni), 1 if not given.
 * @returns Above 0 where the share in the first sample is larger for sure, below 0 where it is smaller;
 * finite.
 * @throws {RangeError} if an argument is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { conservativeLogRatio } from "./log_ratio.ts";
 * const ratio = conservativeLogRatio({ f1: 80, n1: 1000, f2: 10, n2: 1000 });
 * assert.ok(ratio > 2 && ratio < 3);
 * assert.ok(conservativeLogRatio({ f1: 12, n1: 1000, f2: 10, n2: 1000 }) === 0);
 * ```
 */
export function conservativeLogRatio(
  { f1, n1, f2, n2 }: TermCounts,
  { confidence = 0.95, tests = 1 }: { confidence?: number; tests?: number } = {},
): number {
  if (!(f1 >= 0 && f1 <= n1 && n1 < Infinity && f2 >= 0 && f2 <= n2 && n2 < Infinity)) {
    throw new RangeError(`A term can't stand in ${f1} of ${n1} and ${f2} of ${n2} rows`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`The confidence lies in (0, 1), not at ${confidence}`);
  }
  if (!(tests >= 1 && tests < Infinity)) {
    throw new RangeError(`The number of tests is at least 1, not ${tests}`);
  }
  if (n1 === 0 || n2 === 0 || f1 * n2 === f2 * n1) return 0;
  // The lower end for the sample that has more of the term.
  if (f1 * n2 < f2 * n1) {
    const turned = { f1: f2, n1: n2, f2: f1, n2: n1 };
    return 0 - conservativeLogRatio(turned, { confidence, tests });
  }
  const alpha = (1 - confidence) / 2 / tests;
  const bound = f1 + f2 > COMMON * (n1 + n2) ? ratioOfOdds : ratioOfCounts;
  return Math.max(0, bound({ f1, n1, f2, n2 }, alpha) / Math.LN2);
}

/** The lower bound of the log ratio where f1 is binomial given f1 + f2. */
function ratioOfCounts({ f1, n1, f2, n2 }: TermCounts, alpha: number): number {
  // Most terms aren't significant: a look at the tail shows that without solving for the bound.
  if (betaCdf(n1 / (n1 + n2), f1, f2 + 1) >= alpha) return 0;
  return Math.log(n2 / n1) + betaLogitQuantile(alpha, f1, f2 + 1);
}

/** The lower bound of the log ratio by way of the odds ratio. */
function ratioOfOdds(counts: TermCounts, alpha: number): number {
  const wanted = Math.log(alpha);
  let logOdds = 0;
  for (let round = 0; round < 100; round++) {
    const { logTail, slope } = upperTail(counts, logOdds);
    if (round === 0 && logTail >= wanted) return 0;
    // The logarithm of the tail rises with the odds and is concave, so Newton's method climbs to the
    // bound and never beyond it.
    const step = (wanted - logTail) / slope;
    logOdds += step;
    if (Math.abs(step) < 1e-9) break;
  }
  // The shares p1 and p2 with these odds that add up to as many rows: a quadratic equation for p2.
  const { f1, n1, f2, n2 } = counts;
  const rows = f1 + f2;
  const excess = Math.expm1(logOdds);
  const linear = n1 * (excess + 1) + n2 - rows * excess;
  const p2 = 2 * rows / (linear + Math.sqrt(linear * linear + 4 * n2 * excess * rows));
  return logOdds - Math.log1p(excess * p2);
}

/**
 * ln P(F1 ≥ f1 | F1 + F2 = f1 + f2) where the odds ratio is as given, and its derivative. F1 has
 * Fisher's noncentral hypergeometric distribution; f1 isn't below its mode.
 */
function upperTail(
  { f1, n1, f2, n2 }: TermCounts,
  logOdds: number,
): { logTail: number; slope: number } {
  const drawn = f1 + f2;
  const low = Math.max(0, drawn - n2);
  const high = Math.min(n1, drawn);
  const odds = Math.exp(logOdds);
  // P(k + 1) / P(k)
  const ratio = (k: number): number =>
    (n1 - k) * (drawn - k) * odds / ((k + 1) * (n2 - drawn + k + 1));
  /** ln P(k), but for a constant. */
  const logChance = (k: number): number => {
    const p = drawn / (n1 + n2);
    return logBinomialTerm(k, n1, p, 1 - p) + logBinomialTerm(drawn - k, n2, p, 1 - p) +
      k * logOdds;
  };
  /** Σ P(k) / P(start) from start on, and Σ (k - start) P(k) / P(start). */
  const sumUp = (start: number): { sum: number; moment: number } => {
    let [term, sum, moment] = [1, 1, 0];
    for (let k = start; k < high && term > 1e-18 * sum; k++) {
      term *= ratio(k);
      sum += term;
      moment += term * (k + 1 - start);
    }
    return { sum, moment };
  };
  // Where the ratio passes 1: the root of a quadratic equation.
  const linear = (n1 + drawn + 2) * odds + n2 - drawn;
  const constant = (n1 + 1) * (drawn + 1) * odds;
  const root = 2 * constant / (linear + Math.sqrt(linear * linear - 4 * (odds - 1) * constant));
  const mode = Math.min(Math.max(low, Math.floor(root)), high);

  const tail = sumUp(f1);
  const all = sumUp(mode);
  let term = 1;
  for (let k = mode; k > low && term > 1e-18 * all.sum; k--) {
    term /= ratio(k - 1);
    all.sum += term;
    all.moment -= term * (mode - k + 1);
  }
  return {
    logTail: logChance(f1) - logChance(mode) + Math.log(tail.sum / all.sum),
    slope: f1 + tail.moment / tail.sum - (mode + all.moment / all.sum),
  };
}
