import assert from "node:assert/strict";
import { lossTest, realisedTest } from "../../../src/analysis/shares/as_wanted.ts";
import { smoothedShares } from "../../../src/analysis/shares/realised.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { waldStatistic } from "../../../src/stats/wald.ts";
import { leakyShares, outcomesOf, unequalWeights } from "./leaks.ts";

/** How often the tests reject at .05. */
function rejected(
  options: {
    values: number;
    rows: number;
    leak: number;
    shift?: number;
    survival?: (value: number) => number;
    even: boolean;
    reps: number;
  },
): { realised: number; losses: number } {
  const { values, rows, leak, shift = 0, survival = () => 0.93, even, reps } = options;
  const random = openRandom("size", values, rows);
  const weights = unequalWeights(values);
  const shares = leakyShares(weights, { leak, shift });
  let [realised, losses] = [0, 0];
  for (let rep = 0; rep < reps; rep++) {
    const { asked, ok, counts } = outcomesOf(random, { rows, weights, shares, survival, even });
    const all = { weights, target: weights, survival: { asked, ok } };
    if ((realisedTest(counts, all)?.p ?? 1) < 0.05) realised++;
    if ((lossTest(all)?.p ?? 1) < 0.05) losses++;
  }
  return { realised: realised / reps, losses: losses / reps };
}

Deno.test("both tests reject 5 of 100 runs with nothing wrong", () => {
  for (const even of [true, false]) {
    for (
      const [values, rows, leak, reps] of [
        [5, 500, 0, 400],
        [5, 500, 0.02, 400],
        [5, 500, 0.15, 400],
        [5, 2000, 0.5, 400],
        [28, 2000, 0.1, 40],
      ] as const
    ) {
      const name = `${values} values, ${rows} rows, leak ${leak}, even ${even}`;
      const { realised, losses } = rejected({ values, rows, leak, even, reps });
      // .05 and three standard errors.
      const most = 0.05 + 3 * Math.sqrt(0.05 * 0.95 / reps);
      assert.ok(realised <= most, `${name}: ${realised}`);
      assert.ok(losses <= most, `${name}, losses: ${losses}`);
    }
  }
});

Deno.test("both tests find what is wrong", () => {
  // 85 % at 500 rows is what the test is known for.
  const shift = rejected({ values: 5, rows: 500, leak: 0.1, shift: 0.1, even: true, reps: 100 });
  assert.ok(shift.realised >= 0.85 && shift.losses < 0.12, JSON.stringify(shift));
  const more = rejected({ values: 28, rows: 2000, leak: 0.1, shift: 0.1, even: true, reps: 10 });
  assert.equal(more.realised, 1);
  // Faithful texts, but one value loses a third of its rows.
  const survival = (value: number) => value === 1 ? 0.64 : 0.96;
  const lost = rejected({ values: 5, rows: 500, leak: 0, survival, even: false, reps: 100 });
  assert.ok(lost.realised >= 0.95 && lost.losses >= 0.95, JSON.stringify(lost));
});

Deno.test("realisedTest() rejects 5 of 100 runs whose weights make up for unequal losses", () => {
  const random = openRandom("corrected", 1);
  const target = Float64Array.of(0.4, 0.3, 0.2, 0.1);
  const survives = [0.95, 0.5, 0.9, 0.7];
  const corrected = target.map((share, r) => share / survives[r]!);
  const sum = corrected.reduce((total, weight) => total + weight, 0);
  const weights = corrected.map((weight) => weight / sum);
  const shares = leakyShares(target, { leak: 0.1 });
  let rejections = 0;
  for (let rep = 0; rep < 400; rep++) {
    const survival = (r: number) => survives[r]!;
    const made = outcomesOf(random, { rows: 800, weights, shares, survival, even: true });
    if ((realisedTest(made.counts, { weights, target, survival: made })?.p ?? 1) < 0.05) {
      rejections++;
    }
  }
  assert.ok(rejections / 400 <= 0.083, String(rejections / 400));
});

Deno.test("realisedTest() rejects a fault that shows in each row, and takes no fault for none", () => {
  const weights = Float64Array.of(0.5, 0.5);
  const rows = Float64Array.of(100, 100);
  const options = { weights, target: weights, survival: { asked: rows, ok: rows } };
  const sure = realisedTest(Float64Array.of(100, 0, 0, 0, 100, 0, 0, 0), options);
  assert.ok(sure && sure.p < 1e-6 && Number.isFinite(sure.statistic));
  assert.equal(realisedTest(Float64Array.of(100, 0, 0, 0, 0, 100, 0, 0), options)?.p, 1);
  // What is wanted but never drawn, and comes of nothing else either.
  const never = realisedTest(Float64Array.of(100, 0, 0, 0, 0, 0, 0, 0), {
    ...options,
    weights: Float64Array.of(1, 0),
  });
  assert.ok(never?.p === 0 && Number.isFinite(never.statistic));
  assert.equal(realisedTest(new Float64Array(8), options), null);
});

