import { chiSquareTail } from "../../stats/chi_square.ts";
import { waldStatistic } from "../../stats/wald.ts";
import type { Test } from "../findings.ts";
import { meanOfDraws } from "./by_pair.ts";
import { rowsByValue, smoothedShares, withoutMistakes } from "./realised.ts";

/** How many of the rows asked with each value, that are neither pending nor failed, came out ok. */
export interface Survival {
  asked: Float64Array;
  ok: Float64Array;
}

/**
 * Tests whether losses leave the shares of the requests as they are: Wald's test of
 * d_r = w_r s_r / s̄ - w_r with s_r the survival of value r and s̄ = Σ w_r s_r. Its covariance is that
 * of the losses within each value, Σ_r (w_r / s̄)² s_r (1 - s_r) / N_r · (e_r - a)(e_r - a)ᵀ with
 * a_r = w_r s_r / s̄, where s_r is drawn towards the survival of all by five rows, so that a value
 * which lost none so far isn't certain not to. The form with its inverse has a closed solution:
 * minimal Σ x_r² / g_r over x = d + c a.
 *
 * @param options `weights`: what was drawn for, by value, with the sum 1.
 * @returns p = 1 where nothing was lost; null where no two values have rows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lossTest } from "./as_wanted.ts";
 * const [weights, asked] = [Float64Array.of(0.5, 0.5), Float64Array.of(500, 500)];
 * const same = lossTest({ weights, survival: { asked, ok: Float64Array.of(450, 452) } });
 * const unlike = lossTest({ weights, survival: { asked, ok: Float64Array.of(490, 400) } });
 * assert.ok(same && same.p > 0.5 && unlike && unlike.p < 1e-6 && unlike.df === 1);
 * ```
 */
export function lossTest(
  { weights, survival }: { weights: Float64Array; survival: Survival },
): Test | null {
  const losses = lossesOf(weights, survival);
  if (losses === null) return null;
  const { shares, variances } = losses;
  let [dd, da, aa, values] = [0, 0, 0, 0];
  for (let r = 0; r < weights.length; r++) {
    if (variances[r] === 0) continue;
    const d = shares[r]! - weights[r]!;
    dd += d * d / variances[r]!;
    da += d * shares[r]! / variances[r]!;
    aa += shares[r]! ** 2 / variances[r]!;
    values++;
  }
  if (values < 2) return null;
  const statistic = Math.max(0, dd - da * da / aa);
  return { statistic, df: values - 1, p: chiSquareTail(statistic, values - 1) };
}

/**
 * Tests whether the texts come out as wanted, losses included: Wald's test of d = q - t, with
 * q = aᵀ O, O what each value's texts were found to be, and a_r = w_r s_r / s̄ (see
 * {@linkcode lossTest}), so that the noise of what was drawn doesn't count. The covariance is
 * Σ_r a_r² (diag P_r - P_r P_rᵀ) / n_r + Σ_r (w_r / s̄)² s_r (1 - s_r) / N_r (P_r - q)(P_r - q)ᵀ with
 * P the smoothed O: the shares as they are would make a fault that shows in each row look certain not
 * to be one.
 *
 * @param counts Measured rows by value and class.
 * What may be mistakes of the labels doesn't count as different (see {@linkcode withoutMistakes}), but
 * varies as it does.
 *
 * @param options `weights`: what was drawn for, `target`: what is wanted, by value, each with the
 * sum 1; `errors`: those of the labels, by value, none if not given.
 * @returns Null where nothing was measured. Where no chance could make the difference p is 0 and the
 * statistic the largest number.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { realisedTest } from "./as_wanted.ts";
 * const half = Float64Array.of(0.5, 0.5);
 * const all = Float64Array.of(250, 250);
 * const options = { weights: half, target: half, survival: { asked: all, ok: all } };
 * const fine = realisedTest(Float64Array.of(250, 0, 0, 0, 0, 250, 0, 0), options);
 * const leaky = realisedTest(Float64Array.of(250, 0, 0, 0, 60, 190, 0, 0), options);
 * assert.ok(fine?.p === 1 && leaky && leaky.p < 1e-6);
 * ```
 */
export function realisedTest(
  counts: Float64Array,
  options: {
    weights: Float64Array;
    target: Float64Array;
    survival: Survival;
    errors?: Float64Array | undefined;
  },
): Test | null {
  const { weights, target, survival, errors } = options;
  const losses = lossesOf(weights, survival);
  const values = weights.length;
  const classes = counts.length / values;
  const rows = rowsByValue(counts, values);
  if (losses === null || rows.every((n) => n === 0)) return null;
  const { shares, variances } = losses;
  const smooth = smoothedShares(counts, { values });
  const given = errors ? withoutMistakes(counts, { errors }) : counts;
  const difference = new Float64Array(classes);
  const middle = new Float64Array(classes);
  for (let r = 0; r < values; r++) {
    difference[r]! -= target[r]!;
    for (let k = 0; k < classes; k++) {
      const cell = r * classes + k;
      // What nothing is known of counts as coming out as asked.
      const found = rows[r]! > 0 ? given[cell]! / rows[r]! : r === k ? 1 : 0;
      difference[k]! += shares[r]! * found;
      middle[k]! += shares[r]! * smooth[cell]!;
    }
  }
  const covariance = new Float64Array(classes * classes);
  for (let r = 0; r < values; r++) {
    const own = smooth.subarray(r * classes, (r + 1) * classes);
    const within = rows[r]! > 0 ? shares[r]! ** 2 / rows[r]! : 0;
    for (let i = 0; i < classes; i++) {
      covariance[i * classes + i]! += within * own[i]!;
      for (let j = 0; j < classes; j++) {
        covariance[i * classes + j]! -= within * own[i]! * own[j]!;
      }
    }
  }
  addLosses(covariance, { kernel: smooth, middle, variances });
  const { statistic, ...rest } = waldStatistic(difference, covariance);
  // Infinity is no number in JSON.
  return { statistic: Math.min(statistic, Number.MAX_VALUE), ...rest };
}

