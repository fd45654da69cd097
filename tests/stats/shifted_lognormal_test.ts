import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { normalCdf } from "../../src/stats/normal.ts";
import { shiftedLognormal } from "../../src/stats/shifted_lognormal.ts";

const parameters = fc.record({
  mean: fc.double({ min: -1, max: 5, noNaN: true }),
  sigma: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
  shift: fc.double({ min: -20, max: 20, noNaN: true }),
});
const example = { mean: 2.5, sigma: 0.75, shift: 2 };

Deno.test("pmf adds up to cdf, and to 1 up to max", () => {
  fc.assert(fc.property(parameters, fc.integer({ min: 25, max: 300 }), (given, max) => {
    // Where next to nothing lies below the cut there is nothing to renormalise.
    fc.pre(shiftedLognormal(given).cdf(max) > 1e-3);
    const { pmf, cdf } = shiftedLognormal(given, { max });
    let sum = 0;
    for (let k = 1; k <= max; k++) {
      sum += pmf(k);
      assert.ok(Math.abs(sum - cdf(k)) < 1e-12, `at ${k}`);
    }
    assert.ok(Math.abs(sum - 1) < 1e-12);
    assert.deepEqual([cdf(max), cdf(max + 1), pmf(max + 1), pmf(0), pmf(2.5)], [1, 1, 0, 0, 0]);
  }));
});

Deno.test("cdf is the chance that the continuous value is below the next whole number", () => {
  const { cdf, pmf } = shiftedLognormal(example);
  assert.equal(cdf(1), 0);
  assert.equal(cdf(14), normalCdf((Math.log(15 - 2) - 2.5) / 0.75));
  assert.equal(cdf(14.9), cdf(14));
  assert.ok(Math.abs(pmf(14) - (cdf(14) - cdf(13))) < 1e-15);
});

Deno.test("a cut divides what is left by its mass", () => {
  const whole = shiftedLognormal(example);
  const cut = shiftedLognormal(example, { max: 20 });
  for (const k of [3, 10, 20]) {
    assert.ok(Math.abs(cut.pmf(k) - whole.pmf(k) / whole.cdf(20)) < 1e-15);
  }
});

Deno.test("quantile is the first value whose cdf is above u", () => {
  const max = fc.option(fc.integer({ min: 25, max: 80 }));
  const u = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(parameters, max, u, (given, max, u) => {
    const { quantile, cdf } = shiftedLognormal(given, { max });
    const k = quantile(u);
    assert.ok(Number.isInteger(k) && k >= 1 && k <= (max ?? Infinity));
    // u may lie on a step of the cdf but for rounding.
    assert.ok(cdf(k) >= u - 1e-9, `${cdf(k)} at ${k}`);
    if (k > 1) assert.ok(cdf(k - 1) <= u + 1e-9, `${cdf(k - 1)} at ${k - 1}`);
  }));
});

Deno.test("what a negative shift pushes below 1 is 1", () => {
  const { pmf, quantile, cdf } = shiftedLognormal({ mean: 1, sigma: 1, shift: -10 });
  assert.equal(quantile(0), 1);
  assert.equal(quantile(0.5), 1);
  assert.equal(pmf(1), normalCdf(Math.log(12) - 1));
  assert.equal(pmf(1), cdf(1));
});

Deno.test("mean is the sum of k · pmf(k)", () => {
  for (const max of [null, 30, 400]) {
    for (
      const given of [example, { mean: 1, sigma: 1, shift: -4 }, { mean: 3, sigma: 0.01, shift: 9 }]
    ) {
      const { pmf, mean } = shiftedLognormal(given, { max });
      let sum = 0;
      for (let k = 1; k <= (max ?? 20_000); k++) sum += k * pmf(k);
      assert.ok(Math.abs(mean() / sum - 1) < 1e-7, `${mean()}, not ${sum}`);
    }
  }
});

Deno.test("mean of a wide distribution agrees with the continuous one's", () => {
  // Floor takes off one half on average where the density is flat.
  const { mean } = shiftedLognormal({ mean: 8, sigma: 1.2, shift: 100 });
  assert.ok(Math.abs(mean() - (100 + Math.exp(8 + 0.72) - 0.5)) < 1e-3);
  const { mean: meanOfCut, pmf } = shiftedLognormal({ mean: 8, sigma: 1.2, shift: 0 }, {
    max: 9000,
  });
  let sum = 0;
  for (let k = 1; k <= 9000; k++) sum += k * pmf(k);
  assert.ok(Math.abs(meanOfCut() - sum) < 1e-3, `${meanOfCut()}, not ${sum}`);
});

Deno.test("parameters out of their range are refused", () => {
  assert.throws(() => shiftedLognormal({ ...example, sigma: 0 }), RangeError);
  assert.throws(() => shiftedLognormal({ ...example, mean: NaN }), RangeError);
  assert.throws(() => shiftedLognormal({ ...example, shift: Infinity }), RangeError);
  assert.throws(() => shiftedLognormal(example, { max: 0 }), RangeError);
  assert.throws(() => shiftedLognormal({ ...example, shift: 50 }, { max: 10 }), RangeError);
});
