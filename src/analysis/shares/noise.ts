import { totalVariation } from "../../stats/distance.ts";
import { binomialDraw, multinomialDraw } from "../../stats/draws.ts";
import { quantileSorted } from "../../stats/quantile.ts";
import { openRandom } from "../../stats/random_stream.ts";
import { meanOfDraws } from "./by_pair.ts";
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
 * request drawn anew from what it turns into (the smoothed shares). The distance is from where that
 * leads on the mean, so that what is wrong is taken out of every draw in the same way: q* - q̂ + t
 * against t. So a model that leaks back and forth without harm has its noise, and one that always does
 * as asked has next to none.
 *
 * What requests turn into isn't moved to where the target comes out of it (the nearest such shares are
 * found by scaling rows and columns in turn): few leaks that don't balance would then be made fewer,
 * and the 95 % point passed by 14 to 17 of 100 runs with nothing wrong, instead of by 5.
 *
 * @param counts Measured rows by value and class.
 * What the labels may mistake comes on top: it moves the shares in one direction, however many rows
 * there are.
 *
 * @param options `weights`: what is drawn for, by value; `places`: of these values in what `draw`
 * gives; `errors`: those of the labels, by value, none if not given; `rows`: those planned.
 * @returns Null where nothing that is drawn for was measured.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { realisedNoise } from "./noise.ts";
 * const half = Float64Array.of(0.5, 0.5);
 * const options = { weights: half, places: [0, 1], draw: () => half, rows: 1000, seed: 1 };
 * const perfect = realisedNoise(Float64Array.of(500, 0, 0, 0, 0, 500, 0, 0), options);
 * const leaky = realisedNoise(Float64Array.of(400, 100, 0, 0, 100, 400, 0, 0), options);
 * assert.ok((perfect?.p95 ?? 1) < 0.002 && (leaky?.mean ?? 0) > 0.005);
 * ```
 */
export function realisedNoise(
  counts: Float64Array,
  options: {
    weights: Float64Array;
    places: readonly number[];
    errors?: Float64Array | undefined;
    draw: RequestDraw;
    rows: number;
    seed: number;
  },
): Noise | null {
  const { places, errors, draw, seed } = options;
  const values = options.weights.length;
  const classes = counts.length / values;
  const rows = rowsByValue(counts, values);
  const weights = measuredWeights(options.weights, rows);
  if (weights === null) return null;
  const shares = smoothedShares(counts, { values });
  const expected = new Float64Array(classes);
  const outcomes = Array.from(weights, (weight, r) => {
    const own = shares.subarray(r * classes, (r + 1) * classes);
    for (let k = 0; k < classes; k++) expected[k]! += weight * own[k]!;
    // The largest first, so that most draws have no rows left after a few classes.
    const order = Array.from(own.keys()).filter((k) => own[k]! > 0)
      .sort((a, b) => own[b]! - own[a]!);
    return { order, shares: Float64Array.from(order, (k) => own[k]!) };
  });
  const random = openRandom("noise", "realised", seed);
  const mistaken = weights.reduce((sum, weight, r) => sum + weight * (errors?.[r] ?? 0), 0);
  const { mean, p95 } = noiseOf(() => {
    const asked = draw(random, options.rows);
    const drawn = measuredWeights(Float64Array.from(places, (place) => asked[place]!), rows);
    if (drawn === null) return 1;
    const realised = new Float64Array(classes);
    for (let r = 0; r < values; r++) {
      if (drawn[r] === 0) continue;
      const { order, shares } = outcomes[r]!;
      // An effective number of rows needn't be whole.
      const whole = Math.max(1, Math.round(rows[r]!));
      const made = multinomialDraw(random, whole, shares);
      for (let i = 0; i < order.length; i++) {
        realised[order[i]!]! += drawn[r]! * made[i]! / whole;
      }
    }
    return totalVariation(realised, expected);
  });
  return { mean: Math.min(1, mean + mistaken), p95: Math.min(1, p95 + mistaken) };
}

/**
 * The noise of shares that are estimated by pair: as {@linkcode realisedNoise}, but that what requests
 * turn into, and what the judge mistakes, is drawn from what is known of it. Requests drawn anew move
 * the shares by what the mean of those draws makes of them.
 *
 * @param draws Of the shares by pair, with `weights`.
 * @param options `kernel`: P(real | requested); `weights`: what is drawn for, by value, with the sum 1;
 * `places`: of these values in what `draw` gives; `rows`: those planned.
 */
export function pairNoise(
  draws: Float64Array,
  options: {
    kernel: Float64Array;
    weights: Float64Array;
    places: readonly number[];
    draw: RequestDraw;
    rows: number;
    seed: number;
  },
): Noise {
  const { kernel, weights, places, draw, rows, seed } = options;
  const classes = kernel.length / weights.length;
  const middle = meanOfDraws(draws, classes);
  const random = openRandom("noise", "by pair", seed);
  let next = 0;
  return noiseOf(() => {
    const asked = draw(random, rows);
    const own = Float64Array.from(places, (place) => asked[place]!);
    const sum = own.reduce((total, share) => total + share, 0);
    if (sum === 0) return 1;
    const shares = draws.slice(next * classes, (next + 1) * classes);
    next = (next + 1) % (draws.length / classes);
    for (const [r, share] of own.entries()) {
      const moved = share / sum - weights[r]!;
      for (let k = 0; k < classes; k++) shares[k]! += moved * kernel[r * classes + k]!;
    }
    return totalVariation(shares, middle);
  });
}

function noiseOf(distance: () => number): Noise {
  const distances = Float64Array.from({ length: RESAMPLES }, distance).sort();
  return {
    mean: distances.reduce((sum, each) => sum + each, 0) / RESAMPLES,
    p95: quantileSorted(distances, 0.95),
  };
}
