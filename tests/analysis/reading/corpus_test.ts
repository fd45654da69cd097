import assert from "node:assert/strict";
import {
  corpusOf,
  type LooseRow,
  readCorpus,
  referenceTo,
} from "../../../src/analysis/reading/corpus.ts";
import type { Corpus, Source } from "../../../src/analysis/reading/rows.ts";
import type { AttributeValue } from "../../../src/config/types.ts";
import { UserError } from "../../../src/error.ts";
import { config } from "../../run/fixtures.ts";

function values(...names: string[]): AttributeValue[] {
  return names.map((value) => ({ value, score: 1, factor: 1, prompt: null, when: null }));
}

/** A source of the rows as `corpusOf` would read them. */
function source(
  name: string,
  rows: LooseRow[],
  fields: Partial<Source> & { attributes?: Record<string, AttributeValue[]> } = {},
): Source {
  const { attributes, ...others } = fields;
  return {
    name,
    counts: corpusOf(rows).counts,
    async *rows() {
      for (const [place, row] of rows.entries()) {
        yield await Promise.resolve({
          row: place,
          attributes: {},
          requestedWords: null,
          outcome: "ok" as const,
          text: null,
          words: null,
          ...row,
        });
      }
    },
    pending: () => [],
    config: attributes === undefined ? null : config({ attributes }),
    drawn: null,
    files: [],
    ...others,
  };
}

/** The words of a row again. */
function wordsOf({ vocabulary, tokens, starts }: Corpus, row: number): string[] {
  return Array.from(tokens.subarray(starts[row], starts[row + 1]), (word) => vocabulary[word]!);
}

Deno.test("corpusOf() numbers the words of ok rows with a text", () => {
  const { corpus, counts } = corpusOf([
    { text: "A loan, please!", requestedWords: 4 },
    { text: "I can't.", outcome: "refused" },
    { text: null, outcome: "failed" },
    { text: "…", words: 7 },
    { row: 90, text: "Please: a card \ud800" },
  ], { pending: [{ attributes: {} }] });
  assert.equal(corpus.size, 3);
  assert.deepEqual(corpus.vocabulary, ["a", "loan", "please", "card"]);
  assert.deepEqual([0, 1, 2].map((row) => wordsOf(corpus, row).join(" ")), [
    "a loan please",
    "",
    "please a card",
  ]);
  assert.deepEqual([...corpus.words], [3, 7, 4]);
  assert.deepEqual([...corpus.requestedWords], [4, 0, 0]);
  assert.deepEqual([...corpus.numbers], [0, 3, 90]);
  assert.equal(corpus.texts[2], "Please: a card \ud800");
  const none = { filtered: 0, truncated: 0, empty: 0 };
  assert.deepEqual(counts, { planned: 6, ok: 3, refused: 1, failed: 1, pending: 1, ...none });
});

Deno.test("corpusOf() reads many rows as it reads few", () => {
  const rows = Array.from({ length: 5000 }, (_, row): LooseRow => ({
    text: `word${row} and the rest of a row that is number ${row}`,
    attributes: row < 3000 ? {} : { topic: `t${row % 7}` },
    requestedWords: row,
  }));
  const { corpus, tallies } = corpusOf(rows);
  for (const row of [0, 1023, 1024, 2047, 2048, 4999]) {
    const asked = row < 3000 ? "" : `t${row % 7}`;
    assert.equal(wordsOf(corpus, row)[0], `word${row}`);
    assert.equal(corpus.numbers[row], row);
    assert.equal(corpus.requestedWords[row], row);
    assert.equal(corpus.attributes[0]?.values[corpus.attributes[0].codes[row]!], asked);
  }
  assert.equal(corpus.starts.length, 5001);
  assert.equal(corpus.starts[5000], corpus.tokens.length);
  assert.equal(tallies[0]?.rows.ok.at(-1), 3000);
});

