import assert from "node:assert/strict";
import { readTable, rowsNamedIn, tableOf } from "../../src/label/table.ts";
import { SHEET } from "./sheets.ts";

const OPTIONS = { file: "labels.csv", at: new Date("2026-02-01T08:00:00.000Z") };

const TABLE = tableOf(SHEET);

/** The table with one part of it replaced. */
function changed(from: string, to: string): string {
  assert(TABLE.includes(from), from);
  return TABLE.replace(from, to);
}

function faultsOf(text: string): string[] {
  const read = readTable(text, SHEET, OPTIONS);
  assert("faults" in read, "there is no fault");
  return read.faults;
}

function labelsOf(text: string): [number, string, string | null][] {
  const read = readTable(text, SHEET, OPTIONS);
  assert("labels" in read, JSON.stringify(read));
  return read.labels.map(({ row, attribute, label }) => [row, attribute, label]);
}

Deno.test("tableOf() writes a line a row, with what is said already and no formula", () => {
  assert.deepEqual(TABLE.split("\r\n"), [
    "\uFEFFrow,text,does it: additional_instruction,additional_instruction,topic",
    "4,Where is my train?,Ask for a map,,Delays",
    `2,"'=1+1, ""twice"" ⏎ or \\u202emore",Ask for a price,,`,
    "",
  ]);
});

Deno.test("tableOf() gives an attribute of the name of a column another one", () => {
  const [, topic] = SHEET.questions;
  assert(topic !== undefined);
  const questions = ["row", "text"].map((attribute) => ({ ...topic, attribute }));
  const table = tableOf({ ...SHEET, questions, rows: [] });
  assert.equal(table, "\uFEFFrow,text,attribute_row,attribute_text\r\n");
});

Deno.test("readTable() takes what was filled in and leaves what is the same or blank", () => {
  assert.deepEqual(labelsOf(TABLE), []);
  const filled = changed("map,,Delays", "map, YES ,delays").replace("price,,", "price,,other");
  assert.deepEqual(labelsOf(filled), [
    [4, "additional_instruction", "yes"],
    [2, "topic", "other"],
  ]);
  const read = readTable(filled, SHEET, OPTIONS);
  assert("labels" in read && read.filled === 3);
  assert.deepEqual(read.labels[0], {
    row: 4,
    attribute: "additional_instruction",
    label: "yes",
    asked: "Ask for a map",
    by: "person",
    sample: "stratified",
    p: 0.25,
    at: "2026-02-01T08:00:00.000Z",
  });
});

Deno.test("readTable() takes what spreadsheets make of a table", () => {
  const cells = (line: string) => line.replaceAll(",", ";");
  assert.deepEqual(
    labelsOf(
      "topic;row;mine\n\n;;\nTickets;2;x\n"
        .replace("topic;row", "additional_instruction;topic;row").replace("Tickets", "no;Tickets"),
    ),
    [[2, "additional_instruction", "no"], [2, "topic", "Tickets"]],
  );
  assert.deepEqual(labelsOf(cells("row,additional_instruction,topic\r\n2,,none\r\n")), [
    [2, "topic", "none"],
  ]);
  assert.deepEqual(labelsOf("row\tadditional_instruction\ttopic\r2\tno\t\r"), [
    [2, "additional_instruction", "no"],
  ]);
  // The mark before a formula is taken off, and a text is cut.
  assert.deepEqual(labelsOf(changed("'=1+1", "=1+1")), []);
  assert.deepEqual(labelsOf(changed("Where is my train?", "#NAME?")), []);
});

Deno.test("readTable() names each fault by line and column, and what a column takes", () => {
  const wrong = changed("map,,Delays", "map,maybe,Delay").replace("price,,", "price,,Trams");
  assert.deepEqual(readTable(wrong, SHEET, OPTIONS), {
    faults: [
      'labels.csv, line 2, additional_instruction: "maybe" is no answer',
      'labels.csv, line 2, topic: "Delay" is no answer. Did you mean "Delays"?',
      'labels.csv, line 3, topic: "Trams" is no answer',
    ],
    allowed: ["  additional_instruction: yes, no", "  topic: Tickets, Delays, none, other"],
  });
  assert.match(faultsOf(changed("\r\n2,", "\r\n3,"))[0] ?? "", /line 3, row: "3" is none of the 2/);
  assert.match(
    faultsOf(TABLE + "4,,,,Tickets\r\n")[0] ?? "",
    /line 4, row: row 4 stands in line 2/,
  );
  assert.match(
    faultsOf(changed("Ask for a map,", "Ask for a song,yes"))[0] ?? "",
    /line 2, does it: additional_instruction: the row is asked about "Ask for a map"/,
  );
  assert.match(faultsOf(changed('""twice""', '"twice"'))[0] ?? "", /line 3: a quote/);
  assert.match(
    faultsOf(changed("topic", "topics"))[0] ?? "",
    /line 1: no column "topic", but "row"/,
  );
  assert.match(faultsOf("")[0] ?? "", /it is empty/);
});

Deno.test("readTable() refuses the table of another run", () => {
  const other = changed("Where is my train?", "Hello").replace("twice", "thrice");
  assert.match(faultsOf(other)[0] ?? "", /2 of its texts aren't those of metro-1/);
});

Deno.test("rowsNamedIn() finds the rows of a table", () => {
  assert.deepEqual(rowsNamedIn(TABLE), [4, 2]);
  assert.deepEqual(rowsNamedIn("topic;row\nx;7\nx;-1\nx;\n"), [7]);
  assert.deepEqual(rowsNamedIn(""), []);
});
