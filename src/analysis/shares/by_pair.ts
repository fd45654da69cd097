import { betaQuantile } from "../../stats/beta.ts";
import { gammaDraw } from "../../stats/gamma_draws.ts";
import type { Interval } from "../../stats/intervals.ts";
import { quantileSorted } from "../../stats/quantile.ts";
import { openRandom } from "../../stats/random_stream.ts";
import { type LabelledPair, openPairModel, type PairCounts } from "./pair_model.ts";
import { smoothedShares } from "./realised.ts";

/** What texts really are, by judge and person, and what each request turns into. */
export interface PairShares {
  /** By class, with the sum 1. */
  shares: Float64Array;
  /** Of each class's share, 95 %. */
  intervals: Interval[];
  /** P(real | requested): by requested value and class, value after value. */
  kernel: Float64Array;
  /** Of each share in the kernel, how far off it may be: the variance of its draws. */
  kernelVariance: Float64Array;
  /** The shares of each draw, class after class: what is known of them together. */
  draws: Float64Array;
  /** The draws of the shares by each of the other weights that were asked for. */
  others: Float64Array[];
}

/** Draws that figures are made of, the steps between two of them, and those thrown away before. */
const DRAWS = 400;
const STEPS = 2;
const WARM_UP = 150;

/** Judgements that are rarer than this, of which there are many, change nothing. */
const LEAST_SHARE = 1e-7;

/** Rows as which the smoothed judgements of a value count, so that none seen isn't none ever. */
const PRIOR_ROWS = 1;

/**
 * The share of each class, from judged rows and the part of them that a person labelled:
 * q_k = Σ_r w_r Σ_j P(j | r) P(k | r, j). Rows are a designed experiment: for each, what was asked for
 * is known and mostly right, so the cells are pairs of request and judgement
 * ({@linkcode openPairModel}).
 *
 * Both parts are drawn from what is known of them: P(j | r) from a Dirichlet distribution around the
 * judged rows, P(k | r, j) by the model. Shares are the means of the draws, intervals their 2.5 % and
 * 97.5 % points, so these carry the error of both. Values without judged rows count as judged as all
 * are.
 *
 * @param options `weights`: what was asked for, by value, with the sum 1; `others`: weights by which
 * the same draws are wanted, too.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sharesByPair } from "./by_pair.ts";
 * // Half of the rows asked for either value; the judge calls a fifth of them the other one, wrongly.
 * const judged = Float64Array.of(80, 20, 0, 0, 20, 80, 0, 0);
 * const right = [0, 0, 0, 0, 1].map((judged) => ({ requested: 0, judged, real: 0 }));
 * const labelled = Array(20).fill(right).flat();
 * const { shares } = sharesByPair(
 *   { values: 2, classes: 4, judged, labelled },
 *   { weights: Float64Array.of(1, 0), seed: 1 },
 * );
 * assert.ok(shares[0]! > 0.95);
 * ```
 */
export function sharesByPair(
  pairs: PairCounts,
  options: { weights: Float64Array; others?: readonly Float64Array[]; seed?: number },
): PairShares {
  const { values, classes } = pairs;
  const { weights, others = [], seed = 1 } = options;
  const kernel = new Float64Array(values * classes);
  const squares = new Float64Array(values * classes);
  const draws = [weights, ...others].map(() => new Float64Array(DRAWS * classes));
  drawKernels(pairs, { seed }, (drawn, draw) => {
    for (const [cell, part] of drawn.entries()) {
      kernel[cell]! += part / DRAWS;
      squares[cell]! += part * part / DRAWS;
    }
    for (const [w, weighting] of [weights, ...others].entries()) {
      const own = draws[w]!.subarray(draw * classes, (draw + 1) * classes);
      for (let r = 0; r < values; r++) {
        for (let k = 0; k < classes; k++) own[k]! += weighting[r]! * drawn[r * classes + k]!;
      }
    }
  });
  const [first = new Float64Array(0), ...rest] = draws;
  const shares = meanOfDraws(first, classes);
  const intervals = Array.from(shares, (_, k): Interval => {
    const sorted = Float64Array.from({ length: DRAWS }, (_, draw) => first[draw * classes + k]!)
      .sort();
    return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
  });
  const kernelVariance = squares.map((square, cell) => Math.max(0, square - kernel[cell]! ** 2));
  return { shares, intervals, kernel, kernelVariance, draws: first, others: rest };
}

