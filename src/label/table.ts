import { nearest, plain, shown } from "../config/wording.ts";
import type { Label } from "../run/log/labels.ts";
import { parse, stringify } from "../text/csv.ts";
import { printable } from "../text/printable.ts";
import { type AskedOfPerson, labelOf, type Sheet, type SheetRow } from "./sheet.ts";

/** The columns of a question: what is asked, where that differs from row to row, and the answer. */
interface Columns {
  question: AskedOfPerson;
  about: string | null;
  answer: string;
}

/**
 * The sheet as CSV to fill in: row, text, and a column for each attribute, with what the person has
 * said so far. An attribute that is followed or not has a column before its own that says what is
 * asked about. A row is one line; what a spreadsheet would run as a formula gets a `'` before it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tableOf } from "./table.ts";
 * const answers = [{ label: "Calm", description: null }];
 * const table = tableOf({
 *   name: "metro-1",
 *   questions: [{ attribute: "tone", kind: "one", answers }],
 *   rows: [{ row: 4, p: 1, sample: "random", text: "=1+1", asked: {}, labels: {} }],
 * });
 * assert.equal(table, "\uFEFFrow,text,tone\r\n4,'=1+1,\r\n");
 * ```
 */
export function tableOf(sheet: Sheet): string {
  const columns = columnsOf(sheet.questions);
  return stringify(sheet.rows.map((row) => cellsOf(row, columns)), {
    columns: headersOf(columns).map((header, i) => ({ header, prop: i })),
    escapeFormulas: true,
    // Spreadsheets know UTF-8 by it.
    bom: true,
  });
}

/** The answers that each column takes, a line for each. */
export function answersText(sheet: Sheet): string {
  return columnsOf(sheet.questions).map(answersLine).join("\n");
}

/**
 * What a table came to: labels that differ from those that are there and the number of filled cells,
 * or all that is wrong, and a line for each column that has a wrong answer with those that it takes.
 */
export type TableRead =
  | { labels: Label[]; filled: number }
  | { faults: string[]; allowed: string[] };

/**
 * Reads a table that was filled in. Blank cells are passed over; case and space around an answer
 * don't matter. Columns may stand in any order, and others beside them.
 *
 * @param text Its separator may be a comma, a semicolon or a tab.
 * @param options `file`: how faults name it.
 */
export function readTable(
  text: string,
  sheet: Sheet,
  options: { file: string; at: Date },
): TableRead {
  const { file, at } = options;
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const [header, ...body] = rowsIn(lines);
  if (header === undefined || "fault" in header) {
    return { faults: [`${file}: ${header?.fault ?? "it is empty"}`], allowed: [] };
  }
  const columns = columnsOf(sheet.questions);
  const places = new Map(header.cells.map((cell, place) => [plain(cell), place]));
  const missing = ["row", ...columns.map(({ answer }) => answer)].filter((name) =>
    !places.has(name)
  );
  if (missing.length > 0) {
    const found = header.cells.slice(0, 12).map((cell) => shown(cell)).join(", ");
    return {
      faults: missing.map((name) => `${file}, line 1: no column ${shown(name)}, but ${found}`),
      allowed: [],
    };
  }
  const faults: string[] = [];
  const misanswered = new Set<Columns>();
  const labels: Label[] = [];
  const lineOf = new Map<number, number>();
  let filled = 0;
  let otherTexts = 0;
  for (const each of body) {
    const place = `${file}, line ${each.line}`;
    if ("fault" in each) {
      faults.push(`${place}: ${each.fault}`);
      continue;
    }
    const cell = (name: string) => plain(each.cells[places.get(name) ?? -1] ?? "");
    const row = sheet.rows.find(({ row }) => String(row) === cell("row"));
    if (row === undefined) {
      faults.push(`${place}, row: ${shown(cell("row"))} is none of the ${rowsWords(sheet)}`);
      continue;
    }
    const before = lineOf.get(row.row);
    if (before !== undefined) {
      faults.push(`${place}, row: row ${row.row} stands in line ${before} already`);
      continue;
    }
    lineOf.set(row.row, each.line);
    if (places.has("text") && !isSameText(cell("text"), row)) otherTexts += 1;
    for (const column of columns) {
      const { answer, about, question } = column;
      if (cell(answer) === "") continue;
      filled += 1;
      const label = answerIn(cell(answer), question);
      if (label === null) {
        faults.push(`${place}, ${answer}: ${unknownAnswer(cell(answer), question)}`);
        misanswered.add(column);
        continue;
      }
      const asked = row.asked[question.attribute];
      if (about !== null && places.has(about) && !isSame(cell(about), asked ?? "")) {
        faults.push(`${place}, ${about}: the row is asked about ${shown(asked)}`);
        continue;
      }
      if (row.labels[question.attribute] === label) continue;
      const kept = labelOf({ row: row.row, attribute: question.attribute, label }, sheet, at);
      if (typeof kept !== "string") labels.push(kept);
    }
  }
  // A cell may have been changed by a spreadsheet; all of them were not.
  if (otherTexts * 2 > lineOf.size) {
    faults.push(
      `${file}: ${otherTexts} of its texts aren't those of ${sheet.name}: is it its table?`,
    );
  }
  if (faults.length === 0) return { labels, filled };
  return { faults, allowed: [...misanswered].map(answersLine) };
}

