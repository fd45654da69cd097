import { type Histogram, histogramQuantile } from "./histogram.ts";
import { nelderMead } from "./nelder_mead.ts";
import { shiftedLognormal } from "./shifted_lognormal.ts";

/** No row counts for less than this, so that one far off doesn't rule out all else. */
const LEAST_CHANCE = 1e-300;
/** The shift is no farther below the smallest value than so many times the spread of the rows. */
const FARTHEST_SHIFT = 20;
const LEAST_SIGMA = 1e-3;
const LARGEST_SIGMA = 5;
/** Fewer different values don't tell three parameters. */
const LEAST_VALUES = 4;

/** A shifted lognormal distribution, and how likely it makes the rows. */
export interface LognormalFit {
  mean: number;
  sigma: number;
  shift: number;
  logLikelihood: number;
}

/**
 * The distribution of max(1, floor(shift + exp(Normal(mean, sigma)))) that makes rows most likely.
 * Each row counts with the chance of its whole number, Σ n(k) · ln(F(k + 1) - F(k)): the likelihood of
 * a density would be without bounds where the shift nears the smallest value, and would take what
 * floor cuts off for a bias.
 *
 * The search is that of Nelder & Mead from three starts, in parameters that hang together little: the
 * median, the spread around it, and ln(smallest value + 1 - shift).
 *
 * @param counts Rows by value, the values at least 1.
 * @param options `shift`: where it is known; else it is fitted, too.
 * @returns Null where rows have fewer than 4 different values, or none is possible with the shift.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { histogram } from "./histogram.ts";
 * import { fitLognormal } from "./lognormal_fit.ts";
 * import { shiftedLognormal } from "./shifted_lognormal.ts";
 * const { quantile } = shiftedLognormal({ mean: 2.5, sigma: 0.75, shift: 2 });
 * const words = Array.from({ length: 2000 }, (_, i) => quantile((i + 0.5) / 2000));
 * const fit = fitLognormal(histogram(words));
 * assert.ok(fit !== null && Math.abs(fit.sigma - 0.75) < 0.02 && Math.abs(fit.shift - 2) < 0.3);
 * ```
 */
export function fitLognormal(
  counts: Histogram,
  options: { shift?: number } = {},
): LognormalFit | null {
  const values: number[] = [];
  for (const [value, count] of counts.entries()) if (count > 0) values.push(value);
  if (values.length < LEAST_VALUES) return null;
  const rows = values.map((value) => counts[value]!);
  const smallest = values[0]!;
  const known = options.shift;
  if (known !== undefined && !(known < smallest + 1)) return null;
  const at = (p: number): number => histogramQuantile(counts, p) + 0.5;
  const spread = at(0.84) - at(0.16) + 1;

  /** From (median, spread around it, distance of the shift below the smallest value + 1). */
  const parametersAt = ([x, y, z]: readonly number[]): Omit<LognormalFit, "logLikelihood"> => {
    const shift = known ?? smallest + 1 - Math.exp(z!);
    const scale = at(0.5) + x! * spread - shift;
    return { mean: Math.log(scale), sigma: spread / 2 * Math.exp(y!) / scale, shift };
  };
  const loss = (point: readonly number[]): number => {
    const parameters = parametersAt(point);
    const { mean, sigma, shift } = parameters;
    if (!Number.isFinite(mean) || !(sigma >= LEAST_SIGMA && sigma <= LARGEST_SIGMA)) {
      return Infinity;
    }
    if (known === undefined && smallest + 1 - shift > FARTHEST_SHIFT * spread) return Infinity;
    const { pmf } = shiftedLognormal(parameters);
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      sum -= rows[i]! * Math.log(Math.max(LEAST_CHANCE, pmf(values[i]!)));
    }
    return sum;
  };
  const starts = known === undefined ? [0.5, 2, spread] : [1];
  let best: { point: number[]; value: number } | null = null;
  for (const below of starts) {
    const start = known === undefined ? [0, 0, Math.log(below)] : [0, 0];
    if (loss(start) === Infinity) continue;
    const end = nelderMead(loss, start, { step: 0.2, tolerance: 1e-7 });
    if (best === null || end.value < best.value) best = end;
  }
  return best === null ? null : { ...parametersAt(best.point), logLikelihood: -best.value };
}
