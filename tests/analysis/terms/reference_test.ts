import assert from "node:assert/strict";
import { corpusOf, type LooseRow } from "../../../src/analysis/reading/corpus.ts";
import {
  englishReference,
  parseReference,
  referenceFindings,
  referenceOf,
} from "../../../src/analysis/terms/reference.ts";
import { conservativeLogRatio } from "../../../src/stats/log_ratio.ts";

const about = { name: "words.txt", language: "en" };

Deno.test("parseReference() reads an object and lines", () => {
  const expected = [["i", 35], ["don't", 3], ["new york", 2]];
  for (
    const text of [
      '{"I": 30, "i": 5, "Don’t": 3, "new york": 2}',
      "I 30\ni\t5\r\nDon’t   3\n\nnew york 2\n",
      "\ufeffI 30\ni 5\ndon't 3\nNew York 2.0",
    ]
  ) {
    const { counts, words, name, language } = parseReference(text, about);
    assert.deepEqual([...counts], expected);
    assert.deepEqual([words, name, language], [40, "words.txt", "en"]);
  }
  assert.equal(parseReference('\ufeff{"a": 1}', about).words, 1);
  assert.deepEqual([...parseReference('{"constructor": 4}', about).counts], [["constructor", 4]]);
});

Deno.test("parseReference() says which line is none", () => {
  const faults: [string, RegExp][] = [
    ["loan 12\nloan", /words\.txt, line 2: no word with its count/],
    ["loan -3", /line 1/],
    ["12", /line 1/],
    ['{"loan": "many"}', /words\.txt: the count of "loan" is no number/],
    ['{"loan": 1', /starts as JSON but isn't/],
  ];
  for (const [text, message] of faults) {
    assert.throws(() => parseReference(text, about), { name: "UserError", exitCode: 2, message });
  }
});

Deno.test("referenceFindings() lists what stands out, with its rates", () => {
  const real = referenceOf(
    Array.from({ length: 500 }, (_, i) => `my card ${i % 50 === 0 ? "kindly" : "please"} w${i}`),
    { name: "chats.csv", language: "en" },
  );
  const rows = Array.from({ length: 100 }, (_, i): LooseRow => ({
    text: i % 2 === 0 ? "Kindly, kindly my card x" : "please my card the w",
    attributes: { language: i % 4 === 3 ? "Swedish" : "English" },
  }));
  const found = referenceFindings(corpusOf(rows).corpus, real);
  assert.deepEqual([found.name, found.language, found.languageShare], ["chats.csv", "en", 0.75]);
  assert.equal(found.words, 2000);
  assert.match(
    found.caveat,
    /real messages.*Only rows asked for in the same language \(en\).*75 of 100/,
  );
  const kindly = found.terms.find(({ term }) => term === "kindly");
  // 50 English rows of 5 words with it twice, 25 of 5 words without.
  assert.deepEqual(kindly, {
    term: "kindly",
    rows: 50,
    count: 100,
    perMillion: 100 / 375 * 1e6,
    reference: 5000,
    lrc: conservativeLogRatio({ f1: 100, n1: 375, f2: 10, n2: 2000 }, { tests: 5 }),
  });
  // "card" is as frequent as there; "the" is a function word.
  assert.deepEqual(found.terms.map(({ term }) => term), ["x", "kindly", "w"]);
});

Deno.test("referenceFindings() cuts words where the reference does", () => {
  const subtitles = parseReference("don 10\nt 20\ninvoice 5\ne 5\nthe 960", about);
  const rows = Array.from(
    { length: 20 },
    () => ({ text: "Don't the e-invoice invoice kindly 12" }),
  );
  const { terms } = referenceFindings(corpusOf(rows, { language: "en" }).corpus, subtitles);
  assert.deepEqual(terms.map(({ term, count, rows }) => [term, count, rows]), [
    ["kindly", 20, 20],
    ["invoice", 40, 20],
  ]);
});

Deno.test("referenceFindings() compares nothing where no row is in the language", () => {
  const real = referenceOf(["my card"], about);
  for (const rows of [[], [{ text: "hej", attributes: { language: "Danish" } }]]) {
    const { terms, languageShare } = referenceFindings(corpusOf(rows).corpus, real);
    assert.deepEqual([terms, languageShare], [[], 0]);
  }
  const none = referenceFindings(
    corpusOf(Array(9).fill({ text: "card" }), { language: "en" }).corpus,
    referenceOf([], about),
  );
  assert.deepEqual(none.terms, []);
});

Deno.test("englishReference() has the words of subtitles in lower case", async () => {
  const { counts, words } = await englishReference();
  assert.equal(words, 49_719_560);
  assert.deepEqual([counts.get("i"), counts.get("don"), counts.has("I")], [2038529, 321085, false]);
});
