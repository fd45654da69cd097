import assert from "node:assert/strict";
import { corpusOf, type LooseRow } from "../../../src/analysis/reading/corpus.ts";
import type { Corpus } from "../../../src/analysis/reading/rows.ts";
import { openSpreads, type Spread } from "../../../src/analysis/terms/spread.ts";

/** Rows of attributes, each with the number of rows and how many of them have the term. */
function corpusWith(groups: [Record<string, string>, number, number][]): {
  corpus: Corpus;
  spreads: Spread[];
} {
  const rows: LooseRow[] = [];
  const having: number[] = [];
  for (const [attributes, count, hits] of groups) {
    for (let i = 0; i < count; i++) {
      if (i < hits) having.push(rows.length);
      rows.push({ text: "w", attributes });
    }
  }
  const { corpus } = corpusOf(rows);
  const measure = openSpreads(corpus, { minRows: 5 });
  return { corpus, spreads: measure(Uint32Array.from(having), { leftOut: () => false }) };
}

/** The share of a value, drawn towards the share of all rows. */
function smoothed(hits: number, size: number, share: number): number {
  return (hits + 20 * share) / (size + 20);
}

Deno.test("openSpreads() measures the breadth by attribute and takes the smallest", () => {
  const { spreads } = corpusWith([
    [{ topic: "a", tone: "" }, 40, 20],
    [{ topic: "b", tone: "" }, 30, 10],
    [{ topic: "c", tone: "x" }, 20, 8],
    [{ topic: "d", tone: "x" }, 10, 2],
  ]);
  const [spread] = spreads;
  const share = 0.4;
  // Of four values the quartile lies a quarter of the way from the least to the second.
  const [least, second] = [smoothed(2, 10, share), smoothed(10, 30, share)];
  const topic = least + 0.75 * (second - least);
  const [x, none] = [smoothed(10, 30, share), smoothed(30, 70, share)];
  assert.ok(Math.abs(spread!.breadth - Math.min(topic, x + 0.25 * (none - x))) < 1e-12);
  assert.deepEqual([spread!.rows, spread!.of, spread!.even], [40, 100, true]);
});

Deno.test("openSpreads() measures within each language and leaves the language attribute out", () => {
  const { spreads, corpus } = corpusWith([
    [{ language: "Swedish", topic: "a" }, 20, 10],
    [{ language: "Swedish", topic: "b" }, 20, 10],
    [{ language: "English", topic: "a" }, 50, 0],
    [{ language: "Danish", topic: "c" }, 10, 1],
  ]);
  assert.deepEqual(
    spreads.map(({ language, rows, of }) => [corpus.languages[language], rows, of]),
    [["sv", 10 + 10, 40], ["da", 1, 10]],
  );
  assert.equal(spreads[0]?.breadth, 0.5);
  assert.ok(spreads.every(({ even }) => even));
  // In Danish too few rows have the term to test anything.
  assert.deepEqual(spreads.map(({ tests }) => tests), [2, 0]);
});

Deno.test("openSpreads() leaves out a second attribute that names languages too", () => {
  const { spreads } = corpusWith([
    [{ language: "Swedish", spoken: "Danish" }, 30, 20],
    [{ language: "Swedish", spoken: "English" }, 30, 0],
  ]);
  assert.deepEqual(spreads.map(({ breadth, tests, even }) => [breadth, tests, even]), [
    [Infinity, 0, true],
  ]);
});

Deno.test("openSpreads() starts anew with each term", () => {
  const rows = Array.from({ length: 60 }, (_, i): LooseRow => ({
    text: "w",
    attributes: { topic: i % 3 === 0 ? "a" : "b" },
  }));
  const measure = openSpreads(corpusOf(rows).corpus, { minRows: 5 });
  const some = Uint32Array.from({ length: 20 }, (_, i) => 3 * i);
  const others = Uint32Array.from({ length: 20 }, (_, i) => 3 * i + 1);
  const none = { leftOut: () => false };
  const first = measure(some, none);
  measure(others, none);
  assert.deepEqual(measure(some, none), first);
  assert.deepEqual(measure(others, { leftOut: () => true }), []);
  assert.deepEqual(measure(some, none), first);
});

