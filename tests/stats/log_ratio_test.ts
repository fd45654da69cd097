import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { conservativeLogRatio } from "../../src/stats/log_ratio.ts";
import { openRandom } from "../../src/stats/random_stream.ts";
import { binomialDraw } from "../../src/stats/draws.ts";
import reference from "./log_ratio_reference.json" with { type: "json" };

Deno.test("conservativeLogRatio agrees with the formula by scipy's beta quantiles", () => {
  for (const [f1, n1, f2, n2, confidence, tests, wanted] of reference.counts) {
    const got = conservativeLogRatio(
      { f1: f1!, n1: n1!, f2: f2!, n2: n2! },
      { confidence: confidence!, tests: tests! },
    );
    assert.ok(Math.abs(got - wanted!) <= 1e-9 * Math.max(1, Math.abs(wanted!)), `${f1}: ${got}`);
  }
});

Deno.test("conservativeLogRatio of a common term agrees with scipy's noncentral distribution", () => {
  for (const [f1, n1, f2, n2, alpha, wanted] of reference.odds) {
    const got = conservativeLogRatio(
      { f1: f1!, n1: n1!, f2: f2!, n2: n2! },
      { confidence: 1 - 2 * alpha! },
    );
    assert.ok(Math.abs(got - wanted!) < 1e-8, `${f1} of ${n1}, ${f2} of ${n2}: ${got}`);
  }
});

Deno.test("conservativeLogRatio turns its sign with the samples and lies between 0 and the ratio", () => {
  const counts = fc.record({
    n1: fc.integer({ min: 1, max: 5000 }),
    n2: fc.integer({ min: 1, max: 5000 }),
  })
    .chain(({ n1, n2 }) =>
      fc.record({
        f1: fc.integer({ min: 0, max: n1 }),
        n1: fc.constant(n1),
        f2: fc.integer({ min: 0, max: n2 }),
        n2: fc.constant(n2),
      })
    );
  fc.assert(fc.property(counts, fc.integer({ min: 1, max: 1000 }), ({ f1, n1, f2, n2 }, tests) => {
    const got = conservativeLogRatio({ f1, n1, f2, n2 }, { tests });
    assert.ok(Number.isFinite(got));
    assert.equal(got, 0 - conservativeLogRatio({ f1: f2, n1: n2, f2: f1, n2: n1 }, { tests }));
    if (got === 0) return;
    const plain = Math.log2(f1 / n1 / (f2 / n2));
    assert.equal(Math.sign(got), Math.sign(plain));
    assert.ok(Math.abs(got) < Math.abs(plain));
  }));
});

Deno.test("conservativeLogRatio of equal shares is above or below 0 in at most 5 % of samples", () => {
  const random = openRandom(1, "null");
  for (const share of [0.05, 0.6]) {
    let differ = 0;
    for (let i = 0; i < 1000; i++) {
      const [f1, f2] = [binomialDraw(random, 300, share), binomialDraw(random, 700, share)];
      if (conservativeLogRatio({ f1, n1: 300, f2, n2: 700 }) !== 0) differ++;
    }
    // 50 expected at most, and 3 standard deviations.
    assert.ok(differ > 10 && differ < 71, `${differ} of 1000 at ${share}`);
  }
});

Deno.test("conservativeLogRatio of nothing is 0, and impossible counts are refused", () => {
  assert.equal(conservativeLogRatio({ f1: 0, n1: 10, f2: 0, n2: 20 }), 0);
  assert.equal(conservativeLogRatio({ f1: 0, n1: 0, f2: 3, n2: 20 }), 0);
  assert.equal(conservativeLogRatio({ f1: 10, n1: 10, f2: 20, n2: 20 }), 0);
  assert.throws(() => conservativeLogRatio({ f1: 11, n1: 10, f2: 0, n2: 20 }), RangeError);
  assert.throws(() => conservativeLogRatio({ f1: 1, n1: 10, f2: NaN, n2: 20 }), RangeError);
  const counts = { f1: 1, n1: 10, f2: 0, n2: 20 };
  assert.throws(() => conservativeLogRatio(counts, { confidence: 1 }), RangeError);
  assert.throws(() => conservativeLogRatio(counts, { tests: 0 }), RangeError);
});
