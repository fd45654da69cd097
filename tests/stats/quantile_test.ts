import assert from "node:assert/strict";
import { totalVariation } from "../../src/stats/distance.ts";
import { histogram, histogramQuantile } from "../../src/stats/histogram.ts";
import { quantileSorted } from "../../src/stats/quantile.ts";

Deno.test("quantileSorted interpolates as NumPy does", () => {
  const sorted = [1, 2, 4, 8, 16];
  assert.deepEqual([0, 0.1, 0.25, 0.5, 0.9, 1].map((p) => quantileSorted(sorted, p)), [
    1,
    1.4,
    2,
    4,
    12.8,
    16,
  ]);
  assert.equal(quantileSorted([7], 0.3), 7);
  assert.throws(() => quantileSorted([], 0.5), RangeError);
  assert.throws(() => quantileSorted([1], 1.5), RangeError);
});

Deno.test("histogramQuantile is the first value that enough rows don't exceed", () => {
  const counts = histogram([3, 3, 5, 9]);
  assert.deepEqual([0, 0.5, 0.51, 0.75, 0.76, 1].map((p) => histogramQuantile(counts, p)), [
    3,
    3,
    5,
    5,
    9,
    9,
  ]);
  // 0.07 · 100 is above 7.
  assert.equal(histogramQuantile(histogram(Array.from({ length: 100 }, (_, i) => i)), 0.07), 6);
  assert.throws(() => histogramQuantile(histogram([]), 0.5), RangeError);
  assert.throws(() => histogramQuantile(counts, -1), RangeError);
});

Deno.test("totalVariation is half of the differences", () => {
  assert.ok(Math.abs(totalVariation([0.2, 0.8], [0.5, 0.5]) - 0.3) < 1e-15);
  assert.equal(totalVariation([1, 0], [0, 1]), 1);
  assert.throws(() => totalVariation([1], [0.5, 0.5]), RangeError);
});
