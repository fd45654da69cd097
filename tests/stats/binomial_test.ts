import assert from "node:assert/strict";
import { logBinomialTerm } from "../../src/stats/binomial.ts";

Deno.test("logBinomialTerm of small counts is that of the formula", () => {
  const choose = [1, 9, 36, 84, 126, 126, 84, 36, 9, 1];
  for (const [k, ways] of choose.entries()) {
    const wanted = ways * 0.3 ** k * 0.7 ** (9 - k);
    assert.ok(Math.abs(Math.exp(logBinomialTerm(k, 9, 0.3, 0.7)) / wanted - 1) < 1e-13, `${k}`);
  }
});

Deno.test("logBinomialTerm adds up to 1 over large counts", () => {
  for (const [n, p] of [[1e8, 0.3], [5e5, 1e-4]] as const) {
    const [middle, reach] = [Math.round(n * p), Math.round(9 * Math.sqrt(n * p))];
    let sum = 0;
    for (let k = Math.max(0, middle - reach); k <= middle + reach; k++) {
      sum += Math.exp(logBinomialTerm(k, n, p, 1 - p));
    }
    assert.ok(Math.abs(sum - 1) < 1e-9, `${sum}`);
  }
});

Deno.test("logBinomialTerm keeps the digits of a failure that is next to impossible", () => {
  assert.equal(logBinomialTerm(5, 5, 1, 1e-20), -5e-20);
  assert.equal(logBinomialTerm(0, 5, 1e-20, 1), -5e-20);
  assert.ok(Math.abs(logBinomialTerm(1, 2, 1e-200, 1) - Math.log(2e-200)) < 1e-12);
  assert.equal(logBinomialTerm(1, 2, 0, 1), -Infinity);
  assert.equal(logBinomialTerm(0, 0, 0.5, 0.5), 0);
});
