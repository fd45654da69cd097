import assert from "node:assert/strict";
import type { LengthConfig } from "../../src/config/types.ts";
import { UserError } from "../../src/error.ts";
import { lengths } from "../../src/plan/length.ts";
import { plan } from "../../src/plan/plan.ts";
import { chiSquareZ, configOf, scored } from "./configs.ts";

const example: LengthConfig = { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null };

/** How often each length came in the first rows. */
function countsOf(
  length: LengthConfig,
  options: { sampling: "even" | "independent"; rows: number; seed?: number },
): Map<number, number> {
  const draw = plan(configOf({ topic: scored([1]) }, length), {
    seed: options.seed ?? 1,
    sampling: options.sampling,
  });
  const counts = new Map<number, number>();
  for (let row = 0; row < options.rows; row++) {
    const words = draw(row).requestedWords!;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return counts;
}

Deno.test("even lengths follow their distribution within a few rows", () => {
  for (const length of [example, { ...example, max: 30 }, { ...example, shift: -6 }]) {
    const counts = countsOf(length, { sampling: "even", rows: 10_000 });
    const { pmf, cdf } = lengths(length, "draw");
    let sum = 0;
    for (let k = 1; k <= 200; k++) {
      sum += counts.get(k) ?? 0;
      assert.ok(Math.abs((counts.get(k) ?? 0) - 10_000 * pmf(k)) < 14, `${k} words`);
      assert.ok(Math.abs(sum - 10_000 * cdf(k)) < 9, `up to ${k} words`);
    }
  }
});

Deno.test("independent lengths follow their distribution", () => {
  for (const length of [example, { ...example, max: 30 }, { ...example, shift: -6 }]) {
    const { pmf, cdf } = lengths(length, "draw");
    for (const seed of [1, 2, 3]) {
      const counts = countsOf(length, { sampling: "independent", rows: 20_000, seed });
      // Single lengths as far as 5 rows are expected of each, the rest as one class.
      const single: number[] = [];
      for (let k = 1; k <= 60; k++) if (20_000 * pmf(k) >= 5) single.push(k);
      const last = single.at(-1)!;
      const seen = single.map((k) => counts.get(k) ?? 0);
      const expected = single.map((k) => 20_000 * pmf(k));
      const beyond = [...counts].reduce((sum, [k, count]) => k > last ? sum + count : sum, 0);
      if (cdf(last) < 1) {
        seen.push(beyond);
        expected.push(20_000 * (1 - cdf(last)));
      }
      const z = chiSquareZ(seen, expected, seen.length - 1);
      assert.ok(Math.abs(z) < 3.5, `z = ${z}`);
    }
  }
});

Deno.test("lengths are cut at max, and the shorter ones share what is cut off", () => {
  const counts = countsOf({ ...example, max: 12 }, { sampling: "even", rows: 5000 });
  assert.equal(Math.max(...counts.keys()), 12);
  const whole = lengths(example, "draw");
  assert.ok(Math.abs(counts.get(10)! - 5000 * whole.pmf(10) / whole.cdf(12)) < 14);
});

Deno.test("a length is at least one word", () => {
  const counts = countsOf({ ...example, shift: -30 }, { sampling: "even", rows: 2000 });
  assert.equal(Math.min(...counts.keys()), 1);
  assert.ok(counts.get(1)! > 1500);
});

Deno.test("corrected parameters are drawn with, cut at the same max; the target stays", () => {
  const length = { ...example, max: 40, draw: { mean: 3, sigma: 0.4, shift: 0 } };
  const { pmf, cdf } = lengths(length, "draw");
  assert.equal(cdf(40), 1);
  assert.notEqual(pmf(20), lengths(length, "target").pmf(20));
  assert.equal(
    lengths(length, "target").pmf(20),
    lengths({ ...length, draw: null }, "draw").pmf(20),
  );
  const counts = countsOf(length, { sampling: "even", rows: 5000 });
  for (const k of [10, 20, 30, 40]) assert.ok(Math.abs((counts.get(k) ?? 0) - 5000 * pmf(k)) < 14);
});

Deno.test("a max that no length can meet is the user's mistake", () => {
  assert.throws(
    () => lengths({ ...example, shift: 50, max: 10 }, "target"),
    (error) =>
      error instanceof UserError && /response_length_distribution\.json.*10/.test(error.message),
  );
});