/** Tells each draw of the kernel in turn, in an array that holds it until the next one. */
function drawKernels(
  pairs: PairCounts,
  { seed }: { seed: number },
  onDraw: (kernel: Float64Array, draw: number) => void,
): void {
  const { values, classes, judged } = pairs;
  const random = openRandom("shares by pair", seed);
  const model = openPairModel(pairs, { random });
  const smooth = smoothedShares(judged, pairs);
  const kernel = new Float64Array(values * classes);
  const row = new Float64Array(classes);
  for (let step = 0; step < WARM_UP; step++) model.next();
  for (let draw = 0; draw < DRAWS; draw++) {
    for (let step = 0; step < STEPS; step++) model.next();
    kernel.fill(0);
    for (let r = 0; r < values; r++) {
      let sum = 0;
      for (let j = 0; j < classes; j++) {
        const cell = r * classes + j;
        sum += row[j] = gammaDraw(random, judged[cell]! + PRIOR_ROWS * smooth[cell]!);
      }
      const own = kernel.subarray(r * classes, (r + 1) * classes);
      let left = 1;
      for (let j = 0; j < classes; j++) {
        const share = row[j]! / sum;
        if (share < LEAST_SHARE) {
          left -= share;
          continue;
        }
        const chances = model.cell(r, j, { isRare: judged[r * classes + j] === 0 });
        for (let k = 0; k < classes; k++) own[k]! += share * chances[k]!;
      }
      for (let k = 0; k < classes; k++) own[k]! /= left;
    }
    onDraw(kernel, draw);
  }
}

/** The means of draws that stand one after another. */
export function meanOfDraws(draws: Float64Array, classes: number): Float64Array {
  const mean = new Float64Array(classes);
  for (const [i, share] of draws.entries()) mean[i % classes]! += share * classes / draws.length;
  return mean;
}

/**
 * The 95 % interval of a share of which mean and variance are known, as those of a beta distribution.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { betaInterval } from "./by_pair.ts";
 * const { low, high } = betaInterval({ mean: 0.3, variance: 0.01 });
 * assert.ok(Math.abs(low - 0.126) < 0.005 && Math.abs(high - 0.512) < 0.005);
 * ```
 */
export function betaInterval({ mean, variance }: { mean: number; variance: number }): Interval {
  const strength = mean * (1 - mean) / variance - 1;
  if (!(strength > 0) || strength === Infinity) return { low: mean, high: mean };
  const [a, b] = [mean * strength, (1 - mean) * strength];
  return { low: betaQuantile(0.025, a, b), high: betaQuantile(0.975, a, b) };
}

/**
 * The shares where nobody but a person said what texts are: each labelled row counts as judged as it
 * was requested, so the cells are the requests alone.
 *
 * @param counts Labelled rows by requested value and class, value after value.
 * @param options `weights`: what was asked for, by value, with the sum 1.
 * @returns Null where no row was labelled.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sharesByHand } from "./by_pair.ts";
 * // 30 of 100 texts asked in Danish are English; half of the rows were asked for either.
 * const counts = Float64Array.of(70, 30, 0, 0, 0, 100, 0, 0);
 * const found = sharesByHand(counts, { weights: Float64Array.of(0.5, 0.5) });
 * assert.ok(found && Math.abs((found.shares[0] ?? 0) - 0.35) < 0.02);
 * ```
 */
export function sharesByHand(
  counts: Float64Array,
  options: { weights: Float64Array; seed?: number },
): PairShares | null {
  const values = options.weights.length;
  const classes = counts.length / values;
  const judged = new Float64Array(counts.length);
  const labelled: LabelledPair[] = [];
  for (let requested = 0; requested < values; requested++) {
    for (let real = 0; real < classes; real++) {
      const weight = counts[requested * classes + real]!;
      if (weight > 0) labelled.push({ requested, judged: requested, real, weight });
    }
    // As sure as can be: that a text was asked for is no guess.
    judged[requested * classes + requested] = CERTAIN;
  }
  return labelled.length === 0
    ? null
    : sharesByPair({ values, classes, judged, labelled }, options);
}

/** Rows for which a share of them is as good as known. */
const CERTAIN = 1e9;
