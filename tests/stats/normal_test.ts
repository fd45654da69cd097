import assert from "node:assert/strict";
import { normalCdf, normalQuantile } from "../../src/stats/normal.ts";
import reference from "./normal_reference.json" with { type: "json" };

/** |got / wanted - 1|, or |got| where 0 is wanted. */
function relativeError(got: number, wanted: number): number {
  return wanted === 0 ? Math.abs(got) : Math.abs(got / wanted - 1);
}

Deno.test("normalCdf agrees with 60-digit values, in the lower tail down to 1e-304", () => {
  assert.ok(reference.cdf.some(([, p]) => p! < 1e-300));
  for (const [x, p] of reference.cdf) {
    assert.ok(relativeError(normalCdf(x!), p!) < 2e-14, `at ${x}: ${normalCdf(x!)}, not ${p}`);
  }
});

Deno.test("normalQuantile agrees with 60-digit values, from 1e-300 to the last double below 1", () => {
  assert.ok(reference.quantile.some(([p]) => p === 1e-300));
  for (const [p, x] of reference.quantile) {
    assert.ok(relativeError(normalQuantile(p!), x!) < 2e-15, `at ${p}: not ${x}`);
  }
});

Deno.test("normalCdf is symmetric: the upper tail is one minus the lower", () => {
  for (let x = 0; x < 8; x += 0.0371) {
    assert.ok(Math.abs(normalCdf(x) + normalCdf(-x) - 1) < 3e-16, `at ${x}`);
  }
});

Deno.test("normalQuantile is symmetric", () => {
  // Powers of two, since 1 - p is exact for them.
  for (let p = 0.5; p > 1e-15; p /= 2) {
    assert.equal(normalQuantile(1 - p), p === 0.5 ? 0 : -normalQuantile(p), `at ${p}`);
  }
});

Deno.test("normalCdf undoes normalQuantile, far into the tail", () => {
  for (let p = 0.999; p > 1e-280; p *= 0.37) {
    // The relative error of p is that of x times x², about.
    const x = normalQuantile(p);
    assert.ok(relativeError(normalCdf(x), p) < 1e-15 * (10 + x * x), `at ${p}`);
  }
});

Deno.test("normalCdf rises, also where its two formulas meet", () => {
  for (const middle of [-2, 2]) {
    let last = 0;
    for (let x = middle - 1e-6; x < middle + 1e-6; x += 1e-9) {
      const p = normalCdf(x);
      assert.ok(p > last, `at ${x}`);
      last = p;
    }
  }
});

Deno.test("the ends of the normal distribution are exact", () => {
  assert.deepEqual([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(0)], [0, 1, 0.5]);
  assert.ok(Number.isNaN(normalCdf(NaN)));
  assert.deepEqual([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
  for (const p of [-0.1, 1.1, NaN]) assert.throws(() => normalQuantile(p), RangeError);
});
