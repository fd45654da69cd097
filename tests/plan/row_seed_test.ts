import assert from "node:assert/strict";
import { rowSeed } from "../../src/plan/row_seed.ts";

Deno.test("a row's seed never changes", () => {
  assert.deepEqual([rowSeed(1, 0), rowSeed(1, 1), rowSeed(2 ** 40, 3_000_000_000)], [
    971492148,
    998060705,
    1195315590,
  ]);
});

Deno.test("row seeds lie in [0, 2^31) and hardly ever meet", () => {
  const seeds = new Set<number>();
  for (let row = 0; row < 5000; row++) {
    for (const from of [0, 2 ** 32]) {
      const seed = rowSeed(1, from + row);
      assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31);
      seeds.add(seed);
    }
  }
  // By chance .02 of 10,000 meet.
  assert.ok(seeds.size >= 9999);
});
