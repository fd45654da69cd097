import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { compressionFindings } from "../../../src/analysis/sameness/compression.ts";
import { entropyFindings } from "../../../src/analysis/sameness/entropy.ts";
import { rarefiedDistinct } from "../../../src/analysis/sameness/rarefied.ts";
import { rowSampler, sampleWords } from "../../../src/analysis/sameness/sample.ts";
import { selfRepetition } from "../../../src/analysis/sameness/self_repetition.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { corpusFrom, oneOf, zipfWords } from "./corpora.ts";

function zipfTexts(rows: number, seed: number, vocabulary = 5000): string[] {
  const random = openRandom("texts", seed);
  const { draw } = zipfWords(vocabulary, random);
  return Array.from(
    { length: rows },
    () => Array.from({ length: 8 + Math.floor(random() * 20) }, draw).join(" "),
  );
}

Deno.test("rowSampler() draws each set of rows equally often, none twice in a sample", () => {
  const sample = rowSampler(5, 10, openRandom("sampler"));
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const rows: number[] = [];
    sample((row) => rows.push(row) < 2);
    const key = rows.toSorted((a, b) => a - b).join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 10);
  for (const [key, count] of counts) assert.ok(Math.abs(count - 600) < 120, `${key}: ${count}`);
});

Deno.test("sampleWords() cuts the last row to fit", () => {
  const { starts } = corpusFrom(zipfTexts(50, 1));
  const sample = rowSampler(0, 50, openRandom("cut"));
  const spans = sampleWords(sample, starts, 100);
  assert.equal(spans.reduce((sum, { from, to }) => sum + to - from, 0), 100);
  assert(spans.every(({ from }) => starts.includes(from)));
  const all = sampleWords(sample, starts, 1e9);
  assert.equal(all.reduce((sum, { from, to }) => sum + to - from, 0), starts.at(-1));
});

Deno.test("rarefiedDistinct() counts n-grams within rows only", () => {
  const corpus = corpusFrom(["a b a b", "b a b", "c"]);
  const random = openRandom("rows");
  // ab ba ab, ba ab: 2 of 5; aba bab, bab: 2 of 3.
  rarefiedDistinct(corpus, { per: 8, random }).forEach((share, i) =>
    assert.ok(Math.abs(share! - [3 / 8, 2 / 5, 2 / 3][i]!) < 1e-12, `${i + 1}: ${share}`)
  );
  assert.deepEqual(rarefiedDistinct(corpus, { per: 9, random }), [null, null, null]);
  const single = corpusFrom(["a", "b", "a", "c"]);
  assert.deepEqual(rarefiedDistinct(single, { per: 4, random }), [3 / 4, null, null]);
  const part = rarefiedDistinct(corpus, { per: 3, random, from: 1, to: 2 });
  assert.ok(Math.abs(part[0]! - 2 / 3) < 1e-12 && part[1] === 1 && part[2] === 1);
});

Deno.test("rarefiedDistinct() stays where it is as a run grows", () => {
  const [small, large] = [1500, 9000].map((rows) =>
    rarefiedDistinct(corpusFrom(zipfTexts(rows, rows)), { per: 5000, random: openRandom("grow") })
  );
  for (const n of [0, 1, 2]) {
    const [one, other] = [small?.[n] ?? NaN, large?.[n] ?? NaN];
    assert.ok(Math.abs(one - other) < 0.015, `distinct-${n + 1}: ${one}, ${other}`);
  }
});

Deno.test("entropyFindings() comes near the truth of Zipf's law, nearer than counting alone", () => {
  const random = openRandom("entropy");
  const { draw, shares } = zipfWords(20_000, random);
  const truth = -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
  const words = Array.from({ length: 30_000 }, draw);
  const texts = Array.from({ length: 2000 }, (_, i) => words.slice(15 * i, 15 * i + 15).join(" "));
  const found = entropyFindings(corpusFrom(texts), { random });
  const counts = [...Map.groupBy(words, (word) => word).values()].map(({ length }) => length);
  const counted = -counts.reduce((sum, n) => sum + n / 30_000 * Math.log2(n / 30_000), 0);
  assert.ok(Math.abs(found.words! - truth) < 0.2, `${found.words} for ${truth}`);
  assert.ok(truth - counted > 0.3, `counted ${counted}`);
  assert.equal(found.wordsMost, Math.log2(counts.length));
  assert.equal(found.atWords, 30_000);
});

