import assert from "node:assert/strict";
import { openRandom } from "../../src/stats/random_stream.ts";

/** How far counts in 256 cells are from their mean chi-square, in its standard deviations. */
function unevenness(random: () => number, cellOf: (random: () => number) => number): number {
  const draws = 1_000_000;
  const cells = new Float64Array(256);
  for (let i = 0; i < draws; i++) cells[cellOf(random)]! += 1;
  const mean = draws / 256;
  return (cells.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0) - 255) / Math.sqrt(510);
}

Deno.test("openRandom repeats its numbers by key and shares none with another", () => {
  const numbers = (...key: [number, string]): number[] => {
    const random = openRandom(...key);
    return Array.from({ length: 50 }, random);
  };
  assert.deepEqual(numbers(1, "a"), numbers(1, "a"));
  assert.equal(new Set([...numbers(1, "a"), ...numbers(1, "b"), ...numbers(2, "a")]).size, 150);
  assert.equal(openRandom("never changes")(), 0.03155523175694375);
});

Deno.test("openRandom is as uneven as chance over a million numbers, neither more nor less", () => {
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  const mean = seeds.reduce(
    (sum, seed) =>
      sum + unevenness(openRandom(seed), (random) => Math.floor(random() * 256)) / seeds.length,
    0,
  );
  assert.ok(Math.abs(mean) < 4 / Math.sqrt(seeds.length), `${mean}`);
});

Deno.test("openRandom's neighbours are independent", () => {
  const z = unevenness(
    openRandom(9),
    (random) => Math.floor(random() * 16) * 16 + Math.floor(random() * 16),
  );
  assert.ok(Math.abs(z) < 4, `${z}`);
});

Deno.test("openRandom lies in [0, 1) with 53 bits", () => {
  const random = openRandom(10);
  const ends = new Set<number>();
  for (let i = 0; i < 1000; i++) {
    const u = random();
    assert.ok(u >= 0 && u < 1);
    ends.add(u * 2 ** 53 % 2 ** 20);
  }
  assert.ok(ends.size > 990);
});
