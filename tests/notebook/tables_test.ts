import assert from "node:assert/strict";
import { previewTable } from "../../src/notebook/preview_table.ts";
import { rowTable } from "../../src/notebook/row_table.ts";
import type { RowRecord } from "../../src/run/types.ts";

const RECORD: RowRecord = {
  row: 3,
  attributes: { topic: "Car loan", tone: "" },
  requestedWords: 14,
  outcome: "ok",
  text: "I want a loan",
  words: 4,
  reason: null,
  model: "m",
  finishReason: "stop",
  usage: null,
  cost: null,
  attempts: 1,
  calls: 1,
  ms: 5,
  at: "2026-01-31T12:00:00.000Z",
};

Deno.test("a record is a line: row, text, what became of it, what was asked", () => {
  assert.deepEqual(Object.entries(rowTable([RECORD])[0] ?? {}), [
    ["row", 3],
    ["text", "I want a loan"],
    ["outcome", "ok"],
    ["topic", "Car loan"],
    ["tone", ""],
    ["words asked", 14],
    ["words", 4],
  ]);
});

Deno.test("a row without a text says why", () => {
  const failed = { ...RECORD, outcome: "failed" as const, text: null, reason: "HTTP 500" };
  assert.equal(rowTable([failed])[0]?.text, "HTTP 500");
});

Deno.test("an attribute called as a column of our own hides nothing", () => {
  const record = { ...RECORD, attributes: { text: "SMS", row: "front" } };
  const line = rowTable([record])[0];
  assert.deepEqual([line?.row, line?.["row asked"]], [3, "front"]);
  assert.deepEqual([line?.text, line?.["text asked"]], ["I want a loan", "SMS"]);
});

Deno.test("the column of lengths is there only where lengths were asked for", () => {
  assert.equal("words asked" in (rowTable([{ ...RECORD, requestedWords: null }])[0] ?? {}), false);
});

Deno.test("what numbers of rows buy is one line per attribute", () => {
  const item = { factor: 1, prompt: null, when: null };
  const attributes = {
    age: [{ ...item, value: "70+", score: 1 }, { ...item, value: "", score: 99 }],
    tone: [{ ...item, value: "Angry", score: 3 }, { ...item, value: "", score: 1 }],
  };
  const lines = previewTable({ attributes, length: null }, { counts: [20, 2_000] });
  assert.deepEqual(lines.map(({ attribute }) => attribute), ["age", "tone"]);
  assert.equal(lines[0]?.["of 20 rows it gets"], "0.2 (±\u00a049\u00a0points)");
  assert.equal(lines[1]?.["of 2,000 rows it gets"], "500 (±\u00a04\u00a0points)");
  assert.equal(lines[1]?.["rarest value"], "(nothing asked)");
});
