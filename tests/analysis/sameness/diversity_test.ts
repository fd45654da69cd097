import assert from "node:assert/strict";
import { uniform } from "../../../src/stats/random.ts";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { diversityFindings } from "../../../src/analysis/sameness/diversity.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { corpusFrom, zipfWords } from "./corpora.ts";

/** Texts of words of their own: no two are alike. */
function differentTexts(rows: number, seed = 1): string[] {
  const random = openRandom("different", seed);
  const { draw } = zipfWords(5000, random);
  return Array.from(
    { length: rows },
    () => Array.from({ length: 10 + Math.floor(random() * 10) }, draw).join(" "),
  );
}

Deno.test("diversityFindings() finds planted copies and near copies, of exactly their rows", () => {
  const others = differentTexts(400);
  const base = "could you please tell me how long it takes until my new credit card comes";
  const near = base.replace("comes", "arrives");
  // The third is near the second only, the last one has another content word.
  const short = ["Can I pay by card?", "How can I pay by card?", "How can I pay with card?"];
  const other = "Can I pay by phone?";
  const texts = [
    base,
    ...others.slice(0, 100),
    base.toUpperCase() + "!",
    near,
    short[0]!,
    ...others.slice(100, 300),
    short[1]!,
    "where is my train",
    other,
    short[2]!,
    near.replaceAll(" ", ", "),
    ...others.slice(300),
    "Where IS my train?!",
  ];
  const { corpus } = corpusOf(texts.map((text) => ({ text })), { language: "en" });
  const found = diversityFindings(corpus);
  assert.equal(found.exactDuplicates, 3);
  assert.equal(found.nearDuplicates.clusters, 2);
  assert.equal(found.nearDuplicates.rows, 7);
  const rowsOf = (...those: number[]) => those.map((row) => ({ row }));
  assert.deepEqual(found.nearDuplicates.largest, [
    { size: 4, rows: rowsOf(0, 101, 102, 308), text: base },
    { size: 2, rows: rowsOf(103, 304), text: short[0] },
  ]);
});

Deno.test("diversityFindings() tells openings used equally often by their number", () => {
  const openings = ["can i pay", "where is my", "i lost a", "please help me", "how do i"];
  const texts = differentTexts(500).map((text, row) => `${openings[row % 5]} ${text}`);
  assert.ok(Math.abs(diversityFindings(corpusFrom(texts)).effectiveOpenings! - 5) < 1e-6);
});

Deno.test("diversityFindings() finds neither in texts of the same words in another order", () => {
  const [text = ""] = differentTexts(1);
  const words = text.split(" ");
  const turned = words.toReversed().join(" ");
  const found = diversityFindings(corpusFrom([text, turned]));
  assert.equal(found.exactDuplicates, 0);
  assert.equal(found.nearDuplicates.clusters, 0);
});

Deno.test("diversityFindings() calls copies alone no cluster", () => {
  const found = diversityFindings(corpusFrom(Array(300).fill("Can I use Apple Pay abroad?")));
  assert.equal(found.exactDuplicates, 299);
  assert.deepEqual(found.nearDuplicates, { clusters: 0, rows: 0, largest: [] });
  assert.equal(found.effectiveOpenings, 1);
  assert.equal(found.entropy.openings, 0);
  assert.deepEqual(found.drift.map(({ repeats }) => repeats), Array(6).fill(49 / 50));
  assert.ok(found.compression! > 100);
  assert.ok(Math.abs(found.selfRepetition! - Math.log(1 + 3 * 299)) < 1e-9);
});

Deno.test("diversityFindings() finds nothing alike where nothing is", () => {
  const found = diversityFindings(corpusFrom(differentTexts(1000)));
  assert.equal(found.exactDuplicates, 0);
  assert.equal(found.nearDuplicates.rows, 0);
  assert.equal(found.distinct.per, 10_000);
  assert.ok(found.drift.every(({ repeats }) => repeats === 0));
});

Deno.test("diversityFindings() of no, one and two rows has nothing that isn't defined", () => {
  const none = diversityFindings(corpusFrom([]));
  assert.deepEqual(none, {
    exactDuplicates: 0,
    nearDuplicates: { clusters: 0, rows: 0, largest: [] },
    distinct: { 1: null, 2: null, 3: null, per: 1000 },
    effectiveOpenings: null,
    entropy: {
      words: null,
      unit: "bits",
      openings: null,
      wordsMost: null,
      openingsMost: null,
      atWords: 0,
      atRows: 0,
    },
    compression: null,
    compressedBytes: 0,
    selfRepetition: null,
    drift: [],
  });
  const one = diversityFindings(corpusFrom(["I lost my card"]));
  assert.equal(one.exactDuplicates, 0);
  assert.equal(one.selfRepetition, 0);
  assert.equal(one.entropy.openings, null);
  const two = diversityFindings(corpusFrom(["I lost my card", "I lost my card too"], "en"));
  assert.equal(two.nearDuplicates.rows, 2);
  assert.equal(two.effectiveOpenings, 1);
  for (const found of [one, two]) assert.ok(!/NaN|Infinity/.test(JSON.stringify(found)));
});

