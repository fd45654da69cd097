import assert from "node:assert/strict";
import { mannKendall } from "../../src/stats/mann_kendall.ts";

function orders(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, place) =>
    orders(values.toSpliced(place, 1)).map((rest) => [value, ...rest])
  );
}

Deno.test("mannKendall() has the share of all orders that rise or fall as much", () => {
  const all = orders([1, 2, 3, 4, 5, 6]).map((order) => mannKendall(order));
  for (const { s, p } of all) {
    const asMuch = all.filter((other) => Math.abs(other.s) >= Math.abs(s)).length;
    assert.ok(Math.abs(p - asMuch / all.length) < 1e-12, `S = ${s}: ${p}`);
  }
});

Deno.test("mannKendall() agrees with scipy's exact kendalltau", () => {
  // kendalltau(range(n), values, method="exact").pvalue of scipy
  const known: [number[], number, number][] = [
    [[5, 1, 2, 3, 7, 4, 8, 6, 9, 10], 31, 0.00468694885361552],
    [[6, 1, 2, 4, 3, 8, 5, 10, 7, 9], 25, 0.02860945767195767],
    [[2, 1, 3, 4, 6, 5, 7], 17, 0.010714285714285714],
  ];
  for (const [values, s, p] of known) {
    const up = mannKendall(values);
    assert.equal(up.s, s);
    assert.ok(Math.abs(up.p - p) < 1e-12, `S = ${s}: ${up.p}`);
    const down = mannKendall(values.toReversed());
    assert.equal(down.s, -s);
    assert.ok(Math.abs(down.p - p) < 1e-12);
  }
});

Deno.test("mannKendall() counts ties for neither side", () => {
  assert.equal(mannKendall([7, 7, 7, 7, 7]).s, 0);
  assert.ok(Math.abs(mannKendall([7, 7, 7, 7, 7]).p - 1) < 1e-12);
  assert.equal(mannKendall([1, 1, 2, 2, 3]).s, 8);
  assert.equal(mannKendall([]).p, 1);
  assert.equal(mannKendall([3]).p, 1);
});