Deno.test("readCorpus() takes values in the config's order, then as they come", async () => {
  const attributes = { tone: values("Angry", "", "Calm"), topic: values("Loan") };
  const first = source("one", [
    { text: "a", attributes: { tone: "Calm", topic: "Loan" } },
    { text: null, outcome: "refused", attributes: { tone: "Angry", topic: "Card" } },
  ], { attributes, pending: () => [{ row: 9, attributes: { tone: "Angry" }, requestedWords: 1 }] });
  const second = source("two", [{ row: 5, text: "b", attributes: { age: "70+", tone: "Sad" } }]);
  let seen = 0;
  const { corpus, tallies, counts } = await readCorpus([first, second], {
    onRow: (rows) => seen = rows,
  });
  assert.equal(seen, 3);
  assert.deepEqual(corpus.attributes.map(({ stem, values }) => [stem, values]), [
    ["tone", ["Angry", "", "Calm", "Sad"]],
    ["topic", ["Loan", "Card", ""]],
    ["age", ["70+", ""]],
  ]);
  assert.deepEqual(corpus.attributes.map(({ codes }) => [...codes]), [[2, 3], [0, 2], [1, 0]]);
  assert.deepEqual(corpus.runs, ["one", "two"]);
  assert.deepEqual(referenceTo(corpus, 1), { row: 5, run: "two" });
  const [tone, topic] = tallies;
  assert.deepEqual([...tone!.planned], [2, 0, 1, 1]);
  assert.deepEqual([...tone!.rows.refused], [1, 0, 0, 0]);
  assert.deepEqual([...tone!.rows.pending], [1, 0, 0, 0]);
  assert.deepEqual([...topic!.rows.pending], [0, 0, 1]);
  assert.deepEqual([...topic!.rows.ok], [1, 0, 1]);
  assert.equal(counts.planned, 3);
});

Deno.test("corpusOf() knows the language that a row was asked in", () => {
  const rows = ["Turkish", "English", "", "tr"].map((language): LooseRow => ({
    text: "KIZ",
    attributes: { language, tone: "Angry" },
  }));
  const { corpus } = corpusOf(rows);
  assert.deepEqual(corpus.languages, ["tr", "en", "und"]);
  assert.deepEqual([...corpus.languageOf], [0, 1, 2, 0]);
  assert.deepEqual([0, 1, 2, 3].map((row) => wordsOf(corpus, row)[0]), [
    "kız",
    "kiz",
    "kiz",
    "kız",
  ]);
  assert.deepEqual(corpus.attributes.map(({ isLanguage }) => isLanguage), [true, false]);
  const told = corpusOf(
    [{ text: "Hej", attributes: { language: "" } }, { text: "Hi", attributes: { language: "da" } }],
    { language: (text) => text === "Hej" ? "sv" : "en" },
  ).corpus;
  assert.deepEqual([told.languages, [...told.languageOf]], [["sv", "da"], [0, 1]]);
  const given = corpusOf([{ text: "KIZ" }], { language: "tr" }).corpus;
  assert.deepEqual([given.languages, given.vocabulary], [["tr"], ["kız"]]);
});

Deno.test("corpusOf() lower-cases each text by the language that it is told to be in, asking once", () => {
  const texts = ["IŞIK NEDİR", "IS IT", "KIZ", "IRAK"];
  const asked: string[] = [];
  const language = (text: string) => {
    asked.push(text);
    return /[Şİ]/.test(text) || text === "IRAK" ? "tr" : "en";
  };
  const rows = texts.map((text): LooseRow => ({
    text,
    attributes: text === "KIZ" ? { language: "Turkish" } : {},
  }));
  const { corpus } = corpusOf(rows, { language });
  assert.deepEqual(corpus.vocabulary, ["ışık", "nedir", "is", "it", "kız", "ırak"]);
  assert.deepEqual([corpus.languages, [...corpus.languageOf]], [["tr", "en"], [0, 1, 0, 0]]);
  assert.deepEqual(asked, ["IŞIK NEDİR", "IS IT", "IRAK"]);
});

Deno.test("corpusOf() takes attributes by any name", () => {
  const odd: Record<string, string> = JSON.parse('{"__proto__": "x", "constructor": "\\ud800"}');
  const { corpus } = corpusOf([{ text: "a" }, { text: "b", attributes: odd }]);
  assert.deepEqual(corpus.attributes.map(({ stem, values }) => [stem, ...values]), [
    ["__proto__", "x", ""],
    ["constructor", "\ud800", ""],
  ]);
});

Deno.test("corpusOf() is empty without rows", () => {
  const { corpus, tallies } = corpusOf([], { config: config() });
  assert.equal(corpus.size, 0);
  assert.deepEqual([...corpus.starts], [0]);
  assert.deepEqual(tallies.map(({ planned }) => [...planned]), [[0, 0], [0, 0]]);
});

Deno.test("readCorpus() says what it can't number", async () => {
  const many = Array.from({ length: 256 }, (_, run) => source(`run-${run}`, []));
  await assert.rejects(readCorpus(many), UserError);
  const rows = (count: number) =>
    Array.from(
      { length: count },
      (_, id): LooseRow => ({ text: "a", attributes: { id: `${id}` } }),
    );
  assert.equal(corpusOf(rows(65_535)).corpus.attributes[0]?.codes.at(-1), 65_534);
  assert.throws(() => corpusOf(rows(65_536)), {
    name: "UserError",
    message: /"id" has more than 65,535 values/,
  });
});
