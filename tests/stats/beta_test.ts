import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { betaCdf, betaLogitQuantile, betaQuantile } from "../../src/stats/beta.ts";
import reference from "./beta_reference.json" with { type: "json" };

Deno.test("betaCdf agrees with scipy, in both tails and for counts up to 5e7", () => {
  assert.ok(reference.cdf.some(([, a, b]) => a! + b! > 5e7));
  for (const [x, a, b, p] of reference.cdf) {
    const got = betaCdf(x!, a!, b!);
    assert.ok(Math.abs(got - p!) <= 1e-9 * p!, `at ${x} of (${a}, ${b}): ${got}, not ${p}`);
  }
});

Deno.test("betaQuantile agrees with scipy down to p = 1e-300", () => {
  assert.ok(reference.quantile.some(([p]) => p === 1e-300));
  for (const [p, a, b, x] of reference.quantile) {
    const got = betaQuantile(p!, a!, b!);
    assert.ok(Math.abs(got / x! - 1) < 1e-9, `at ${p} of (${a}, ${b}): ${got}, not ${x}`);
  }
});

Deno.test("betaQuantile has closed forms where a or b is 1", () => {
  for (const p of [1e-200, 5e-14, 5e-7, 0.2, 0.5, 0.9]) {
    for (const n of [1, 7, 1e5, 1e6]) {
      const low = betaQuantile(p, 1, n);
      assert.ok(Math.abs(low / -Math.expm1(Math.log1p(-p) / n) - 1) < 1e-10, `${p}, ${n}: ${low}`);
      const high = betaQuantile(p, n, 1);
      assert.ok(Math.abs(high / p ** (1 / n) - 1) < 1e-10, `${p}, ${n}: ${high}`);
    }
  }
});

Deno.test("betaLogitQuantile tells quantiles apart that are next to 1", () => {
  // x = p^(1/a), so 1 - x = -expm1(ln(p) / a).
  const got = betaLogitQuantile(0.3, 1e12, 1);
  const one = -Math.expm1(Math.log(0.3) / 1e12);
  assert.ok(Math.abs(got + Math.log(one)) < 1e-9, `${got}`);
});

Deno.test("betaCdf undoes betaQuantile", () => {
  const shape = fc.double({ min: 0.05, max: 1e5, noNaN: true });
  const p = fc.double({ min: 1e-12, max: 0.999, noNaN: true });
  fc.assert(fc.property(p, shape, shape, (p, a, b) => {
    const x = betaQuantile(p, a, b);
    // Near 1 a double can't hold the quantile closely enough.
    fc.pre(x < 0.99);
    assert.ok(Math.abs(betaCdf(x, a, b) / p - 1) < 1e-8, `${betaCdf(x, a, b)}`);
  }));
});

Deno.test("the ends of the beta distribution are exact", () => {
  assert.deepEqual([betaCdf(0, 2, 3), betaCdf(1, 2, 3)], [0, 1]);
  assert.deepEqual([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)], [0, 1]);
  // 2.5e-600 is no double.
  assert.equal(betaQuantile(1e-300, 0.5, 0.5), 0);
  for (const p of [-0.1, 1.1, NaN]) assert.throws(() => betaQuantile(p, 1, 1), RangeError);
  for (const x of [-0.1, 1.1, NaN]) assert.throws(() => betaCdf(x, 1, 1), RangeError);
  for (const a of [0, -1, NaN, Infinity]) {
    assert.throws(() => betaQuantile(0.5, a, 1), RangeError);
    assert.throws(() => betaCdf(0.5, 1, a), RangeError);
  }
});
