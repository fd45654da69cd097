import assert from "node:assert/strict";
import { csvColumns } from "../../src/report/csv_columns.ts";
import { type ExportOptions, exportText } from "../../src/report/export.ts";
import type { RowRecord } from "../../src/run/types.ts";
import { parse } from "../../src/text/csv.ts";
import { record } from "../run/fixtures.ts";

async function exported(rows: RowRecord[], options: Partial<ExportOptions>): Promise<string> {
  const pieces = exportText(rows, { format: "json", stems: ["tone", "topic"], ...options });
  return (await Array.fromAsync(pieces)).join("");
}

Deno.test("json is the list of the texts in their order, rows without one left out", async () => {
  const rows = Array.from({ length: 600 }, (_, row) => record(row));
  const texts: unknown = JSON.parse(await exported(rows, {}));
  assert.deepEqual(texts, rows.map(({ text }) => text));
  assert.equal(await exported([], {}), "[]\n");
  assert.equal(await exported([record(0, { text: null })], {}), "[]\n");
  assert.equal(await exported([record(0, { text: "a" })], {}), '[\n  "a"\n]\n');
});

Deno.test("jsonl holds the records as they are in the log, unknown keys too", async () => {
  const rows = [record(3, { text: "a\nb" }), { ...record(1, { text: null }), part: "topup-1" }];
  const lines = (await exported(rows, { format: "jsonl" })).split("\n");
  assert.equal(lines.pop(), "");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), rows);
});

Deno.test("csv has a row of headers and a cell for each part of a record", async () => {
  const rows = Array.from({ length: 300 }, (_, row) => record(row));
  rows.push(record(300, { outcome: "failed", text: null, words: null, usage: null, cost: null }));
  const read = parse(await exported(rows, { format: "csv" }), { skipFirstRow: true });
  assert.equal(read.length, 301);
  assert.deepEqual(read[7], {
    row: "7",
    tone: "",
    topic: "Car loan",
    requested_words: "14",
    outcome: "ok",
    text: "Text of row 7",
    words: "4",
    reason: "",
    model: "m",
    finish_reason: "stop",
    input_tokens: "412",
    output_tokens: "22",
    cost: "0.00012",
    attempts: "1",
    calls: "1",
    ms: "812",
    at: "2026-01-31T12:00:00.000Z",
    batch: "",
  });
  assert.equal(read[300]?.text, "");
  assert.equal(read[300]?.input_tokens, "");
});

Deno.test("csv says which batch a row came in", async () => {
  const rows = [record(0, { batch: "batch_7" }), record(1)];
  const read = parse(await exported(rows, { format: "csv" }), { skipFirstRow: true });
  assert.deepEqual(read.map(({ batch }) => batch), ["batch_7", ""]);
});

Deno.test("csv marks what a spreadsheet would take for a formula, wherever it stands", async () => {
  const hostile = record(0, {
    text: '=HYPERLINK("http://x","a")\r\n-1',
    attributes: { "@stem": "+1", topic: "-1" },
  });
  const text = await exported([hostile], { format: "csv", stems: ["@stem", "topic"] });
  const [headers, cells] = parse(text);
  assert.equal(headers?.[1], "'@stem");
  assert.deepEqual(cells?.slice(1, 3), ["'+1", "'-1"]);
  assert.equal(cells?.[5], '\'=HYPERLINK("http://x","a")\r\n-1');
});

Deno.test("a lone surrogate becomes U+FFFD in every form", async () => {
  const rows = [record(0, { text: "a\ud800b", attributes: { topic: "\udc00" } })];
  for (const format of ["json", "jsonl", "csv"] as const) {
    const text = await exported(rows, { format, stems: ["topic"] });
    assert(text.includes("a\ufffdb"), format);
    assert(text.isWellFormed() && !/\\ud/i.test(text), format);
  }
});

Deno.test("a byte order mark comes first only where it is asked for", async () => {
  assert(!(await exported([], { format: "csv" })).startsWith("\ufeff"));
  assert((await exported([], { format: "csv", bom: true })).startsWith("\ufeffrow,"));
});

Deno.test("rows are taken as they are written, never all at once", async () => {
  let taken = 0;
  let said = 0;
  function* rows(): Generator<RowRecord> {
    for (let row = 0; row < 10_000; row++) {
      taken++;
      yield record(row);
    }
  }
  for (const format of ["json", "jsonl", "csv"] as const) {
    taken = 0;
    const pieces = exportText(rows(), { format, stems: [], onRows: (written) => said = written });
    for (let piece = 0; piece < 3; piece++) await pieces.next();
    assert(taken > 0 && taken < 1_000, `${format}: ${taken}`);
    assert(said <= taken);
    await pieces.return();
  }
});

Deno.test("attributes that are called like other columns get a name of their own", () => {
  const stems = ["text", "attribute_text", "__proto__", "outcome", "batch"];
  const headers = csvColumns(stems).map(({ header }) => header);
  assert.deepEqual(headers.slice(0, 6), [
    "row",
    "attribute_attribute_text",
    "attribute_text",
    "__proto__",
    "attribute_outcome",
    "attribute_batch",
  ]);
  assert.equal(new Set(headers).size, headers.length);
});
