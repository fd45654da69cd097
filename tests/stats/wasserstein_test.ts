import assert from "node:assert/strict";
import { histogram } from "../../src/stats/histogram.ts";
import { openRandom } from "../../src/stats/random_stream.ts";
import { type ShiftedLognormal, shiftedLognormal } from "../../src/stats/shifted_lognormal.ts";
import { wasserstein, wassersteinInterval } from "../../src/stats/wasserstein.ts";

const target = shiftedLognormal({ mean: 2.5, sigma: 0.75, shift: 2 });

function rowsOf(truth: ShiftedLognormal, rows: number, random: () => number): Float64Array {
  return histogram(Array.from({ length: rows }, () => truth.quantile(random())));
}

/** Runs of 60 in which the 95 % interval holds the true distance. */
function covered(truth: ShiftedLognormal): number {
  let distance = 0;
  for (let k = 1; k < 2000; k++) distance += Math.abs(truth.cdf(k) - target.cdf(k));
  let held = 0;
  for (let run = 0; run < 60; run++) {
    const counts = rowsOf(truth, 1000, openRandom(run, "coverage"));
    const interval = wassersteinInterval(counts, target, {
      random: openRandom(run, "again"),
      resamples: 150,
    });
    const observed = wasserstein(counts, target);
    assert.ok(interval.low <= observed && observed <= interval.high);
    if (interval.low <= distance && distance <= interval.high) held++;
  }
  return held;
}

Deno.test("wasserstein is the sum of the differences of the distribution functions", () => {
  const counts = rowsOf(shiftedLognormal({ mean: 2, sigma: 0.5, shift: 3 }), 500, openRandom(1));
  let [sum, below] = [0, 0];
  for (let k = 0; k < 5000; k++) {
    below += (counts[k] ?? 0) / 500;
    sum += Math.abs(below - target.cdf(k));
  }
  assert.ok(Math.abs(wasserstein(counts, target) - sum) < 1e-4, `${sum}`);
  assert.throws(() => wasserstein(histogram([]), target), RangeError);
});

Deno.test("wasserstein of a shift is the shift", () => {
  const die = { cdf: (k: number) => Math.min(1, k / 6), mean: () => 3.5 };
  assert.ok(Math.abs(wasserstein(histogram([4, 5, 6, 7, 8, 9]), die) - 3) < 1e-12);
  assert.ok(wasserstein(histogram([1, 2, 3, 4, 5, 6]), die) < 1e-12);
  // 6 has to move as far as 12 by the half.
  assert.ok(
    Math.abs(wasserstein(histogram([3]), { cdf: (k) => k < 12 ? 0.5 : 1, mean: () => 6 }) - 6) <
      1e-12,
  );
});

Deno.test("wassersteinInterval holds 0 where nothing is wrong", () => {
  const held = covered(target);
  assert.ok(held >= 54, `${held} of 60`);
});

Deno.test("wassersteinInterval holds the true distance, and is far from 0 where that is large", () => {
  const truth = shiftedLognormal({ mean: 2.2, sigma: 0.75, shift: 2 });
  const held = covered(truth);
  assert.ok(held >= 53, `${held} of 60`);
  const { low, high } = wassersteinInterval(rowsOf(truth, 1000, openRandom(1)), target, {
    random: openRandom(2),
  });
  assert.ok(low > 3 && high < 6, `${low} to ${high}`);
});

Deno.test("wassersteinInterval of equal rows has no width but what the target adds", () => {
  const counts = histogram([12, 12, 12]);
  const { low, high } = wassersteinInterval(counts, target, { random: openRandom(1) });
  const observed = wasserstein(counts, target);
  assert.deepEqual([low, high], [observed, observed]);
});
