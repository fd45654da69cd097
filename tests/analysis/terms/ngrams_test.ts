import assert from "node:assert/strict";
import { NGrams } from "natural/lib/natural/ngrams/index.js";
import fc from "npm:fast-check@4.10.2";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { ngramLevels, postings } from "../../../src/analysis/terms/ngrams.ts";
import { openPairs } from "../../../src/analysis/terms/pairs.ts";

/** The rows of each phrase of n words, by `natural`'s n-grams and texts as keys. */
function phrasesOf(texts: string[], n: number, minRows: number): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [row, text] of texts.entries()) {
    const phrases = NGrams.ngrams(text.split(" ").filter((word) => word !== ""), n);
    for (const phrase of new Set(phrases.map((words) => words.join(" ")))) {
      found.set(phrase, [...found.get(phrase) ?? [], row]);
    }
  }
  return new Map([...found].filter(([, rows]) => rows.length >= minRows));
}

Deno.test("ngramLevels() finds the phrases that a plain count of texts finds", () => {
  const word = fc.constantFrom("a", "b", "c", "dd");
  const row = fc.oneof(
    fc.array(word, { maxLength: 9 }),
    fc.array(fc.constant("a"), { maxLength: 7 }),
  ).map((words) => words.join(" "));
  const rows = fc.array(row, { maxLength: 12 });
  fc.assert(fc.property(rows, fc.integer({ min: 1, max: 3 }), (texts, minRows) => {
    const { corpus } = corpusOf(texts.map((text) => ({ text })));
    const before: string[][] = [];
    for (const level of ngramLevels(corpus, { minRows, longest: 5 })) {
      const { n, size, left, right, at } = level;
      const terms = Array.from(
        { length: size },
        (_, i) =>
          n === 1
            ? corpus.vocabulary[left[i]!]!
            : `${before[n - 2]![left[i]!]} ${before[n - 2]![right[i]!]!.split(" ").at(-1)}`,
      );
      before.push(terms);
      const expected = phrasesOf(texts, n, minRows);
      assert.deepEqual(new Set(terms), new Set(expected.keys()));
      const listed = postings(corpus, level, { wanted: new Uint8Array(size).fill(1) });
      for (const [i, term] of terms.entries()) {
        assert.equal(level.rows[i], expected.get(term)!.length);
        const rows = listed.rows.subarray(listed.from[i], listed.from[i + 1]);
        assert.deepEqual([...rows], expected.get(term), term);
      }
      for (let i = 0; i < at.length; i++) {
        const there = Array.from(
          corpus.tokens.subarray(i, i + n),
          (each) => corpus.vocabulary[each]!,
        );
        if (at[i]! > 0) assert.equal(terms[at[i]! - 1], there.join(" "));
      }
    }
    assert.equal(
      phrasesOf(texts, before.length + 1, minRows).size > 0,
      before.length === 5 &&
        phrasesOf(texts, 6, minRows).size > 0,
    );
  }));
});

Deno.test("postings() lists only what is wanted", () => {
  const { corpus } = corpusOf([{ text: "a b a" }, { text: "b" }]);
  const [level] = ngramLevels(corpus, { minRows: 1, longest: 1 });
  const { from, rows } = postings(corpus, level!, { wanted: Uint8Array.of(0, 1) });
  assert.deepEqual([[...from], [...rows]], [[0, 0, 2], [0, 1]]);
});

Deno.test("openPairs() numbers many pairs as a map does", () => {
  const pairs = openPairs();
  const map = new Map<string, number>();
  for (let i = 0; i < 30_000; i++) {
    const [left, right] = [(i * 7919) % 1000, (i * 104_729) % 13 + 2 ** 32 - 14];
    const key = `${left} ${right}`;
    if (!map.has(key)) map.set(key, map.size);
    assert.equal(pairs.number(left, right), map.get(key));
  }
  assert.equal(pairs.size, map.size);
  assert.ok(map.size > 8192);
  for (const [key, pair] of map) assert.equal(key, `${pairs.left(pair)} ${pairs.right(pair)}`);
});
