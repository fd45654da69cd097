import assert from "node:assert/strict";
import { multinomialDraw } from "../../src/stats/draws.ts";
import { chaoShen } from "../../src/stats/entropy.ts";
import { openRandom } from "../../src/stats/random_stream.ts";

Deno.test("chaoShen follows its formula", () => {
  // n = 7, one of two seen once: C = 1 - 2/7.
  const wanted = [4, 1, 1, 1].reduce((sum, count) => {
    const share = (1 - 3 / 7) * count / 7;
    return sum - share * Math.log(share) / (1 - (1 - share) ** 7);
  }, 0);
  assert.ok(Math.abs(chaoShen([4, 0, 1, 1, 1])! - wanted) < 1e-14);
});

Deno.test("chaoShen is near the truth where the plain estimate is far below", () => {
  // Zipf's law over 4,000 items.
  const weights = Array.from({ length: 4000 }, (_, i) => 1 / (i + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const truth = -weights.reduce((h, weight) => h + weight / sum * Math.log(weight / sum), 0);
  const counts = multinomialDraw(openRandom(1, "zipf"), 3000, weights);
  const plain = -counts.reduce((h, n) => n === 0 ? h : h + n / 3000 * Math.log(n / 3000), 0);
  assert.ok(truth - plain > 0.4);
  assert.ok(Math.abs(chaoShen(counts)! - truth) < 0.2);
});

Deno.test("chaoShen of items seen often is that of their shares, and of a single one 0", () => {
  const shares = [0.5, 0.3, 0.2];
  const truth = -shares.reduce((sum, share) => sum + share * Math.log(share), 0);
  assert.ok(Math.abs(chaoShen(shares.map((share) => share * 1e6))! - truth) < 1e-12);
  assert.equal(chaoShen([12]), 0);
});

Deno.test("chaoShen is null where nothing was seen twice", () => {
  assert.equal(chaoShen([]), null);
  assert.equal(chaoShen([0, 0]), null);
  assert.equal(chaoShen([1, 0, 1, 1]), null);
});
