import assert from "node:assert/strict";
import { chiSquareTail } from "../../src/stats/chi_square.ts";
import { multinomialDraw } from "../../src/stats/draws.ts";
import { openRandom } from "../../src/stats/random_stream.ts";
import { symmetricEigen } from "../../src/stats/symmetric_eigen.ts";
import { waldStatistic } from "../../src/stats/wald.ts";

/** The covariance of multinomial shares of n rows. */
function covariance(shares: readonly number[], n: number): number[] {
  return shares.flatMap((p, i) => shares.map((q, j) => ((i === j ? p : 0) - p * q) / n));
}

Deno.test("waldStatistic of multinomial shares is Pearson's chi-square", () => {
  const target = [0.5, 0.3, 0.2];
  const counts = [60, 25, 15];
  const { statistic, df, p } = waldStatistic(
    target.map((share, i) => counts[i]! / 100 - share),
    covariance(target, 100),
  );
  const pearson = target.reduce(
    (sum, share, i) => sum + (counts[i]! - 100 * share) ** 2 / (100 * share),
    0,
  );
  assert.ok(Math.abs(statistic - pearson) < 1e-9, `${statistic}, not ${pearson}`);
  assert.equal(df, 2);
  assert.ok(Math.abs(p - chiSquareTail(pearson, 2)) < 1e-9);
});

Deno.test("waldStatistic rejects 5 % where nothing is wrong", () => {
  const target = [0.3, 0.25, 0.2, 0.15, 0.1];
  const random = openRandom(1, "wald");
  let rejected = 0;
  for (let i = 0; i < 1000; i++) {
    const shares = Array.from(multinomialDraw(random, 2000, target), (count) => count / 2000);
    const off = shares.map((share, k) => share - target[k]!);
    if (waldStatistic(off, covariance(shares, 2000)).p < 0.05) rejected++;
  }
  assert.ok(Math.abs(rejected - 50) < 25, `${rejected} of 1000`);
});

Deno.test("waldStatistic is certain where nothing varies", () => {
  assert.deepEqual(waldStatistic([0.1, -0.1], [0, 0, 0, 0]), { statistic: Infinity, df: 0, p: 0 });
  assert.deepEqual(waldStatistic([0, 1e-12], [0, 0, 0, 0]), { statistic: 0, df: 0, p: 1 });
  assert.deepEqual(waldStatistic([0, 0], covariance([0.4, 0.6], 10)), {
    statistic: 0,
    df: 1,
    p: 1,
  });
  // The third class can't vary, and is off.
  const partly = [
    ...covariance([0.4, 0.6], 10).slice(0, 2),
    0,
    ...covariance([0.4, 0.6], 10).slice(2),
    0,
    0,
    0,
    0,
  ];
  assert.equal(waldStatistic([0.05, -0.1, 0.05], partly).p, 0);
  assert.ok(waldStatistic([0.05, -0.05, 0], partly).p > 0.5);
  assert.deepEqual(waldStatistic([], []), { statistic: 0, df: 0, p: 1 });
});

Deno.test("waldStatistic refuses sizes that don't match and what isn't finite", () => {
  assert.throws(() => waldStatistic([1, 2], [1]), RangeError);
  assert.throws(() => waldStatistic([NaN, 0], [1, 0, 0, 1]), RangeError);
  assert.throws(() => waldStatistic([0, 0], [1, 0, 0, NaN]), RangeError);
});

Deno.test("symmetricEigen puts a matrix together again", () => {
  const size = 12;
  const random = openRandom(1, "matrix");
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) matrix[i * size + j] = matrix[j * size + i] = random() - 0.5;
  }
  const { values, vectors } = symmetricEigen(matrix, size);
  const sum = (term: (k: number) => number): number => values.reduce((s, _, k) => s + term(k), 0);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const again = sum((k) => vectors[i * size + k]! * values[k]! * vectors[j * size + k]!);
      assert.ok(Math.abs(again - matrix[i * size + j]!) < 1e-13);
      const product = sum((k) => vectors[k * size + i]! * vectors[k * size + j]!);
      assert.ok(Math.abs(product - (i === j ? 1 : 0)) < 1e-13);
    }
  }
});
