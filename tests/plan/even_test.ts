import assert from "node:assert/strict";
import { evenUniform } from "../../src/plan/even.ts";
import { chiSquareZ } from "./configs.ts";

/** The first rows of a spread's numbers. */
function firstOf(u: (row: number) => number, rows: number, from = 0): number[] {
  return Array.from({ length: rows }, (_, i) => u(from + i));
}

/** The largest distance between the numbers' distribution and the uniform one, in numbers. */
function worstDeviation(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b).reduce(
    (worst, u, i, { length }) =>
      Math.max(worst, Math.abs(u * length - i), Math.abs(u * length - i - 1)),
    0,
  );
}

Deno.test("every block of 16^k rows puts one row into each of the 16^k parts of [0, 1)", () => {
  const u = evenUniform(3, "topic");
  for (const size of [16, 256, 4096]) {
    for (const block of [0, 1, 7, 1000, Math.floor(4e9 / size)]) {
      const parts = firstOf(u, size, block * size).map((each) => Math.floor(each * size));
      assert.equal(new Set(parts).size, size, `block ${block} of ${size}`);
    }
  }
});

Deno.test("any stretch of rows is far more even than independent draws", () => {
  for (const seed of [1, 2, 3]) {
    for (const [from, rows] of [[0, 1000], [0, 20_000], [123, 5000], [4_000_000_123, 20_000]]) {
      // Independent draws: .83 √rows at the median, 117 for 20,000 rows.
      const worst = worstDeviation(firstOf(evenUniform(seed, "a"), rows!, from!));
      assert.ok(worst < 14, `seed ${seed}, ${rows} rows from ${from}: ${worst}`);
    }
  }
});

Deno.test("rows beyond 32 bits have numbers of their own", () => {
  const u = evenUniform(1, "a");
  const rows = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 36, 2 ** 40, 2 ** 41, 2 ** 53 - 1];
  const numbers = rows.map(u);
  assert.equal(new Set(numbers).size, rows.length);
  assert.ok(numbers.every((each) => each >= 0 && each < 1));
  // Above the tenth digit the row changes the order of the whole block of 2^40 rows.
  const here = firstOf(u, 256, 2 ** 40).map((each) => Math.floor(each * 16));
  const there = firstOf(u, 256, 2 ** 41).map((each) => Math.floor(each * 16));
  const same = here.filter((each, i) => each === there[i]).length;
  assert.ok(same > 2 && same < 36, `${same} of 256, about 16 by chance`);
});

Deno.test("the first rows under different keys are spread over [0, 1)", () => {
  for (const row of [0, 1, 15, 16, 4097, 2 ** 33]) {
    const counts = new Float64Array(16);
    for (let seed = 0; seed < 8000; seed++) {
      counts[Math.floor(evenUniform(seed, "a")(row) * 16)]! += 1;
    }
    const z = chiSquareZ(counts, new Float64Array(16).fill(500), 15);
    assert.ok(Math.abs(z) < 4, `row ${row}: z = ${z}`);
  }
});

Deno.test("two rows of a block go to each pair of different sixteenths equally often", () => {
  for (const [one, other] of [[0, 1], [3, 11], [14, 15]]) {
    const counts = new Float64Array(256);
    for (let block = 0; block < 48_000; block++) {
      const u = evenUniform(block, "pairs");
      counts[Math.floor(u(one!) * 16) * 16 + Math.floor(u(other!) * 16)]! += 1;
    }
    const pairs = counts.filter((_, cell) => cell % 17 !== 0);
    assert.equal(pairs.reduce((sum, count) => sum + count, 0), 48_000);
    const z = chiSquareZ(pairs, new Float64Array(240).fill(200), 239);
    assert.ok(Math.abs(z) < 4, `rows ${one} and ${other}: z = ${z}`);
  }
});

Deno.test("the digits below those that the rows spread are random", () => {
  // 2,000 rows fill about three digits; those after them must vary freely.
  const u = evenUniform(1, "low");
  for (const power of [4, 7, 9, 12]) {
    const counts = new Float64Array(16);
    for (let row = 0; row < 1600; row++) counts[Math.floor(u(row) * 16 ** power % 16)]! += 1;
    const z = chiSquareZ(counts, new Float64Array(16).fill(100), 15);
    assert.ok(Math.abs(z) < 4, `digit ${power}: z = ${z}`);
  }
});
