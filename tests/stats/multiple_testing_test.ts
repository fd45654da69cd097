import assert from "node:assert/strict";
import { benjaminiHochberg } from "../../src/stats/multiple_testing.ts";
import reference from "./multiple_testing_reference.json" with { type: "json" };

Deno.test("benjaminiHochberg agrees with scipy", () => {
  for (const [p, q] of reference.rows) {
    const got = benjaminiHochberg(Float64Array.from(p!));
    for (const [i, wanted] of q!.entries()) assert.ok(Math.abs(got[i]! - wanted) < 1e-15, `${i}`);
  }
});

Deno.test("benjaminiHochberg gives equal p equal q", () => {
  const [a, b, c, d] = benjaminiHochberg(Float64Array.of(0.02, 0.02, 0.5, 0.02));
  assert.ok(a === b && b === d && Math.abs(a! - 0.02 * 4 / 3) < 1e-15 && c === 0.5);
});

Deno.test("benjaminiHochberg passes over what wasn't tested", () => {
  const got = benjaminiHochberg(Float64Array.of(NaN, 0.01, NaN, 0.04));
  assert.deepEqual([...got], [NaN, 0.02, NaN, 0.04]);
  assert.deepEqual([...benjaminiHochberg(Float64Array.of(NaN))], [NaN]);
  assert.equal(benjaminiHochberg(new Float64Array()).length, 0);
});