Deno.test("openSpreads() says that a topic's word is uneven, however the rows are divided", () => {
  const divided: [Record<string, string>, number, number][][] = [
    // One of many small values.
    [
      [{ t: "a" }, 6, 6],
      ...Array.from(
        { length: 60 },
        (_, i): [Record<string, string>, number, number] => [{ t: `${i}` }, 6, 0],
      ),
    ],
    // One of two.
    [[{ t: "a" }, 30, 15], [{ t: "b" }, 70, 0]],
    // The large one of two.
    [[{ t: "a" }, 30, 0], [{ t: "b" }, 70, 35]],
    // Half of eight.
    Array.from({ length: 8 }, (_, i) => [{ t: `${i}` }, 25, i < 4 ? 15 : 0]),
    // Two thirds in rows that were asked for nothing, whose value is "".
    [[{ t: "" }, 90, 60], [{ t: "a" }, 15, 0], [{ t: "b" }, 15, 0], [{ t: "c" }, 15, 0]],
  ];
  for (const [i, groups] of divided.entries()) {
    assert.equal(corpusWith(groups).spreads[0]?.even, false, `${i}`);
  }
});

Deno.test("openSpreads() makes no claim of breadth where rows asked for nothing lack a term", () => {
  const wordings = (hits: number): [Record<string, string>, number, number][] =>
    Array.from({ length: 14 }, (_, i) => [{ t: `${i}` }, 2, i < hits ? 1 : 0]);
  // Too few rows for a test to tell it.
  const lead = corpusWith([[{ t: "" }, 22, 0], ...wordings(12)]).spreads[0];
  assert.equal(lead?.even, false);
  assert.equal(corpusWith([[{ t: "" }, 22, 6], ...wordings(6)]).spreads[0]?.even, true);
  assert.equal(corpusWith([[{ t: "" }, 22, 12], ...wordings(0)]).spreads[0]?.even, false);
  // One would expect two rows: their lack says nothing.
  assert.equal(corpusWith([[{ t: "" }, 5, 0], ...wordings(12)]).spreads[0]?.even, true);
});

Deno.test("openSpreads() calls even what chance or a boost explains", () => {
  const divided: [Record<string, string>, number, number][][] = [
    [[{ t: "a" }, 20, 8], [{ t: "b" }, 20, 12]],
    // Twice as often in one tone.
    [[{ t: "a" }, 200, 120], [{ t: "b" }, 200, 60], [{ t: "c" }, 200, 60]],
    // Never in one of five.
    [
      ...["a", "b", "c", "d"].map((
        t,
      ): [Record<string, string>, number, number] => [{ t }, 100, 30]),
      [{ t: "e" }, 100, 0],
    ],
    // In every row.
    [[{ t: "a" }, 20, 20], [{ t: "b" }, 20, 20]],
    // A single value.
    [[{ t: "a" }, 20, 5]],
  ];
  for (const [i, groups] of divided.entries()) {
    assert.equal(corpusWith(groups).spreads[0]?.even, true, `${i}`);
  }
});

Deno.test("openSpreads() leaves out attributes that tell rows apart", () => {
  const groups = Array.from(
    { length: 2001 },
    (_, i): [Record<string, string>, number, number] => [{ id: `${i}` }, 1, i % 2],
  );
  const [spread] = corpusWith(groups).spreads;
  assert.deepEqual([spread?.breadth, spread?.tests, spread?.even], [Infinity, 0, true]);
});

Deno.test("openSpreads() tests values against the other rows of the language", () => {
  const { spreads } = corpusWith([[{ t: "a" }, 10, 8], [{ t: "b" }, 40, 4], [{ t: "c" }, 50, 3]]);
  const [hit, ...others] = spreads[0]!.hits;
  assert.deepEqual(others, []);
  assert.deepEqual([hit?.attribute.values[hit.value], hit?.rows, hit?.of], ["a", 8, 10]);
  // (½·C(15, 8)·C(85, 2) + C(15, 9)·85 + C(15, 10)) ÷ C(100, 10)
  assert.ok(Math.abs(hit!.p / 6.883125359476036e-07 - 1) < 1e-6, `${hit!.p}`);
  assert.equal(hit?.values, 3);
});
