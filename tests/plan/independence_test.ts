import assert from "node:assert/strict";
import type { Sampling } from "../../src/config/types.ts";
import { plan } from "../../src/plan/plan.ts";
import { chiSquareZ, configOf, EQUAL_28, scored, SKEWED_28 } from "./configs.ts";

/**
 * Chi-square of independence of two attributes as z: the table of their pairs against the product of
 * its margins. About standard normal where they are independent.
 */
function independenceZ(
  scores: number[],
  options: { seed: number; sampling: Sampling; rows: number },
): number {
  const draw = plan(configOf({ one: scored(scores), other: scored(scores) }), options);
  const size = scores.length;
  const [table, ones, others] = [size * size, size, size].map((n) => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let row = 0; row < options.rows; row++) {
    const { attributes } = draw(row);
    const a = Number(attributes["one"]!.slice(1));
    const b = Number(attributes["other"]!.slice(1));
    table[a * size + b]! += 1;
    ones[a]! += 1;
    others[b]! += 1;
  }
  const expected = table.map((_, cell) =>
    ones[Math.floor(cell / size)]! * others[cell % size]! / options.rows
  );
  return chiSquareZ(table, expected, (size - 1) ** 2);
}

/** Fails unless the z of several seeds look like standard normal ones. */
function assertCalibrated(zs: number[], where: string): void {
  const mean = zs.reduce((sum, z) => sum + z, 0) / zs.length;
  const text = `${where}: ${zs.map((z) => z.toFixed(2)).join(" ")}`;
  assert.ok(Math.abs(mean) < 3.3 / Math.sqrt(zs.length), text);
  assert.ok(zs.every((z) => Math.abs(z) < 4), text);
}

for (const sampling of ["even", "independent"] as const) {
  for (const [rows, seeds] of [[2000, 20], [20_000, 6], [100_000, 2]] as const) {
    Deno.test(`pairs of 28 × 28 values are independent at ${rows} rows, ${sampling}`, () => {
      for (const [name, scores] of [["equal", EQUAL_28], ["skewed", SKEWED_28]] as const) {
        const zs = Array.from(
          { length: seeds },
          (_, seed) => independenceZ(scores, { seed, sampling, rows }),
        );
        assertCalibrated(zs, `${name} scores, ${sampling}, ${rows} rows`);
      }
    });
  }
}

for (const sampling of ["even", "independent"] as const) {
  Deno.test(`rare pairs come as often as their share says, ${sampling}`, () => {
    // Of 20,000 rows 20 ask for the rare value of both, give or take √20 whatever the seed.
    const rows = 20_000;
    const rare = Math.sqrt(20 / rows);
    const attributes = { one: scored([1 - rare, rare]), other: scored([rare, 1 - rare]) };
    const counts = Array.from({ length: 16 }, (_, seed) => {
      const draw = plan(configOf(attributes), { seed, sampling });
      let seen = 0;
      for (let row = 0; row < rows; row++) {
        const { one, other } = draw(row).attributes;
        if (one === "v1" && other === "v0") seen++;
      }
      return seen;
    });
    const total = counts.reduce((sum, count) => sum + count, 0);
    assert.ok(Math.abs(total - 320) < 60, `${total} times in all`);
    const z = chiSquareZ(counts, new Array<number>(16).fill(20), 16);
    assert.ok(Math.abs(z) < 3, `z = ${z}: ${counts.join(" ")}`);
  });

  Deno.test(`the length is independent of an attribute, even of one named "length", ${sampling}`, () => {
    const length = { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null };
    const zs: number[] = [];
    for (let seed = 0; seed < 8; seed++) {
      const draw = plan(configOf({ length: scored(EQUAL_28) }, length), { seed, sampling });
      // Words below 9, 14, 20 and above: four classes.
      const table = new Float64Array(28 * 4);
      const values = new Float64Array(28);
      const parts = new Float64Array(4);
      for (let row = 0; row < 11_200; row++) {
        const { attributes, requestedWords } = draw(row);
        const value = Number(attributes["length"]!.slice(1));
        const part = [9, 14, 20].filter((edge) => requestedWords! >= edge).length;
        table[value * 4 + part]! += 1;
        values[value]! += 1;
        parts[part]! += 1;
      }
      const expected = table.map((_, cell) =>
        values[Math.floor(cell / 4)]! * parts[cell % 4]! / 11_200
      );
      zs.push(chiSquareZ(table, expected, 27 * 3));
    }
    assertCalibrated(zs, sampling);
  });

  Deno.test(`three attributes are independent together, ${sampling}`, () => {
    const five = scored(new Array<number>(5).fill(1));
    const zs: number[] = [];
    for (let seed = 0; seed < 8; seed++) {
      const draw = plan(configOf({ a: five, b: five, c: five }), { seed, sampling });
      const table = new Float64Array(125);
      for (let row = 0; row < 12_500; row++) {
        const { a, b, c } = draw(row).attributes;
        table[Number(a!.slice(1)) * 25 + Number(b!.slice(1)) * 5 + Number(c!.slice(1))]! += 1;
      }
      // Even margins take their 12 degrees of freedom away, free ones don't.
      zs.push(chiSquareZ(table, new Float64Array(125).fill(100), sampling === "even" ? 112 : 124));
    }
    assertCalibrated(zs, sampling);
  });
}
