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
  /** The shares of each draw, class after class: what is known of them together. */
  draws: Float64Array;
}

/** Draws that figures are made of, the steps between two of them, and those thrown away before. */
const DRAWS = 400;
const STEPS = 2;
const WARM_UP = 150;

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
 * @param options `weights`: what was asked for, by value, with the sum 1.
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
  options: { weights: Float64Array; seed?: number },
): PairShares {
  const { values, classes, judged } = pairs;
  const { weights, seed = 1 } = options;
  const random = openRandom("shares by pair", seed);
  const model = openPairModel(pairs, { random });
  const smooth = smoothedShares(judged, { values });
  const shares = new Float64Array(classes);
  const kernel = new Float64Array(values * classes);
  const draws = new Float64Array(DRAWS * classes);
  const row = new Float64Array(classes);
  for (let step = 0; step < WARM_UP; step++) model.next();
  for (let draw = 0; draw < DRAWS; draw++) {
    for (let step = 0; step < STEPS; step++) model.next();
    const drawn = draws.subarray(draw * classes, (draw + 1) * classes);
    for (let r = 0; r < values; r++) {
      let sum = 0;
      for (let j = 0; j < classes; j++) {
        const cell = r * classes + j;
        sum += row[j] = gammaDraw(random, judged[cell]! + PRIOR_ROWS * smooth[cell]!);
      }
      for (let j = 0; j < classes; j++) {
        const share = row[j]! / sum;
        const chances = model.cell(r, j, { isRare: judged[r * classes + j] === 0 });
        for (let k = 0; k < classes; k++) {
          const part = share * chances[k]!;
          kernel[r * classes + k]! += part / DRAWS;
          drawn[k]! += weights[r]! * part;
        }
      }
    }
    for (let k = 0; k < classes; k++) shares[k]! += drawn[k]! / DRAWS;
  }
  const intervals = Array.from(shares, (_, k): Interval => {
    const sorted = Float64Array.from({ length: DRAWS }, (_, draw) => draws[draw * classes + k]!)
      .sort();
    return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
  });
  return { shares, intervals, kernel, draws };
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
      for (let n = 0; n < counts[requested * classes + real]!; n++) {
        labelled.push({ requested, judged: requested, real });
      }
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
