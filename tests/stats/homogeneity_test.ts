import assert from "node:assert/strict";
import { openHomogeneityTail } from "../../src/stats/homogeneity.ts";
import { chiSquareTail } from "../../src/stats/chi_square.ts";
import { uniform } from "../../src/stats/random.ts";

/** X² of each way to mark rows of groups, with how often it comes about. */
function everyWay(sizes: number[], marked: number): { chiSquare: number; ways: number }[] {
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const share = marked / rows;
  const found: { chiSquare: number; ways: number }[] = [];
  const walk = (group: number, left: number, chiSquare: number, ways: number): void => {
    const size = sizes[group];
    if (size === undefined) {
      if (left === 0) found.push({ chiSquare, ways });
      return;
    }
    let choose = 1;
    for (let hits = 0; hits <= Math.min(size, left); hits++) {
      const excess = hits - size * share;
      const part = excess * excess / (size * share * (1 - share));
      walk(group + 1, left - hits, chiSquare + part, ways * choose);
      choose *= (size - hits) / (hits + 1);
    }
  };
  walk(0, marked, 0, 1);
  return found;
}

Deno.test("openHomogeneityTail() has the mean and variance that all ways together have", () => {
  for (const [sizes, marked] of [[[1, 2, 3, 9], 4], [[5, 5, 5], 7], [[1, 1, 20], 2]] as const) {
    const ways = everyWay([...sizes], marked);
    const all = ways.reduce((sum, way) => sum + way.ways, 0);
    const mean = ways.reduce((sum, way) => sum + way.ways * way.chiSquare, 0) / all;
    const variance = ways.reduce((sum, way) => sum + way.ways * (way.chiSquare - mean) ** 2, 0) /
      all;
    const tail = openHomogeneityTail(sizes);
    for (const chiSquare of [0.5, 3, 12]) {
      const gamma = chiSquareTail(chiSquare * 2 * mean / variance, 2 * mean * mean / variance);
      assert.ok(Math.abs(tail(chiSquare, marked) - gamma) < 1e-9, `${sizes}: ${chiSquare}`);
    }
  }
});

Deno.test("openHomogeneityTail() rejects seldom enough where few rows are expected", () => {
  const sizes = [200, ...Array.from({ length: 30 }, () => 2)];
  const groups = sizes.flatMap((size, group) => Array.from({ length: size }, () => group));
  const marked = 10;
  const share = marked / groups.length;
  const tail = openHomogeneityTail(sizes);
  let rejected = 0;
  let byChiSquare = 0;
  for (let draw = 0; draw < 2000; draw++) {
    const hits = new Float64Array(sizes.length);
    for (let i = 0; i < marked; i++) {
      const j = i + Math.floor(uniform("homogeneity", draw, i) * (groups.length - i));
      [groups[i], groups[j]] = [groups[j]!, groups[i]!];
      hits[groups[i]!]! += 1;
    }
    const chiSquare = sizes.reduce(
      (sum, size, group) => sum + (hits[group]! - size * share) ** 2 / (size * share * (1 - share)),
      0,
    );
    if (tail(chiSquare, marked) < 0.01) rejected += 1;
    if (chiSquareTail(chiSquare, sizes.length - 1) < 0.01) byChiSquare += 1;
  }
  assert.ok(rejected / 2000 < 0.02, `${rejected}`);
  assert.ok(byChiSquare / 2000 > 0.05, `${byChiSquare}`);
});

Deno.test("openHomogeneityTail() knows what can't vary", () => {
  assert.equal(openHomogeneityTail([9])(0, 3), 1);
  assert.equal(openHomogeneityTail([1, 1])(2, 1), 1);
  assert.equal(openHomogeneityTail([4, 4, 4])(2, 1), 1);
});
