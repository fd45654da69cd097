import assert from "node:assert/strict";
import {
  confusionOf,
  measuredWeights,
  realisedShares,
  smoothedShares,
  withoutMistakes,
} from "../../../src/analysis/shares/realised.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { leakyShares, outcomesOf, unequalWeights } from "./leaks.ts";

Deno.test('confusionOf() counts labels by request, leaves out what can\'t be measured, and tells "" apart', () => {
  const attribute = {
    stem: "language",
    values: ["", "Faroese", "Swedish", "Danish"],
    codes: Uint16Array.of(2, 2, 2, 3, 3, 0, 1, 2),
    isLanguage: true,
  };
  const confusion = confusionOf({
    attribute: "language",
    by: "eld",
    // In an order of its own.
    classes: ["Danish", "Swedish", "none", "other"],
    of: Int32Array.of(1, 1, 0, 0, 3, 2, 1, -1),
  }, attribute);
  assert.deepEqual(confusion.values, ["Danish", "Swedish"]);
  assert.deepEqual([...confusion.counts], [1, 0, 0, 1, 1, 2, 0, 0]);
  assert.deepEqual([...confusion.unasked], [0, 0, 1, 0]);
});

Deno.test("realisedShares() weights each request's texts as the requests were, however many were measured", () => {
  // 10 texts of a value that 80 % asked for, 1,000 of one that 20 % did.
  const counts = Float64Array.of(9, 1, 0, 0, 0, 900, 50, 50);
  const realised = realisedShares(counts, { weights: Float64Array.of(8, 2) });
  const rounded = [...realised?.shares ?? []].map((share) => share.toFixed(4));
  assert.deepEqual(rounded, ["0.7200", "0.2600", "0.0100", "0.0100"]);
});

Deno.test("realisedShares() gives the weight of values without measured rows to the others", () => {
  const counts = Float64Array.of(0, 0, 0, 0, 0, 0, 30, 10, 0, 0, 0, 10, 0, 0, 0);
  const realised = realisedShares(counts, { weights: Float64Array.of(0.5, 0.25, 0.25) });
  assert.deepEqual([...realised?.shares ?? []], [0, 0.375 + 0.5, 0.125, 0, 0]);
  assert.equal(realisedShares(new Float64Array(15), { weights: Float64Array.of(1, 1, 1) }), null);
});

Deno.test("realisedShares() covers the truth 93 times of 100 and more, also near 0 and 1", () => {
  const random = openRandom("coverage", 1);
  for (
    const [values, rows, leak] of [
      [2, 100, 0.01],
      [5, 200, 0.02],
      [5, 500, 0.15],
      [5, 500, 0.5],
      [28, 600, 0.02],
      [28, 2000, 0.15],
    ] as const
  ) {
    const weights = unequalWeights(values);
    const shares = leakyShares(weights, { leak });
    const classes = values + 2;
    const reps = 200;
    const inside = new Float64Array(classes);
    for (let rep = 0; rep < reps; rep++) {
      const made = outcomesOf(random, {
        rows,
        weights,
        shares,
        survival: () => 1,
        even: rep % 2 === 0,
      });
      const asked = measuredWeights(made.asked, made.asked);
      const realised = realisedShares(made.counts, { weights: made.asked });
      assert.ok(realised && asked);
      for (let k = 0; k < classes; k++) {
        let truth = 0;
        for (let r = 0; r < values; r++) truth += asked[r]! * shares[r * classes + k]!;
        const { low, high } = realised.intervals[k]!;
        assert.ok(low <= realised.shares[k]! && realised.shares[k]! <= high);
        if (truth >= low - 1e-12 && truth <= high + 1e-12) inside[k]! += 1;
      }
    }
    const name = `${values} values, ${rows} rows, leak ${leak}`;
    const mean = inside.reduce((sum, n) => sum + n, 0) / (reps * classes);
    assert.ok(mean >= 0.93, `${name}: ${mean}`);
    // The worst of up to 30 values: 3.5 standard errors of 200 draws below .95.
    assert.ok(Math.min(...inside) / reps >= 0.895, `${name}: ${Math.min(...inside) / reps}`);
  }
});