Deno.test("realisedTest() weighs the differences as they are by the covariance of smoothed shares", () => {
  const weights = Float64Array.of(0.6, 0.4);
  const rows = Float64Array.of(60, 40);
  const counts = Float64Array.of(54, 6, 0, 0, 2, 38, 0, 0);
  const found = realisedTest(counts, {
    weights,
    target: weights,
    survival: { asked: rows, ok: rows },
  });
  // Of the first class: .6 · .9 + .4 · .05 - .6.
  const difference = -0.04;
  const shares = smoothedShares(counts, { values: 2 });
  const all = 101 / 102;
  const middle = 0.6 * shares[0]! + 0.4 * shares[4]!;
  const variance = [0, 1].reduce((sum, r) => {
    const own = shares[4 * r]!;
    return sum +
      weights[r]! ** 2 / rows[r]! * (own * (1 - own) + all * (1 - all) * (own - middle) ** 2);
  }, 0);
  assert.ok(found && found.df === 1);
  assert.ok(Math.abs(found.statistic / (difference ** 2 / variance) - 1) < 1e-9);
});

Deno.test("lossTest() is Wald's test with the covariance of the shares after losses", () => {
  const weights = Float64Array.of(0.5, 0.3, 0.2);
  const asked = Float64Array.of(500, 300, 200);
  const ok = Float64Array.of(450, 255, 196);
  const all = (901 + 1) / (1000 + 2);
  const kept = weights.map((weight, r) => weight * ok[r]! / asked[r]!);
  const mean = kept.reduce((sum, share) => sum + share, 0);
  const a = kept.map((share) => share / mean);
  // So unlike that the variance isn't that of one survival for all: drawn by its moments.
  const chiSquare = asked.reduce((sum, n, r) => sum + n * (ok[r]! / n - 0.901) ** 2, 0) /
    (0.901 * 0.099);
  const alike = (1000 - 380_000 / 1000 - 2) / (chiSquare - 2) - 1;
  const covariance = new Float64Array(9);
  for (let r = 0; r < 3; r++) {
    const own = (ok[r]! + alike * all) / (asked[r]! + alike);
    const variance = (weights[r]! / mean) ** 2 * own * (1 - own) / asked[r]!;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        covariance[i * 3 + j]! += variance * ((i === r ? 1 : 0) - a[i]!) *
          ((j === r ? 1 : 0) - a[j]!);
      }
    }
  }
  const expected = waldStatistic(a.map((share, r) => share - weights[r]!), covariance);
  const found = lossTest({ weights, survival: { asked, ok } });
  assert.ok(found && found.df === 2 && expected.df === 2);
  assert.ok(Math.abs(found.statistic / expected.statistic - 1) < 1e-9);
  assert.ok(Math.abs(found.p - expected.p) < 1e-12);
});

Deno.test("lossTest() says nothing of no rows and finds nothing wrong with no losses", () => {
  const weights = Float64Array.of(0.5, 0.5);
  const none = new Float64Array(2);
  assert.equal(lossTest({ weights, survival: { asked: none, ok: none } }), null);
  const all = Float64Array.of(50, 3);
  assert.equal(lossTest({ weights, survival: { asked: all, ok: all } })?.p, 1);
  // Rows of one value only: there is nothing to compare.
  const one = Float64Array.of(50, 0);
  assert.equal(lossTest({ weights, survival: { asked: one, ok: one } }), null);
});

Deno.test("realisedTest() hardly ever rejects what is right but for mistakes, and finds what is beyond them", () => {
  const random = openRandom("mistakes");
  const weights = Float64Array.of(0.7, 0.3);
  // All of it as asked, of which 3 % are taken for the other value, and 2 % for other.
  const shares = Float64Array.of(0.95, 0.03, 0, 0.02, 0.03, 0.95, 0, 0.02);
  const leaky = Float64Array.of(0.85, 0.13, 0, 0.02, 0.03, 0.95, 0, 0.02);
  let [raw, given, found] = [0, 0, 0];
  const reps = 200;
  for (let rep = 0; rep < reps; rep++) {
    const rows = 2000;
    const of = { rows, weights, survival: () => 1, even: true };
    const [made, leaked] = [shares, leaky].map((shares) => outcomesOf(random, { ...of, shares }));
    assert.ok(made && leaked);
    const options = { weights, target: weights, survival: { asked: made.asked, ok: made.ok } };
    const errors = Float64Array.of(0.03, 0.03);
    if (realisedTest(made.counts, options)!.p < 0.05) raw++;
    if (realisedTest(made.counts, { ...options, errors })!.p < 0.05) given++;
    if (realisedTest(leaked.counts, { ...options, errors })!.p < 0.05) found++;
  }
  assert.equal(raw, reps);
  assert.equal(found, reps);
  assert.ok(given <= 0.05 * reps, `${given}`);
});
