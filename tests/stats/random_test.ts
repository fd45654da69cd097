import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { hash32, keyedUniform, mix32, uniform } from "../../src/stats/random.ts";

const keys = fc.array(
  fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }), fc.string({ maxLength: 3 })),
  { maxLength: 4 },
);

Deno.test("a key's hash and uniform number never change", () => {
  assert.equal(hash32(), 608135816);
  assert.equal(hash32("topic", 1), 4161064700);
  assert.equal(uniform("topic", 1, 2 ** 40 + 17), 0.5454923709872465);
});

Deno.test("uniform lies in [0, 1), hash32 in [0, 2^32)", () => {
  fc.assert(fc.property(keys, (key) => {
    const u = uniform(...key);
    const hash = hash32(...key);
    return u >= 0 && u < 1 && Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32;
  }));
});

Deno.test("keyedUniform is uniform with the last part put in later", () => {
  fc.assert(
    fc.property(
      keys,
      fc.maxSafeInteger(),
      (key, last) => keyedUniform(...key)(last) === uniform(...key, last),
    ),
  );
});

Deno.test("keys that look alike have hashes of their own", () => {
  const alike: (number | string)[][] = [
    [],
    [0],
    [-0.0, 0],
    [""],
    ["", ""],
    ["0"],
    ["ab"],
    ["a", "b"],
    ["", "ab"],
    [1, 2],
    [2, 1],
    [12],
    ["12"],
    [2 ** 32],
    [2 ** 32 + 1],
    [1],
    [-1],
    [2 ** 32 - 1],
    [2 ** 53 - 1],
    [-(2 ** 53 - 1)],
    ["a", 98],
  ];
  assert.equal(new Set(alike.map((key) => hash32(...key))).size, alike.length);
  assert.equal(new Set(alike.map((key) => uniform(...key))).size, alike.length);
});

Deno.test("a key takes whole numbers only", () => {
  for (const part of [0.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => hash32(part), RangeError);
    assert.throws(() => uniform("a", part), RangeError);
    assert.throws(() => keyedUniform(part), RangeError);
  }
});

Deno.test("one changed bit of a number changes each bit of its hash half of the time", () => {
  const trials = 2000;
  for (const bit of [0, 1, 7, 15, 31, 32, 40, 51]) {
    const flips = new Array<number>(32).fill(0);
    for (let i = 0; i < trials; i++) {
      const number = i * 7919;
      const bitIsSet = Math.floor(number / 2 ** bit) % 2 === 1;
      const change = hash32("k", number) ^
        hash32("k", bitIsSet ? number - 2 ** bit : number + 2 ** bit);
      for (let out = 0; out < 32; out++) flips[out]! += (change >>> out) & 1;
    }
    for (const [out, count] of flips.entries()) {
      // Five standard deviations of a fair coin.
      assert.ok(
        Math.abs(count - trials / 2) < 5 * Math.sqrt(trials) / 2,
        `bit ${bit} changes bit ${out} ${count} times of ${trials}`,
      );
    }
  }
});

Deno.test("mix32 sends different words to different words", () => {
  const seen = new Set<number>();
  for (let word = -50_000; word < 50_000; word++) seen.add(mix32(Math.imul(word, 0x10001)));
  assert.equal(seen.size, 100_000);
});

Deno.test("uniform fills [0, 1) and its neighbours are independent", () => {
  const u = keyedUniform("spread", 5);
  const cells = new Float64Array(256);
  const rows = 51_200;
  for (let i = 0; i < rows; i++) {
    cells[Math.floor(u(i) * 16) * 16 + Math.floor(u(i + 1) * 16)]! += 1;
  }
  const chiSquare = cells.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  const z = (chiSquare - 255) / Math.sqrt(2 * 255);
  assert.ok(Math.abs(z) < 4, `z = ${z}`);
});

Deno.test("uniform has 53 bits: its last 20 vary", () => {
  const ends = new Set(
    Array.from({ length: 1000 }, (_, i) => uniform("bits", i) * 2 ** 53 % 2 ** 20),
  );
  assert.ok(ends.size > 990);
});
