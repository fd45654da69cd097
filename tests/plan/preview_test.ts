import assert from "node:assert/strict";
import { preview } from "../../src/plan/preview.ts";
import { wilson } from "../../src/stats/intervals.ts";
import { item } from "./configs.ts";

const tone = [
  item("", { score: 70 }),
  item("Angry", { score: 28 }),
  item("Sad", { score: 2 }),
  item("x", { score: 0 }),
];
const length = { mean: 2.5, sigma: 0.75, shift: 2, max: 60, draw: null };

Deno.test("preview tells what rows buy: expected rows and margins of error", () => {
  const { count, attributes } = preview({ attributes: { tone }, length: null }, { count: 1000 });
  assert.equal(count, 1000);
  const [only] = attributes;
  assert.deepEqual([only!.stem, only!.values, only!.corrected], ["tone", 3, false]);
  assert.equal(only!.largest.value, "");
  assert.equal(only!.rarest.value, "Sad");
  assert.ok(Math.abs(only!.rarest.rows - 20) < 1e-9);
  const share = wilson(700, 1000);
  assert.ok(Math.abs(only!.largest.shareMargin - (share.high - share.low) / 2) < 1e-12);
  const rate = wilson(10, 20);
  assert.ok(Math.abs(only!.rarest.rateMargin - (rate.high - rate.low) / 2) < 1e-12);
});

Deno.test("preview says which attributes and lengths are drawn with a correction", () => {
  const corrected = (factors: number[], score = 1) =>
    preview(
      {
        attributes: {
          tone: factors.map((factor, i) => item(`${i}`, { factor, score: i === 0 ? score : 1 })),
        },
        length: null,
      },
      { count: 10 },
    ).attributes[0]!.corrected;
  assert.equal(corrected([1, 1]), false);
  assert.equal(corrected([1, 1.7]), true);
  // Equal factors cancel out, and a value that isn't wanted has no say.
  assert.equal(corrected([2, 2]), false);
  assert.equal(corrected([5, 1, 1], 0), false);

  const draw = { mean: 3, sigma: 0.75, shift: 2 };
  const config = { attributes: { tone }, length };
  assert.equal(preview(config, { count: 1 }).length!.corrected, false);
  assert.equal(
    preview({ ...config, length: { ...length, draw } }, { count: 1 }).length!.corrected,
    true,
  );
});

Deno.test("preview tells the middle and the ends of the lengths", () => {
  const config = { attributes: { tone }, length };
  assert.deepEqual(preview(config, { count: 1 }).length, {
    low: 5,
    median: 13,
    high: 39,
    max: 60,
    corrected: false,
  });
});

Deno.test("preview of no rows knows nothing, and doesn't fail", () => {
  const [only] = preview({ attributes: { tone }, length: null }, { count: 0 }).attributes;
  assert.deepEqual([only!.rarest.rows, only!.rarest.shareMargin], [0, 0.5]);
});
