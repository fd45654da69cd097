import assert from "node:assert/strict";
import { analyze } from "../../../src/analysis/analyze.ts";
import { readRows } from "../../../src/analysis/reading/read_rows.ts";
import type { AnalysisRow, Source } from "../../../src/analysis/reading/rows.ts";
import { isFunctionWord } from "../../../src/text/function_words.ts";

/** Rows of which nobody has asked for a language. */
function sourceOf(name: string, texts: readonly string[]): Source {
  const rows = texts.map((text, row): AnalysisRow => ({
    row,
    attributes: { tone: row % 2 === 0 ? "Angry" : "Calm" },
    requestedWords: null,
    outcome: "ok",
    text,
    words: null,
  }));
  const none = { refused: 0, filtered: 0, truncated: 0, empty: 0, failed: 0, pending: 0 };
  return {
    name,
    counts: { ...none, planned: rows.length, ok: rows.length },
    async *rows() {
      yield* rows;
    },
    pending: () => [],
    config: null,
    drawn: null,
    files: [],
  };
}

const english = sourceOf(
  "metro",
  Array.from({ length: 60 }, (_, i) => `When will the train number ${i} leave from here tomorrow?`),
);

Deno.test("readRows() tells languages as analyze() does where none was asked for", async () => {
  const { languages, terms } = await analyze(english);
  const { corpus, counts } = await readRows(english);
  assert.equal(counts.ok, 60);
  assert.deepEqual(corpus.languages, ["en"]);
  assert.deepEqual(languages, [{ language: "en", rows: 60 }]);
  for (const { language } of terms.template) assert.ok(corpus.languages.includes(language));
  // So its function words are known for what they are.
  assert.ok(isFunctionWord("the", { language: corpus.languages[0] ?? "" }));
});

Deno.test("readRows() takes several sources, and tells what it does", async () => {
  const stages: string[] = [];
  const read: number[] = [];
  const { corpus } = await readRows([english, { ...english, name: "again" }], {
    onStage: (stage) => stages.push(stage),
    onProgress: (rows) => read.push(rows),
  });
  assert.deepEqual(corpus.runs, ["metro", "again"]);
  assert.deepEqual(stages, ["looking at rows", "reading rows"]);
  assert.equal(read.at(-1), 120);
});
