import assert from "node:assert/strict";
import { histogram } from "../../src/stats/histogram.ts";
import { kolmogorovSmirnov, kolmogorovSmirnovTest } from "../../src/stats/kolmogorov_smirnov.ts";
import { openRandom } from "../../src/stats/random_stream.ts";
import { shiftedLognormal } from "../../src/stats/shifted_lognormal.ts";

/** Runs of 150 that are rejected at 5 %. */
function rejected(
  rows: number,
  parameters: { mean: number; sigma: number; shift: number },
): number {
  const target = shiftedLognormal(parameters, { max: 5000 });
  let count = 0;
  for (let run = 0; run < 150; run++) {
    const random = openRandom(run, "rows", rows);
    const counts = histogram(Array.from({ length: rows }, () => target.quantile(random())));
    if (kolmogorovSmirnovTest(counts, target, { random, draws: 19 }) <= 0.05) count++;
  }
  return count;
}

Deno.test("kolmogorovSmirnov is the largest difference at the whole numbers", () => {
  const die = (k: number): number => Math.min(1, Math.max(0, k / 6));
  assert.ok(Math.abs(kolmogorovSmirnov(histogram([1, 2, 3, 4, 5, 6]), die)) < 1e-15);
  assert.ok(Math.abs(kolmogorovSmirnov(histogram([1, 1, 1, 6]), die) - (0.75 - 1 / 6)) < 1e-15);
  assert.ok(Math.abs(kolmogorovSmirnov(histogram([6]), die) - 5 / 6) < 1e-15);
  assert.throws(() => kolmogorovSmirnov(histogram([]), die), RangeError);
});

Deno.test("kolmogorovSmirnovTest rejects a correct generator 5 times of 100", () => {
  // 7.5 expected; 3 standard deviations are 8.
  const few = rejected(200, { mean: 2.5, sigma: 0.75, shift: 2 });
  assert.ok(few >= 1 && few <= 15, `${few} of 150`);
});

Deno.test("kolmogorovSmirnovTest keeps its level where it takes values together", () => {
  const wide = rejected(60, { mean: 6.5, sigma: 0.8, shift: 2 });
  assert.ok(wide >= 1 && wide <= 15, `${wide} of 150`);
});

Deno.test("kolmogorovSmirnovTest finds rows that are too short, however many the draws", () => {
  const target = shiftedLognormal({ mean: 2.5, sigma: 0.75, shift: 2 });
  const random = openRandom(1, "short");
  const counts = histogram(
    Array.from({ length: 500 }, () => Math.round(target.quantile(random()) * 0.8)),
  );
  assert.equal(kolmogorovSmirnovTest(counts, target, { random, draws: 199 }), 1 / 200);
});

Deno.test("kolmogorovSmirnovTest counts simulations that are exactly as far off", () => {
  // Half of all rows are 2, so a single row of 2 is .5 off, and no row can be nearer.
  const target = shiftedLognormal({ mean: 0, sigma: 0.5, shift: 2 });
  const random = openRandom(1, "ties");
  assert.equal(kolmogorovSmirnovTest(histogram([2]), target, { random, draws: 99 }), 1);
});