Deno.test("diversityFindings() reads scripts without spaces", () => {
  const base =
    "新しい口座を開設したいのですが、来週の火曜日に支店へ持って行く必要のある書類を教えていただけますか。";
  const texts = [
    base,
    base.replace("。", ""),
    base.replace("書類", "手続き"),
    "クレジットカードを紛失してしまったので、すぐに止めてもらえませんか？",
    "住宅ローンの金利は来月から上がる予定でしょうか、詳しく知りたいです。",
  ];
  const found = diversityFindings(
    corpusOf(texts.map((text) => ({ text })), { language: "ja" }).corpus,
  );
  assert.equal(found.exactDuplicates, 1);
  assert.equal(found.nearDuplicates.clusters, 1);
  assert.equal(found.nearDuplicates.rows, 3);
});

Deno.test("diversityFindings() tells a row's run where there are several", () => {
  const { corpus } = corpusOf([
    { row: 7, text: "I lost my card" },
    { row: 3, text: "I lost the card" },
  ], { language: "en" });
  const found = diversityFindings({
    ...corpus,
    runs: ["metro-1", "metro-2"],
    runOf: Uint8Array.of(0, 1),
  });
  assert.deepEqual(found.nearDuplicates.largest[0]?.rows, [
    { row: 7, run: "metro-1" },
    { row: 3, run: "metro-2" },
  ]);
});

Deno.test("diversityFindings() tells at most 100 clusters, the largest first, and 50 rows of each", () => {
  const texts = differentTexts(120).flatMap((text, i) => [
    ...Array<string>(i < 3 ? 60 + i : 1).fill(text),
    `${text} ok`,
  ]);
  const { clusters, rows, largest } = diversityFindings(corpusFrom(texts)).nearDuplicates;
  assert.equal(clusters, 120);
  assert.equal(rows, texts.length);
  assert.equal(largest.length, 100);
  assert.deepEqual(largest.slice(0, 4).map(({ size }) => size), [63, 62, 61, 2]);
  assert.deepEqual(largest.slice(0, 4).map(({ rows }) => rows.length), [50, 50, 50, 2]);
});

Deno.test("diversityFindings() shows a run that repeats itself ever more", () => {
  const fresh = differentTexts(1000, 2);
  // In the second half every other row says again what the row before says.
  const texts = fresh.map((text, row) => row >= 500 && row % 2 === 1 ? fresh[row - 1]! : text);
  const { drift } = diversityFindings(corpusFrom(texts));
  assert.deepEqual(drift.map(({ from, to }) => [from, to]), [
    ...Array.from({ length: 10 }, (_, part) => [100 * part, 100 * part + 100]),
  ]);
  assert.deepEqual(drift.map(({ repeats }) => repeats), [0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5]);
  assert.ok(drift.every(({ medianWords }) => medianWords >= 14 && medianWords <= 15));
  assert.ok(drift.slice(0, 5).every(({ distinct2 }) => distinct2 !== null && distinct2 > 0.8));
  assert.ok(drift.slice(5).every(({ distinct2 }) => distinct2 !== null && distinct2 < 0.7));
});

Deno.test("diversityFindings() finds no more repeats later on where the source never changes", () => {
  const pool = differentTexts(300, 3);
  const texts = Array.from({ length: 1000 }, (_, row) => pool[Math.floor(300 * uniform(row))]!);
  const { drift } = diversityFindings(corpusFrom(texts));
  const repeats = drift.map((part) => part.repeats);
  const expected = 1 - 300 / 100 * (1 - (1 - 1 / 300) ** 100);
  assert.ok(repeats.every((share) => Math.abs(share - expected) < 0.12), `${repeats}`);
});

Deno.test("diversityFindings() has parts of at least 50 rows, or none", () => {
  const parts = (rows: number) => diversityFindings(corpusFrom(differentTexts(rows))).drift.length;
  assert.deepEqual([99, 100, 174, 499, 500].map(parts), [0, 2, 3, 9, 10]);
});

Deno.test("diversityFindings() gives the same twice, and other samples by another seed", () => {
  const corpus = corpusFrom(differentTexts(3000));
  const once = diversityFindings(corpus);
  assert.deepEqual(diversityFindings(corpus, { seed: 1 }), once);
  const other = diversityFindings(corpus, { seed: 2 });
  assert.notEqual(other.distinct[2], once.distinct[2]);
  assert.ok(Math.abs(other.distinct[2]! - once.distinct[2]!) < 0.01);
});
