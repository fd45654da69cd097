import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { openHypergeometricTail } from "../../src/stats/hypergeometric.ts";

/** Binomial coefficients in whole numbers. */
function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 0; i < k; i++) result = result * BigInt(n - i) / BigInt(i + 1);
  return result;
}

/** The mid-p tail as a fraction of whole numbers. */
function exactTail(hits: number, drawn: number, marked: number, all: number): number {
  let twice = 0n;
  for (let k = hits; k <= Math.min(drawn, marked); k++) {
    const ways = choose(marked, k) * choose(all - marked, drawn - k);
    twice += k === hits ? ways : 2n * ways;
  }
  return Number(twice * 10n ** 40n / (2n * choose(all, drawn))) / 1e40;
}

Deno.test("openHypergeometricTail() is what whole numbers give", () => {
  const tail = openHypergeometricTail(300);
  const table = fc.integer({ min: 1, max: 300 }).chain((all) =>
    fc.tuple(fc.integer({ min: 0, max: all }), fc.integer({ min: 0, max: all })).chain(
      ([drawn, marked]) =>
        fc.integer({ min: Math.max(0, drawn + marked - all), max: Math.min(drawn, marked) })
          .map((hits) => ({ hits, drawn, marked, all })),
    )
  );
  fc.assert(fc.property(table, ({ hits, drawn, marked, all }) => {
    const expected = exactTail(hits, drawn, marked, all);
    const given = tail(hits, drawn, marked, all);
    assert.ok(Math.abs(given - expected) <= 1e-10 * expected + 1e-38, `${given} for ${expected}`);
  }));
});

Deno.test("openHypergeometricTail() keeps its digits among a million rows", () => {
  const tail = openHypergeometricTail(1_000_000);
  // Drawing 3 of a million with a thousand marked: all three, counted half.
  const three = 1000 * 999 * 998 / (1e6 * 999_999 * 999_998);
  assert.ok(Math.abs(tail(3, 3, 1000, 1_000_000) / (three / 2) - 1) < 1e-8);
  // Half of the rows drawn, half of them marked: the middle of a symmetric distribution.
  assert.ok(Math.abs(tail(250_000, 500_000, 500_000, 1_000_000) - 0.5) < 1e-8);
});
