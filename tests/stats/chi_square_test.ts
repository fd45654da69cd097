import assert from "node:assert/strict";
import { chiSquare, chiSquareTail } from "../../src/stats/chi_square.ts";
import reference from "./chi_square_reference.json" with { type: "json" };

Deno.test("chiSquareTail agrees with 60-digit values down to 1e-305", () => {
  assert.ok(reference.tail.some(([, , p]) => p! > 0 && p! < 1e-200));
  for (const [x, df, p] of reference.tail) {
    const got = chiSquareTail(x!, df!);
    assert.ok(Math.abs(got - p!) <= 1e-11 * p!, `at ${x} with ${df} df: ${got}, not ${p}`);
  }
});

Deno.test("chiSquareTail is 1 or 0 where nothing lies on one side", () => {
  assert.deepEqual([chiSquareTail(0, 3), chiSquareTail(Infinity, 3)], [1, 0]);
  assert.deepEqual([chiSquareTail(1e-8, 999), chiSquareTail(1e6, 999)], [1, 0]);
  assert.throws(() => chiSquareTail(-1, 1), RangeError);
  assert.throws(() => chiSquareTail(NaN, 1), RangeError);
  assert.throws(() => chiSquareTail(1, 0), RangeError);
});

Deno.test("chiSquare agrees with scipy", () => {
  for (const [table, statistic, df, p] of reference.tables) {
    assert.ok(Array.isArray(table));
    const got = chiSquare(table);
    assert.equal(got.df, df);
    assert.ok(Math.abs(got.statistic / Number(statistic) - 1) < 1e-12);
    assert.ok(Math.abs(chiSquareTail(got.statistic, got.df) / Number(p) - 1) < 1e-11);
  }
});

Deno.test("chiSquare leaves out what has no counts", () => {
  const { statistic, df } = chiSquare([[10, 0, 20], [20, 0, 10], [0, 0, 0]]);
  assert.deepEqual({ statistic, df }, chiSquare([[10, 20], [20, 10]]));
  assert.deepEqual(chiSquare([[3, 4]]), { statistic: 0, df: 0 });
  assert.deepEqual(chiSquare([[0, 0], [0, 0]]), { statistic: 0, df: 0 });
  assert.deepEqual(chiSquare([]), { statistic: 0, df: 0 });
});
