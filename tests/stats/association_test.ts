import assert from "node:assert/strict";
import { cramersV } from "../../src/stats/association.ts";
import { chiSquare } from "../../src/stats/chi_square.ts";
import { multinomialDraw } from "../../src/stats/draws.ts";
import { openRandom } from "../../src/stats/random_stream.ts";

Deno.test("cramersV is 1 for a perfect association and 0 where chance alone gives as much", () => {
  const perfect = chiSquare([[30, 0, 0], [0, 20, 0], [0, 0, 10]]);
  assert.ok(Math.abs(cramersV(perfect.statistic, { n: 60, columns: 3, rows: 3 }) - 1) < 1e-12);
  assert.equal(cramersV(2, { n: 60, columns: 3 }), 0);
});

Deno.test("cramersV is that of the population on average, where the plain one isn't", () => {
  // Shares .2 and .4 with the term in 10 values each of one half: V = .2 / √(.3 · .7) / 2.
  const random = openRandom(1, "V");
  const truth = 0.1 / Math.sqrt(0.3 * 0.7);
  const shares = Array.from({ length: 20 }, (_, i) => [i % 2 ? 0.2 : 0.4, i % 2 ? 0.8 : 0.6])
    .flat();
  let [corrected, plain] = [0, 0];
  for (let i = 0; i < 200; i++) {
    const cells = multinomialDraw(random, 600, shares);
    const { statistic } = chiSquare(
      Array.from({ length: 20 }, (_, k) => cells.subarray(2 * k, 2 * k + 2)),
    );
    corrected += cramersV(statistic, { n: 600, columns: 20 }) / 200;
    plain += Math.sqrt(statistic / 600) / 200;
  }
  assert.ok(Math.abs(corrected - truth) < 0.015, `${corrected}, not ${truth}`);
  assert.ok(plain > truth + 0.05);
});

Deno.test("cramersV is 0 where there is nothing to compare", () => {
  assert.equal(cramersV(0, { n: 10, columns: 1 }), 0);
  assert.equal(cramersV(0, { n: 1, columns: 2 }), 0);
  assert.equal(cramersV(2, { n: 2, columns: 2 }), 0);
});
