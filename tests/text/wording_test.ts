import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import * as labels from "../../src/charts/labels.ts";
import { languageName, percent, percentRange } from "../../src/text/wording.ts";

Deno.test("percent() has two digits that count, more only where fewer would say none or all", () => {
  const cases: [number, string][] = [
    [0, "0 %"],
    [1e-17, "0 %"],
    [0.000_002, "0.0002 %"],
    [0.0004, "0.04 %"],
    [0.003_49, "0.35 %"],
    [0.03, "3 %"],
    [0.0996, "10 %"],
    [0.29, "29 %"],
    [0.5, "50 %"],
    [0.994, "99 %"],
    [0.996, "99.6 %"],
    [0.999_96, "99.996 %"],
    [0.999_999_2, "99.99992 %"],
    [1 - 1e-16, "100 %"],
    [1, "100 %"],
    [1.5, "150 %"],
  ];
  for (const [share, text] of cases) assert.equal(percent(share), text, String(share));
});

Deno.test("percent() says 0 or 100 of nothing between, and larger of what is larger", () => {
  const shares = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
  fc.assert(fc.property(shares, shares, (a, b) => {
    const [x, y] = [a, b].map((share) => Number(percent(share).slice(0, -2)));
    assert(x! > 0 && x! < 100, `${a}: ${x}`);
    assert(a <= b ? x! <= y! : x! >= y!, `${a}, ${b}: ${x}, ${y}`);
  }));
});

Deno.test("both ends of an interval have the same digits unless one would be none or all", () => {
  const cases: [number, number, string][] = [
    [0.52, 0.7, "52–70 %"],
    [0.052, 0.09, "5.2–9.0 %"],
    [0.5, 0.511, "50.0–51.1 %"],
    [0.0012, 0.0034, "0.12–0.34 %"],
    [0, 0.05, "0–5.0 %"],
    [0.000_02, 0.0004, "0.002–0.04 %"],
    [0.003, 0.11, "0.3–11 %"],
    [0.98, 0.9996, "98.0–99.96 %"],
    [0.9, 0.9996, "90–99.96 %"],
    [0.9, 1, "90–100 %"],
  ];
  for (const [low, high, text] of cases) assert.equal(percentRange({ low, high }), text);
});

Deno.test("charts say the same numbers, in one piece", () => {
  for (const share of [0, 0.0004, 0.123, 0.996, 1]) {
    assert.equal(labels.percent(share), percent(share).replace(" ", "\u00a0"));
  }
  assert.equal(labels.percentRange({ low: 0.1, high: 0.2 }), "10–20\u00a0%");
  assert.equal(labels.counted(1204, "row or part", "rows or parts"), "1,204\u00a0rows or parts");
});

Deno.test("a language is called by its name, a code that is none by itself", () => {
  assert.deepEqual(["sv", "und", "no such", "x\u001b"].map(languageName), [
    "Swedish",
    "an unknown language",
    "no such",
    "x\\u001b",
  ]);
});
