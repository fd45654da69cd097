import assert from "node:assert/strict";
import { clopperPearson, wilson } from "../../src/stats/intervals.ts";
import exact from "./clopper_pearson_reference.json" with { type: "json" };
import reference from "./wilson_reference.json" with { type: "json" };

Deno.test("wilson agrees with scipy", () => {
  for (const [successes, n, confidence, low, high] of reference.rows) {
    const got = wilson(successes!, n!, { confidence: confidence! });
    assert.ok(Math.abs(got.low - low!) < 1e-12, `low of ${successes}/${n}: ${got.low}, not ${low}`);
    assert.ok(Math.abs(got.high - high!) < 1e-12, `high of ${successes}/${n}: ${got.high}`);
  }
});

Deno.test("wilson has a confidence of 95 % if not told otherwise", () => {
  assert.deepEqual(wilson(7, 19), wilson(7, 19, { confidence: 0.95 }));
});

Deno.test("wilson has exact ends at no and at all successes", () => {
  assert.equal(wilson(0, 10).low, 0);
  assert.equal(wilson(10, 10).high, 1);
  assert.ok(wilson(0, 10).high > 0.2 && wilson(10, 10).low < 0.8);
});

Deno.test("wilson ends where a two-sided test just rejects", () => {
  // The definition: (share - end)² = z² · end · (1 - end) / n.
  const { low, high } = wilson(13.5, 40, { confidence: 0.95 });
  for (const end of [low, high]) {
    const z = Math.abs(13.5 / 40 - end) / Math.sqrt(end * (1 - end) / 40);
    assert.ok(Math.abs(z - 1.959963984540054) < 1e-12);
  }
});

Deno.test("wilson knows nothing without rows", () => {
  assert.deepEqual(wilson(0, 0), { low: 0, high: 1 });
});

Deno.test("wilson refuses what can't be", () => {
  assert.throws(() => wilson(3, 2), RangeError);
  assert.throws(() => wilson(-1, 2), RangeError);
  assert.throws(() => wilson(NaN, 2), RangeError);
  assert.throws(() => wilson(1, -2), RangeError);
  assert.throws(() => wilson(1, 2, { confidence: 1 }), RangeError);
});

Deno.test("clopperPearson agrees with scipy", () => {
  for (const [successes, n, alpha, low, high] of exact.rows) {
    const got = clopperPearson(successes!, n!, { alpha: alpha! });
    // As close as scipy looks for the ends.
    assert.ok(Math.abs(got.low - low!) <= 1e-11, `low of ${successes}/${n}: ${got.low}`);
    assert.ok(Math.abs(got.high - high!) <= 1e-11, `high of ${successes}/${n}: ${got.high}`);
  }
});

Deno.test("clopperPearson splits an alpha of 5 % if not told otherwise, and refuses what can't be", () => {
  assert.deepEqual(clopperPearson(7, 19), clopperPearson(7, 19, { alpha: 0.05 }));
  assert.deepEqual(clopperPearson(0, 0), { low: 0, high: 1 });
  assert.throws(() => clopperPearson(3, 2), RangeError);
  assert.throws(() => clopperPearson(1, 2, { alpha: 0 }), RangeError);
});