Deno.test("realisedShares() keeps intervals narrow where nothing leaks, and never empty", () => {
  const weights = Float64Array.of(0.7, 0.3);
  const perfect = realisedShares(Float64Array.of(700, 0, 0, 0, 0, 300, 0, 0), { weights });
  const [first, second, none] = perfect?.intervals ?? [];
  assert.ok(first && second && none);
  assert.ok(first.low < 0.7 && first.high > 0.7 && first.high - first.low < 0.01);
  assert.ok(none.low === 0 && none.high > 0.002 && none.high < 0.008, String(none.high));
  // A single row of each leaves nearly all open.
  const rare = realisedShares(Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0), { weights });
  assert.ok(rare?.intervals[0]?.low === 0 || (rare?.intervals[0]?.low ?? 1) < 0.15);
});

Deno.test("realisedShares() isn't sure of a request that never leaked in a few rows", () => {
  const weights = Float64Array.of(1, 1, 1);
  // The first class is lent 1 in 1,000 rows by the third value, none in 5 by the second.
  const counts = (second: number) =>
    Float64Array.of(9, 0, 0, 0, 0, 0, second, 0, 0, 0, 1, 0, 999, 0, 0);
  const high = (second: number) => {
    const realised = realisedShares(counts(second), { weights });
    assert.ok(realised);
    // What comes of the other two values alone: none of either is the fourth class.
    return realised.intervals[0]!.high - realised.shares[0]!;
  };
  assert.ok(high(5) > 0.01 && high(5) > 3 * high(5000), `${high(5)}, ${high(5000)}`);
});

Deno.test("smoothedShares() draws rare requests towards coming out as asked and common ones hardly", () => {
  const counts = Float64Array.of(900, 100, 0, 0, 0, 2, 0, 0);
  const shares = smoothedShares(counts, { values: 2 });
  for (const r of [0, 1]) {
    const sum = shares.subarray(4 * r, 4 * r + 4).reduce((total, share) => total + share, 0);
    assert.ok(Math.abs(sum - 1) < 1e-12);
  }
  assert.ok(Math.abs(shares[1]! - 0.1) < 0.001);
  // Five rows more: e = 101 / 1004 of them spread as all classes, 900 of 1,002 in the first.
  assert.ok(Math.abs(shares[4]! - 5 / 7 * 101 / 1004 * 900 / 1002) < 1e-12);
  assert.deepEqual([shares[2], shares[3], shares[6]], [0, 0, 0]);
});

Deno.test("realisedShares() is as much wider as texts may be taken for other values", () => {
  const counts = Float64Array.of(90, 10, 0, 0, 5, 190, 0, 5);
  const weights = Float64Array.of(0.25, 0.75);
  const sure = realisedShares(counts, { weights });
  const unsure = realisedShares(counts, { weights, errors: Float64Array.of(0.04, 0.02) });
  assert.deepEqual(unsure?.shares, sure?.shares);
  const wider = unsure?.intervals.map(({ low, high }, k) => {
    const { low: before = NaN, high: after = NaN } = sure?.intervals[k] ?? {};
    return [before - low, high - after].map((each) => each.toFixed(6));
  });
  // Of the first .25 × .04 may be taken for the second, of that .75 × .02 for the first.
  assert.deepEqual(wider, [
    ["0.015000", "0.010000"],
    ["0.010000", "0.015000"],
    ["0.000000", "0.000000"],
    ["0.000000", "0.000000"],
  ]);
});

Deno.test("withoutMistakes() gives back what can be mistakes, of other values and of other", () => {
  const counts = Float64Array.of(80, 8, 2, 5, 5, 1, 97, 0, 0, 2, 0, 0, 50, 0, 0);
  const given = withoutMistakes(counts, { errors: Float64Array.of(0.05, 0.03, 0.5) });
  // Of 100 up to 5 of the 10 that are other values and the 5 that are other; none stays none.
  assert.deepEqual([...given], [90, 4, 1, 5, 0, 0, 100, 0, 0, 0, 0, 0, 50, 0, 0]);
});
