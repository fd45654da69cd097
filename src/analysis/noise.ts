import { totalVariation } from "../stats/distance.ts";
import { binomialDraw, multinomialDraw } from "../stats/draws.ts";
import { quantileSorted } from "../stats/quantile.ts";
import { openRandom } from "../stats/random_stream.ts";
import { measuredWeights, rowsByValue, smoothedShares } from "./realised.ts";
import type { RequestDraw } from "./request_draws.ts";

/** How far from the target shares are where nothing is wrong: the mean and the 95 % point. */
export interface Noise {
  mean: number;
  p95: number;
}

/** Draws for one figure. */
const RESAMPLES = 400;

/**
 * The noise of the requests: how far other seeds would be from the shares that are drawn for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { requestNoise } from "./noise.ts";
 * const shares = Float64Array.of(0.5, 0.5);
 * const options = { draw: () => shares, shares, rows: 16, seed: 1 };
 * assert.deepEqual(requestNoise(options), { mean: 0, p95: 0 });
 * ```
 */
export function requestNoise(
  options: { draw: RequestDraw; shares: Float64Array; rows: number; seed: number },
): Noise {
  const { draw, shares, rows, seed } = options;
  const random = openRandom("noise", "requested", seed);
  return noiseOf(() => totalVariation(draw(random, rows), shares));
}

/**
 * The noise of the ok rows: requests drawn anew, of which each is lost or pending with the same
 * chance, whatever it asks for.
 *
 * @param options `rows`: those asked for; `ok`: how many of them came out ok.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { acceptedNoise } from "./noise.ts";
 * const shares = Float64Array.of(0.5, 0.5);
 * const { mean } = acceptedNoise({ draw: () => shares, shares, rows: 1000, ok: 500, seed: 1 });
 * assert.ok(mean > 0.005 && mean < 0.02);
 * ```
 */
export function acceptedNoise(
  options: { draw: RequestDraw; shares: Float64Array; rows: number; ok: number; seed: number },
): Noise {
  const { draw, shares, rows, ok, seed } = options;
  const random = openRandom("noise", "accepted", seed);
  return noiseOf(() => {
    const counts = draw(random, rows).map((share) =>
      binomialDraw(random, Math.round(share * rows), ok / rows)
    );
    const sum = counts.reduce((total, count) => total + count, 0);
    // None left of a few rows: as far off as can be.
    return sum === 0 ? 1 : totalVariation(counts.map((count) => count / sum), shares);
  });
}

/**
 * The noise of the realised shares: requests drawn anew, and as many texts as were measured of each
 * request drawn anew from what it turns into where nothing is wrong. That is the smoothed shares of
 * what it did turn into, moved as little as can be (in Kullback–Leibler divergence) to where the
 * target comes out over all requests: see {@linkcode balancedShares}. So a model that leaks back and
 * forth without harm has its noise, and one that always does as asked has next to none.
 *
 * @param options `counts`: measured rows by value and class; `weights`: what is drawn for, by value;
 * `target`: by value; `places`: of these values in what `draw` gives; `rows`: those planned.
 * @returns Null where nothing that is wanted was measured.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { realisedNoise } from "./noise.ts";
 * const half = Float64Array.of(0.5, 0.5);
 * const even = { draw: () => half, rows: 1000, seed: 1 };
 * const options = { weights: half, target: half, places: [0, 1], ...even };
 * const perfect = realisedNoise(Float64Array.of(500, 0, 0, 0, 0, 500, 0, 0), options);
 * const leaky = realisedNoise(Float64Array.of(400, 100, 0, 0, 100, 400, 0, 0), options);
 * assert.ok((perfect?.p95 ?? 1) < 0.001 && (leaky?.mean ?? 0) > 0.005);
 * ```
 */
