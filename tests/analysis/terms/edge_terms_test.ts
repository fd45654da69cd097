import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { edgeTerms } from "../../../src/analysis/terms/edge_terms.ts";
import { wilson } from "../../../src/stats/intervals.ts";

Deno.test("edgeTerms() finds openings and endings of 1 to 4 words by share", () => {
  const { corpus } = corpusOf([
    { text: "Can I get a loan, please?" },
    { text: "can I get a card please" },
    { text: "Can I pay?" },
    { text: "…" },
    { text: "No." },
  ]);
  const openings = edgeTerms(corpus, { edge: "openings" });
  assert.deepEqual(openings.map(({ term, n, rows }) => [term, n, rows]), [
    ["can i", 2, 3],
    ["can", 1, 3],
    ["can i get a", 4, 2],
    ["can i get", 3, 2],
  ]);
  assert.deepEqual({ ...openings[0] }, {
    term: "can i",
    n: 2,
    rows: 3,
    share: 0.6,
    ...wilson(3, 5),
    even: true,
  });
  const endings = edgeTerms(corpus, { edge: "endings" });
  assert.deepEqual(endings.map(({ term, rows }) => [term, rows]), [["please", 2]]);
});

Deno.test("edgeTerms() tells openings that one value of an attribute explains", () => {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const topic = ["Price", "Card", "Loan"][i % 3]!;
    const start = i % 4 === 0 ? "hello there" : topic === "Price" ? "how much" : `w${i}`;
    return { text: `${start} x${i}`, attributes: { topic } };
  });
  const found = edgeTerms(corpusOf(rows, { language: "en" }).corpus, { edge: "openings" });
  const even = (of: string) => found.find(({ term }) => term === of)?.even;
  assert.deepEqual(["how much", "hello there"].map(even), [false, true]);
});

Deno.test("edgeTerms() counts as cutting texts does", () => {
  const word = fc.constantFrom("a", "b", "c");
  const texts = fc.array(fc.array(word, { maxLength: 6 }), { maxLength: 15 });
  fc.assert(fc.property(texts, fc.boolean(), (rows, atEnd) => {
    const counts = new Map<string, number>();
    for (const row of rows) {
      for (let n = 1; n <= Math.min(4, row.length); n++) {
        const edge = (atEnd ? row.slice(-n) : row.slice(0, n)).join(" ");
        counts.set(edge, (counts.get(edge) ?? 0) + 1);
      }
    }
    const { corpus } = corpusOf(rows.map((row) => ({ text: row.join(" ") })));
    const found = edgeTerms(corpus, { edge: atEnd ? "endings" : "openings" });
    const expected = [...counts].filter(([, count]) => count >= 2);
    assert.deepEqual(new Map(found.map(({ term, rows }) => [term, rows])), new Map(expected));
    assert.ok(found.every(({ rows }, i) => i === 0 || rows <= found[i - 1]!.rows));
  }));
});

Deno.test("edgeTerms() lists the 50 most often of each length", () => {
  const rows = Array.from(
    { length: 60 },
    (_, word) => Array.from({ length: 2 + word }, (_, i) => ({ text: `w${word} x${word} y${i}` })),
  ).flat();
  const found = edgeTerms(corpusOf(rows).corpus, { edge: "openings" });
  assert.equal(found.length, 100);
  assert.deepEqual([found[0]?.term, found.at(-1)?.term], ["w59 x59", "w10"]);
  assert.deepEqual(edgeTerms(corpusOf([]).corpus, { edge: "endings" }), []);
});