/**
 * Tests whether the texts come out as wanted where what they are is estimated by pair: as
 * {@linkcode realisedTest}, but that the covariance of what requests turn into is that of the draws,
 * which carry the judge's error.
 *
 * Where shares are as wanted (5 values, 600 rows judged with 15 % errors, 200 of them labelled) it
 * rejects 4.3 of 100 runs in which a quarter of the texts changed places with others, and 1.3 where a
 * tenth did: that most texts are as requested is taken for likely. It finds a leak of 15 % to one value
 * in each of 60 runs.
 *
 * @param draws Of the shares by pair, with the weights {@linkcode survivedShares}.
 * @param options `kernel`: P(real | requested); `weights`: what was drawn for; `target`: what is
 * wanted, by value, each with the sum 1.
 */
export function pairTest(
  draws: Float64Array,
  options: {
    kernel: Float64Array;
    weights: Float64Array;
    target: Float64Array;
    survival: Survival;
  },
): Test | null {
  const { kernel, weights, target, survival } = options;
  const losses = lossesOf(weights, survival);
  if (losses === null) return null;
  const classes = kernel.length / weights.length;
  const count = draws.length / classes;
  const middle = meanOfDraws(draws, classes);
  const covariance = new Float64Array(classes * classes);
  for (let draw = 0; draw < count; draw++) {
    for (let i = 0; i < classes; i++) {
      const off = (draws[draw * classes + i]! - middle[i]!) / (count - 1);
      for (let j = 0; j < classes; j++) {
        covariance[i * classes + j]! += off * (draws[draw * classes + j]! - middle[j]!);
      }
    }
  }
  addLosses(covariance, { kernel, middle, variances: losses.variances });
  const difference = middle.map((share, k) => share - (target[k] ?? 0));
  const { statistic, ...rest } = waldStatistic(difference, covariance);
  return { statistic: Math.min(statistic, Number.MAX_VALUE), ...rest };
}

/**
 * Adds what losses make of the shares vary: Σ_r v_r (P_r - q)(P_r - q)ᵀ.
 *
 * @param options `kernel`: P, by value and class; `middle`: q; `variances`: v.
 */
function addLosses(
  covariance: Float64Array,
  options: { kernel: Float64Array; middle: Float64Array; variances: Float64Array },
): void {
  const { kernel, middle, variances } = options;
  const classes = middle.length;
  for (const [r, variance] of variances.entries()) {
    const own = kernel.subarray(r * classes, (r + 1) * classes);
    for (let i = 0; i < classes; i++) {
      for (let j = 0; j < classes; j++) {
        covariance[i * classes + j]! += variance * (own[i]! - middle[i]!) * (own[j]! - middle[j]!);
      }
    }
  }
}

/** The shares of the values after losses, a_r = w_r s_r / s̄; null without rows. */
export function survivedShares(weights: Float64Array, survival: Survival): Float64Array | null {
  return lossesOf(weights, survival)?.shares ?? null;
}

/** Shares of the values after losses, a_r, and the variances of w_r s_r / s̄; null without rows. */
function lossesOf(
  weights: Float64Array,
  survival: Survival,
): { shares: Float64Array; variances: Float64Array } | null {
  const { asked, ok } = survival;
  const rows = sumOf(asked);
  const survived = sumOf(ok);
  if (survived === 0) return null;
  const kept = weights.map((weight, r) =>
    weight * (asked[r]! > 0 ? ok[r]! / asked[r]! : survived / rows)
  );
  const mean = sumOf(kept);
  if (mean === 0) return null;
  // That nothing was lost so far doesn't make it certain that nothing will be.
  const all = (survived + 1) / (rows + 2);
  const alike = likeness(survival);
  const variances = weights.map((weight, r) => {
    if (asked[r] === 0) return 0;
    const own = alike === Infinity ? all : (ok[r]! + alike * all) / (asked[r]! + alike);
    return (weight / mean) ** 2 * own * (1 - own) / asked[r]!;
  });
  return { shares: kept.map((share) => share / mean), variances };
}

/**
 * By how many rows the survival of a value is to be drawn towards that of all: the sum of the two
 * parameters of a beta distribution that the survivals would come from, by its moments. Infinite where
 * they differ by no more than chance.
 */
function likeness({ asked, ok }: Survival): number {
  const rows = sumOf(asked);
  const all = sumOf(ok) / rows;
  let unlike = 0;
  let squares = 0;
  let values = 0;
  for (let r = 0; r < asked.length; r++) {
    if (asked[r] === 0) continue;
    unlike += asked[r]! * (ok[r]! / asked[r]! - all) ** 2;
    squares += asked[r]! ** 2;
    values++;
  }
  const excess = unlike / (all * (1 - all)) - (values - 1);
  if (!(excess > 0)) return Infinity;
  return Math.max(LEAST_PRIOR_ROWS, (rows - squares / rows - (values - 1)) / excess - 1);
}

const LEAST_PRIOR_ROWS = 5;

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, each) => sum + each, 0);
}