export function realisedNoise(
  counts: Float64Array,
  options: {
    weights: Float64Array;
    target: Float64Array;
    places: readonly number[];
    draw: RequestDraw;
    rows: number;
    seed: number;
  },
): Noise | null {
  const { places, draw, seed } = options;
  const values = options.weights.length;
  const classes = counts.length / values;
  const rows = rowsByValue(counts, values);
  const weights = measuredWeights(options.weights, rows);
  const target = measuredWeights(options.target, rows);
  if (weights === null || target === null) return null;
  const aimed = new Float64Array(classes);
  aimed.set(target);
  const shares = balancedShares(smoothedShares(counts, { values }), { weights, target: aimed });
  const outcomes = Array.from(weights, (_, r) => {
    const own = shares.subarray(r * classes, (r + 1) * classes);
    // The largest first, so that most draws have no rows left after a few classes.
    const order = Array.from(own.keys()).filter((k) => own[k]! > 0)
      .sort((a, b) => own[b]! - own[a]!);
    return { order, shares: Float64Array.from(order, (k) => own[k]!) };
  });
  const random = openRandom("noise", "realised", seed);
  return noiseOf(() => {
    const asked = draw(random, options.rows);
    const drawn = measuredWeights(Float64Array.from(places, (place) => asked[place]!), rows);
    if (drawn === null) return 1;
    const realised = new Float64Array(classes);
    for (let r = 0; r < values; r++) {
      if (drawn[r] === 0) continue;
      const { order, shares } = outcomes[r]!;
      const made = multinomialDraw(random, rows[r]!, shares);
      for (let i = 0; i < order.length; i++) {
        realised[order[i]!]! += drawn[r]! * made[i]! / rows[r]!;
      }
    }
    return totalVariation(realised, aimed);
  });
}

/**
 * What requests turn into, moved so that the target comes out of them: of all P with Σ_r w_r P_rk =
 * t_k the one nearest to the given shares in Kullback–Leibler divergence. It has the form
 * P_rk ∝ a_r P⁰_rk b_k, found by scaling rows and columns in turn (Deming & Stephan 1940, "On a least
 * squares adjustment of a sampled frequency table", Annals of Mathematical Statistics 11).
 *
 * @param shares By value and class, each value's with the sum 1.
 * @param options `weights` of the requests and `target` of the classes, each with the sum 1.
 * @returns Laid out as `shares`. Where a target can't be reached, as near to it as scaling comes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { balancedShares } from "./noise.ts";
 * const half = Float64Array.of(0.5, 0.5);
 * const shares = balancedShares(Float64Array.of(0.9, 0.1, 0.3, 0.7), { weights: half, target: half });
 * const [first = 0, , third = 0] = shares;
 * assert.ok(Math.abs(first + third - 1) < 1e-6);
 * ```
 */
export function balancedShares(
  shares: Float64Array,
  { weights, target }: { weights: Float64Array; target: Float64Array },
): Float64Array {
  const balanced = shares.slice();
  const classes = target.length;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const made = new Float64Array(classes);
    for (let cell = 0; cell < balanced.length; cell++) {
      made[cell % classes]! += weights[Math.floor(cell / classes)]! * balanced[cell]!;
    }
    if (totalVariation(made, target) < NEAR_ENOUGH) break;
    for (let r = 0; r < weights.length; r++) {
      const own = balanced.subarray(r * classes, (r + 1) * classes);
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        if (made[k]! > 0) own[k]! *= target[k]! / made[k]!;
        sum += own[k]!;
      }
      // A value whose classes are all unwanted turns into what it did before.
      if (sum > 0) { for (let k = 0; k < classes; k++) own[k]! /= sum; }
      else own.set(shares.subarray(r * classes, (r + 1) * classes));
    }
  }
  return balanced;
}

const MOST_ROUNDS = 1000;
const NEAR_ENOUGH = 1e-8;

function noiseOf(distance: () => number): Noise {
  const distances = Float64Array.from({ length: RESAMPLES }, distance).sort();
  return {
    mean: distances.reduce((sum, each) => sum + each, 0) / RESAMPLES,
    p95: quantileSorted(distances, 0.95),
  };
}
