import assert from "node:assert/strict";
import { rowTable } from "../../src/commands/table.ts";
import type { RowRecord } from "../../src/run/types.ts";
import { record } from "../run/fixtures.ts";

/** The table with the attributes in the order of the records. */
function table(rows: RowRecord[], columns: number): string {
  return rowTable(rows, { columns, stems: Object.keys(rows[0]?.attributes ?? {}) });
}

Deno.test("rows are shown with what was asked, its length, what came, and the text", () => {
  const rows = [
    record(0, { attributes: { topic: "Car loan", tone: "Worried", language: "English" } }),
    record(1, {
      attributes: { topic: "Apple Pay", tone: "", language: "English" },
      requestedWords: 8,
      words: 117,
      text: "Can I use Apple Pay abroad?",
    }),
  ];
  assert.equal(
    table(rows, 80),
    [
      "  topic      tone     asked  got",
      "  Car loan   Worried     14    4  Text of row 0",
      "  Apple Pay               8  117  Can I use Apple Pay abroad?",
    ].join("\n"),
  );
});

Deno.test("one row shows its attributes; without lengths there is no column of them", () => {
  const one = [record(0, { attributes: { topic: "Car loan" }, requestedWords: null, words: 3 })];
  assert.equal(table(one, 80), "  topic     got\n  Car loan    3  Text of row 0");
});

Deno.test("long and hostile values and texts stay on their line", () => {
  const rows = ["a", "b"].map((end, row) =>
    record(row, {
      attributes: { topic: `\x1b[2J${"very ".repeat(20)}${end}`, tone: `t\n${end}` },
      text: "word\u202e ".repeat(200),
    })
  );
  const lines = table(rows, 80).split("\n");
  assert.equal(lines.length, 3);
  for (const line of lines) {
    assert(line.length <= 80, line);
    assert(!/[\p{Cc}\p{Bidi_Control}]/u.test(line), line);
  }
  assert(lines[1]?.includes("\\u001b[2Jvery"));
  assert(lines[1]?.endsWith("…"));
});

Deno.test("a narrow terminal shows fewer attributes, so that room is left for the text", () => {
  const rows = [0, 1].map((row) =>
    record(row, {
      attributes: {
        additional_instruction: `Ask for a yes or no ${row}`,
        tone: `Worried ${row}`,
        topic: `Loan for home renovation ${row}`,
      },
      text: "word ".repeat(50),
    })
  );
  const heads = [60, 80, 120].map((columns) => {
    const lines = table(rows, columns).split("\n");
    for (const line of lines) assert(line.length < columns, line);
    return lines[0];
  });
  assert.deepEqual(heads, [
    "  additional_…  tone       asked  got",
    "  additional_inst…  tone       asked  got",
    "  additional_instruction  tone       topic                     asked  got",
  ]);
});

Deno.test("a character of two units isn't cut in two", () => {
  for (const before of ["", "x"]) {
    const shown = table([record(0, { attributes: {}, text: before + "🚆".repeat(60) })], 80);
    assert(shown.isWellFormed(), shown);
    assert(shown.endsWith("🚆…"));
  }
});

Deno.test("the attributes that are named first are the ones that fit", () => {
  const rows = [0, 1].map((row) => record(row, { attributes: { a: `a${row}`, topic: `t${row}` } }));
  const [head] = rowTable(rows, { columns: 80, stems: ["topic", "a"] }).split("\n");
  assert.equal(head, "  topic  a   asked  got");
});
