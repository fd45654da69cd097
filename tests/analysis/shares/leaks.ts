import { evenBelow } from "../../../src/analysis/shares/request_draws.ts";
import { binomialDraw, multinomialDraw } from "../../../src/stats/draws.ts";

/** Weights of so many values, from common to rare, with the sum 1. */
export function unequalWeights(values: number): Float64Array {
  const weights = Float64Array.from({ length: values }, (_, i) => 1 / (1 + i) ** 0.8);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * What each value turns into: `leak` of its rows into any value by its weight, so that all come out as
 * often as they are asked for; then `shift` of all rows into the first value. None is none or other.
 */
export function leakyShares(
  weights: Float64Array,
  { leak, shift = 0 }: { leak: number; shift?: number },
): Float64Array {
  const classes = weights.length + 2;
  const shares = new Float64Array(weights.length * classes);
  for (let r = 0; r < weights.length; r++) {
    for (let k = 0; k < weights.length; k++) {
      const balanced = (r === k ? 1 - leak : 0) + leak * weights[k]!;
      shares[r * classes + k] = (1 - shift) * balanced + (k === 0 ? shift : 0);
    }
  }
  return shares;
}

/** Rows that come of a plan: asked for by value, ok of these, and what those turn into. */
export function outcomesOf(
  random: () => number,
  options: {
    rows: number;
    weights: Float64Array;
    shares: Float64Array;
    /** By value. */
    survival: (value: number) => number;
    even: boolean;
  },
): { asked: Float64Array; ok: Float64Array; counts: Float64Array } {
  const { rows, weights, shares, survival, even } = options;
  const asked = even ? evenRows(random, rows, weights) : Float64Array.from(
    multinomialDraw(random, rows, weights),
  );
  const ok = asked.map((count, r) => binomialDraw(random, count, survival(r)));
  const classes = shares.length / weights.length;
  const counts = new Float64Array(shares.length);
  for (let r = 0; r < weights.length; r++) {
    const own = shares.subarray(r * classes, (r + 1) * classes);
    counts.set(multinomialDraw(random, ok[r]!, own), r * classes);
  }
  return { asked, ok, counts };
}

function evenRows(random: () => number, rows: number, weights: Float64Array): Float64Array {
  let sum = 0;
  const points = weights.slice(0, -1).map((weight) => sum += weight);
  const below = evenBelow(random, { rows, points });
  return weights.map((_, i) => (below[i] ?? rows) - (below[i - 1] ?? 0));
}
