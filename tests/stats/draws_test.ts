import assert from "node:assert/strict";
import { binomialDraw, multinomialDraw } from "../../src/stats/draws.ts";
import { logBinomialTerm } from "../../src/stats/binomial.ts";
import { chiSquareTail } from "../../src/stats/chi_square.ts";
import { openRandom } from "../../src/stats/random_stream.ts";

/** The p value of draws against the chances of 0, 1, 2, …; rare values are taken together. */
function fitOf(draw: () => number, chance: (k: number) => number, draws: number): number {
  const seen = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    const k = draw();
    seen.set(k, (seen.get(k) ?? 0) + 1);
  }
  let [statistic, cells, rest, restSeen] = [0, 0, draws, draws];
  for (let k = 0; k <= 100; k++) {
    const expected = draws * chance(k);
    if (expected < 5) continue;
    const count = seen.get(k) ?? 0;
    statistic += (count - expected) ** 2 / expected;
    cells++;
    rest -= expected;
    restSeen -= count;
  }
  if (rest > 5) statistic += (restSeen - rest) ** 2 / rest;
  return chiSquareTail(statistic, Math.max(1, rest > 5 ? cells : cells - 1));
}

Deno.test("binomialDraw has the binomial distribution", () => {
  for (const [n, p] of [[1, 0.3], [7, 0.5], [40, 0.93], [90, 0.1], [100_000, 1e-4]] as const) {
    const random = openRandom(1, n);
    const chance = (k: number): number => k > n ? 0 : Math.exp(logBinomialTerm(k, n, p, 1 - p));
    const fit = fitOf(() => binomialDraw(random, n, p), chance, 20_000);
    assert.ok(fit > 1e-3, `n ${n}, p ${p}: ${fit}`);
  }
});

Deno.test("binomialDraw has the moments of a million trials", () => {
  const random = openRandom(2, "million");
  for (const p of [1e-6, 0.02, 0.5, 0.999]) {
    const draws = 3000;
    const variance = 1e6 * p * (1 - p);
    let [sum, squares] = [0, 0];
    for (let i = 0; i < draws; i++) {
      const off = binomialDraw(random, 1e6, p) - 1e6 * p;
      sum += off;
      squares += off * off;
    }
    assert.ok(Math.abs(sum / Math.sqrt(draws * variance)) < 4, `mean at ${p}`);
    const spread = Math.sqrt((2 + 1 / variance) / draws);
    assert.ok(Math.abs(squares / draws / variance - 1) < 4 * spread, `variance at ${p}`);
  }
});

Deno.test("multinomialDraw has the covariances of its classes and adds up", () => {
  const random = openRandom(4, "classes");
  const shares = [0.5, 0, 0.3, 0.2];
  const [draws, n] = [4000, 1000];
  const products = shares.map(() => shares.map(() => 0));
  for (let i = 0; i < draws; i++) {
    const counts = multinomialDraw(random, n, shares.map((share) => share * 7));
    assert.equal(counts.reduce((sum, count) => sum + count, 0), n);
    assert.equal(counts[1], 0);
    const off = shares.map((share, k) => counts[k]! - n * share);
    for (const [j, row] of products.entries()) {
      for (const k of row.keys()) row[k]! += off[j]! * off[k]! / n / draws;
    }
  }
  for (const [j, row] of products.entries()) {
    for (const [k, got] of row.entries()) {
      const wanted = (j === k ? shares[j]! : 0) - shares[j]! * shares[k]!;
      assert.ok(Math.abs(got - wanted) < 0.025, `classes ${j} and ${k}: ${got}, not ${wanted}`);
    }
  }
});

Deno.test("draws at the ends are exact, and what can't be is refused", () => {
  const random = openRandom(5);
  assert.deepEqual([binomialDraw(random, 9, 0), binomialDraw(random, 9, 1)], [0, 9]);
  assert.equal(binomialDraw(random, 0, 0.5), 0);
  assert.deepEqual([...multinomialDraw(random, 5, [0, 3, 0])], [0, 5, 0]);
  assert.deepEqual([...multinomialDraw(random, 0, [1, 1])], [0, 0]);
  assert.throws(() => binomialDraw(random, 1.5, 0.5), RangeError);
  assert.throws(() => binomialDraw(random, 1, 1.5), RangeError);
  assert.throws(() => multinomialDraw(random, 1, [0, 0]), RangeError);
  assert.throws(() => multinomialDraw(random, 1, [1, -1]), RangeError);
});