Deno.test("entropyFindings() of openings is the entropy of the first three words", () => {
  // A quarter each, so often that nothing is unseen; a row of two words is an opening of its own.
  const openings = ["can i pay", "can i get", "i lost", "please help me"];
  const texts = Array.from({ length: 800 }, (_, i) => {
    const opening = openings[i % 4]!;
    return opening === "i lost" ? opening : `${opening} ${"abcdefgh"[i % 7]} now`;
  });
  const found = entropyFindings(corpusFrom(["", ...texts]), { random: openRandom("openings") });
  assert.ok(Math.abs(found.openings! - 2) < 1e-9);
  assert.equal(found.openingsMost, 2);
  assert.equal(found.atRows, 800);
});

Deno.test("entropyFindings() is null where nothing comes twice, and where there is nothing", () => {
  const once = entropyFindings(corpusFrom(["a b", "c d e f"]), { random: openRandom("once") });
  assert.equal(once.words, null);
  assert.equal(once.openings, null);
  assert.equal(once.wordsMost, Math.log2(6));
  const nothing = entropyFindings(corpusFrom([]), { random: openRandom("none") });
  assert.deepEqual(nothing, {
    words: null,
    unit: "bits",
    openings: null,
    wordsMost: null,
    openingsMost: null,
    atWords: 0,
    atRows: 0,
  });
});

Deno.test("compressionFindings() sees that each row is there twice, which gzip doesn't", () => {
  const texts = zipfTexts(4000, 3);
  const half = texts.slice(0, 2000);
  const random = openRandom("shuffle");
  const twice = [...half, ...half].map((text) => ({ text, at: random() }))
    .toSorted((a, b) => a.at - b.at).map(({ text }) => text);
  const ratio = (those: string[]) => compressionFindings(those, { random }).compression ?? NaN;
  const gzip = (those: string[]) => {
    const bytes = new TextEncoder().encode(those.join("\n"));
    return bytes.length / gzipSync(bytes).length;
  };
  assert.ok(ratio(twice) / ratio(texts) > 1.35, `${ratio(twice)} for ${ratio(texts)}`);
  assert.ok(gzip(twice) / gzip(texts) < 1.15, `${gzip(twice)} for ${gzip(texts)}`);
});

Deno.test("compressionFindings() says how many bytes it took, at most 4 MB", () => {
  const random = openRandom("bytes");
  assert.equal(compressionFindings(["åä", "b"], { random }).compressedBytes, 7);
  assert.deepEqual(compressionFindings([], { random }), { compression: null, compressedBytes: 0 });
  const { compressedBytes } = compressionFindings(Array(600).fill("x".repeat(9999)), { random });
  assert.equal(compressedBytes, 4_000_000);
  const one = compressionFindings(["x".repeat(5_000_000)], { random });
  assert.equal(one.compressedBytes, 5_000_001);
});

Deno.test("selfRepetition() counts how often a row's 4-grams occur in other rows", () => {
  // abcd in the first row; abcd bcde in the second; the third has abcd twice, and bcda cdab dabc.
  const corpus = corpusFrom(["a b c d", "a b c d e", "a b c d a b c d", "x y"]);
  const expected = [Math.log(1 + 3), Math.log(1 + 3), Math.log(1 + 2), 0];
  const mean = expected.reduce((sum, each) => sum + each, 0) / 4;
  assert.ok(Math.abs(selfRepetition(corpus)! - mean) < 1e-12);
  assert.equal(selfRepetition(corpusFrom(["a b c d a b c d", "e f g h"])), 0);
  assert.equal(selfRepetition(corpusFrom(["a b c", "a b c"])), null);
  assert.equal(selfRepetition(corpusFrom([])), null);
});

Deno.test("selfRepetition() equals a count by strings", () => {
  for (let seed = 0; seed < 30; seed++) {
    const random = openRandom("repetition", seed);
    const letters = [..."abcdefghij"].slice(0, 2 + Math.floor(random() * 8));
    const rows = Array.from(
      { length: 1 + Math.floor(random() * 400) },
      () => Array.from({ length: 1 + Math.floor(random() * 12) }, () => oneOf(letters, random)),
    );
    const grams = rows.map((words) =>
      words.slice(3).map((_, i) => words.slice(i, i + 4).join(" "))
    );
    const counts = new Map<string, number>();
    for (const gram of grams.flat()) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    const scores = grams.map((own) => {
      const elsewhere = [...new Set(own)].reduce(
        (sum, gram) => sum + counts.get(gram)! - own.filter((each) => each === gram).length,
        0,
      );
      return Math.log(1 + elsewhere);
    });
    const mean = scores.reduce((sum, score) => sum + score, 0) / rows.length;
    const found = selfRepetition(corpusFrom(rows.map((words) => words.join(" "))));
    if (grams.flat().length === 0) assert.equal(found, null);
    else assert.ok(Math.abs(found! - mean) < 1e-12, `seed ${seed}`);
  }
});