/** Rows that a table names, as far as they are numbers. */
export function rowsNamedIn(text: string): number[] {
  const [header, ...body] = rowsIn(text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/));
  if (header === undefined || "fault" in header) return [];
  const place = header.cells.findIndex((cell) => plain(cell) === "row");
  return body.flatMap((each) => {
    const cell = "fault" in each ? "" : plain(each.cells[place] ?? "");
    return /^\d{1,15}$/.test(cell) ? [Number(cell)] : [];
  });
}

type Line = { line: number } & ({ cells: string[] } | { fault: string });

/** Line by line, so that faults have their line: no cell that was written has a line end. */
function rowsIn(lines: readonly string[]): Line[] {
  const separator = separatorOf(lines[0] ?? "");
  return lines.flatMap((text, i): Line[] => {
    const line = i + 1;
    if (text.replaceAll(separator, "").trim() === "") return [];
    try {
      return [{ line, cells: parse(text, { separator, skipFirstRow: false })[0] ?? [] }];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return [{ line, fault: error.message.replace(/^.*?: /, "") }];
    }
  });
}

function separatorOf(header: string): string {
  const times = (separator: string) => header.split(separator).length;
  return [",", ";", "\t"].reduce((best, each) => times(each) > times(best) ? each : best);
}

function columnsOf(questions: readonly AskedOfPerson[]): Columns[] {
  const taken = ["row", "text"];
  return questions.map((question) => {
    let answer = question.attribute;
    while (taken.includes(answer)) answer = `attribute_${answer}`;
    taken.push(answer);
    const about = question.kind === "followed" ? `does it: ${answer}` : null;
    return { question, about, answer };
  });
}

function headersOf(columns: readonly Columns[]): string[] {
  return [
    "row",
    "text",
    ...columns.flatMap(({ about, answer }) => about === null ? [answer] : [about, answer]),
  ];
}

function cellsOf(row: SheetRow, columns: readonly Columns[]): (string | number)[] {
  return [
    row.row,
    printable(row.text),
    ...columns.flatMap(({ question: { attribute }, about }) => {
      const answer = row.labels[attribute] ?? "";
      return about === null ? [answer] : [printable(row.asked[attribute] ?? ""), answer];
    }),
  ];
}

function answersOf({ answers }: AskedOfPerson): string[] {
  return answers.map(({ label }) => label);
}

function answersLine({ answer, question }: Columns): string {
  return `  ${answer}: ${answersOf(question).join(", ")}`;
}

function answerIn(cell: string, question: AskedOfPerson): string | null {
  return answersOf(question).find((answer) => isSame(cell, answer)) ?? null;
}

/** A `'` before a formula is ours, or was taken off by a spreadsheet. */
function isSame(cell: string, written: string): boolean {
  const bare = (text: string) =>
    plain(printable(text)).replace(/^'/, "").replace(/\s+/g, " ").toLowerCase();
  return bare(cell) === bare(written);
}

function isSameText(cell: string, { text }: SheetRow): boolean {
  return cell === "" || isSame(cell, text);
}

function unknownAnswer(cell: string, question: AskedOfPerson): string {
  const near = nearest(cell, answersOf(question));
  return `${shown(cell)} is no answer` + (near === null ? "" : `. Did you mean ${shown(near)}?`);
}

function rowsWords({ rows, name }: Sheet): string {
  return `${rows.length} rows of ${name} to label: another --n, --attribute or --output draws others`;
}
