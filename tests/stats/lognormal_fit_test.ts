import assert from "node:assert/strict";
import { histogram } from "../../src/stats/histogram.ts";
import { fitLognormal } from "../../src/stats/lognormal_fit.ts";
import { nelderMead } from "../../src/stats/nelder_mead.ts";
import { openRandom } from "../../src/stats/random_stream.ts";
import { shiftedLognormal } from "../../src/stats/shifted_lognormal.ts";

const truth = { mean: 2.5, sigma: 0.75, shift: 2 };

function rowsOf(parameters: typeof truth, rows: number, seed: number): Float64Array {
  const { quantile } = shiftedLognormal(parameters);
  const random = openRandom(seed, "fit");
  return histogram(Array.from({ length: rows }, () => quantile(random())));
}

Deno.test("fitLognormal recovers 2.5, .75 and 2 from 1,000 rows without bias", () => {
  const runs = 40;
  const fits = Array.from({ length: runs }, (_, seed) => fitLognormal(rowsOf(truth, 1000, seed))!);
  // Standard deviations over 200 runs of another implementation.
  for (const [name, sd] of [["mean", 0.045], ["sigma", 0.03], ["shift", 0.32]] as const) {
    const errors = fits.map((fit) => fit[name] - truth[name]);
    const bias = errors.reduce((sum, error) => sum + error / runs, 0);
    assert.ok(Math.abs(bias) < 3 * sd / Math.sqrt(runs), `bias of ${name}: ${bias}`);
    const got = Math.sqrt(errors.reduce((sum, error) => sum + error * error / runs, 0));
    assert.ok(got > 0.6 * sd && got < 1.5 * sd, `sd of ${name}: ${got}`);
  }
});

Deno.test("fitLognormal finds what is at least as likely as the truth", () => {
  for (
    const parameters of [truth, { mean: 1, sigma: 1, shift: -3 }, {
      mean: 5,
      sigma: 0.4,
      shift: 30,
    }]
  ) {
    const counts = rowsOf(parameters, 500, 1);
    const { pmf } = shiftedLognormal(parameters);
    const wanted = counts.reduce((sum, n, k) => n === 0 ? sum : sum + n * Math.log(pmf(k)), 0);
    const fit = fitLognormal(counts)!;
    assert.ok(fit.logLikelihood >= wanted, JSON.stringify(fit));
    const { pmf: fitted } = shiftedLognormal(fit);
    const own = counts.reduce((sum, n, k) => n === 0 ? sum : sum + n * Math.log(fitted(k)), 0);
    assert.ok(Math.abs(own - fit.logLikelihood) < 1e-6);
  }
});

Deno.test("fitLognormal with a known shift is nearly mean and deviation of the logarithm", () => {
  const counts = rowsOf(truth, 3000, 2);
  const fit = fitLognormal(counts, { shift: 2 })!;
  const moment = (f: (log: number) => number): number =>
    counts.reduce((sum, n, k) => n === 0 ? sum : sum + n / 3000 * f(Math.log(k + 0.5 - 2)), 0);
  const mean = moment((log) => log);
  assert.equal(fit.shift, 2);
  assert.ok(Math.abs(fit.mean - mean) < 0.02);
  assert.ok(Math.abs(fit.sigma - Math.sqrt(moment((log) => (log - mean) ** 2))) < 0.02);
});

Deno.test("fitLognormal isn't led astray by one row", () => {
  const counts = new Float64Array(40_001);
  counts.set(rowsOf(truth, 1000, 3));
  const before = fitLognormal(counts)!;
  counts[40_000] = 1;
  const after = fitLognormal(counts)!;
  assert.ok(
    Math.abs(after.mean - before.mean) < 0.15 && Math.abs(after.sigma - before.sigma) < 0.15,
  );
});

Deno.test("fitLognormal is null where rows don't tell", () => {
  assert.equal(fitLognormal(histogram([])), null);
  assert.equal(fitLognormal(histogram([5, 5, 5, 6, 7])), null);
  assert.equal(fitLognormal(histogram([5, 6, 7, 8]), { shift: 6 }), null);
});

Deno.test("nelderMead finds the end of a bent valley", () => {
  const { point, value } = nelderMead(
    ([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2,
    [-1.2, 1],
    { tolerance: 1e-14 },
  );
  assert.ok(Math.abs(point[0]! - 1) < 1e-4 && Math.abs(point[1]! - 1) < 1e-4 && value < 1e-9);
});

Deno.test("nelderMead stays where the function is defined", () => {
  const { point } = nelderMead(([x]) => x! < 2 ? Infinity : x!, [5]);
  assert.ok(point[0]! >= 2 && point[0]! < 2.001);
});
