import { totalVariation } from "../../stats/distance.ts";
import { binomialDraw } from "../../stats/draws.ts";
import type { Interval } from "../../stats/intervals.ts";
import { quantileSorted } from "../../stats/quantile.ts";
import { openRandom } from "../../stats/random_stream.ts";
import type { RequestDraw } from "./request_draws.ts";

/**
 * By how much shares may be off: the 95 % point of the total variation between draws of what is known
 * of them and the shares. By the triangle inequality a distance from a target that is larger than a
 * tolerance by more than this is a false alarm in at most 5 of 100 runs.
 *
 * @param draws Draw after draw, a share for each class.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { error95Of } from "./error95.ts";
 * assert.equal(error95Of(Float64Array.of(0.6, 0.4, 0.6, 0.4), [0.5, 0.5]).toFixed(3), "0.100");
 * ```
 */
export function error95Of(draws: Float64Array, shares: ArrayLike<number>): number {
  const classes = shares.length;
  const distances = Float64Array.from(
    { length: draws.length / classes },
    (_, draw) => totalVariation(draws.subarray(draw * classes, (draw + 1) * classes), shares),
  ).sort();
  return quantileSorted(distances, 0.95);
}

/** Draws of the accepted shares. */
const DRAWS = 400;

/** Rows as which the survival of all rows counts towards that of each value. */
const PRIOR_ROWS = 5;

/**
 * By how much the shares of the ok rows may be off those of another run of the same kind: requests are
 * drawn anew, evenly where they were, and each is lost as often as the rows of its value were. Values
 * that lost none so far are drawn towards the losses of all.
 *
 * @param options `shares`: what was drawn for, by value; `asked`: rows that have a record, and `ok`:
 * those of them that are ok, likewise.
 * @returns `error95` as of {@linkcode error95Of}, and the 95 % interval of each value's share; null
 * where no row is ok.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { acceptedError } from "./error95.ts";
 * const half = Float64Array.of(0.5, 0.5);
 * const options = { draw: () => half, shares: half, asked: Float64Array.of(500, 500), seed: 1 };
 * const some = acceptedError({ ...options, ok: Float64Array.of(500, 300) });
 * const none = acceptedError({ ...options, ok: Float64Array.of(0, 0) });
 * assert.ok(some && some.error95 > 0.005 && some.error95 < 0.03 && none === null);
 * ```
 */
export function acceptedError(
  options: {
    draw: RequestDraw;
    shares: Float64Array;
    asked: Float64Array;
    ok: Float64Array;
    seed: number;
  },
): { error95: number; intervals: Interval[] } | null {
  const { draw, shares, asked, ok, seed } = options;
  const rows = sumOf(asked);
  const survived = sumOf(ok);
  if (survived === 0) return null;
  const all = (survived + 1) / (rows + 2);
  const survival = ok.map((count, r) => (count + PRIOR_ROWS * all) / (asked[r]! + PRIOR_ROWS));
  const expected = withSumOne(shares.map((share, r) => share * survival[r]!));
  const random = openRandom("error", "accepted", seed);
  const values = shares.length;
  const draws = new Float64Array(DRAWS * values);
  for (let each = 0; each < DRAWS; each++) {
    const requested = draw(random, rows);
    const came = requested.map((share, r) =>
      binomialDraw(random, Math.round(share * rows), survival[r]!)
    );
    // None left of a few rows tells nothing: as if all had come as expected.
    draws.set(sumOf(came) === 0 ? expected : withSumOne(came), each * values);
  }
  const intervals = Array.from(ok, (count, r): Interval => {
    const own = Float64Array.from({ length: DRAWS }, (_, each) => draws[each * values + r]!).sort();
    const moved = count / survived - expected[r]!;
    const [low, high] = [0.025, 0.975].map((p) =>
      Math.min(1, Math.max(0, quantileSorted(own, p) + moved))
    );
    return { low: low!, high: high! };
  });
  return { error95: error95Of(draws, expected), intervals };
}

function withSumOne(shares: Float64Array): Float64Array {
  const sum = sumOf(shares);
  return shares.map((share) => share / sum);
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, each) => sum + each, 0);
}
