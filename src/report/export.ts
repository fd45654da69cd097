import type { RowRecord } from "../run/types.ts";
import { stringify } from "../text/csv.ts";
import { csvColumns } from "./csv_columns.ts";
import type { ExportFormat } from "./formats.ts";

/** How rows are written. */
export interface ExportOptions {
  format: ExportFormat;
  /** The attributes of the run in the order of their columns; only CSV needs them. */
  stems: readonly string[];
  /** Starts CSV with a byte order mark, by which Excel knows UTF-8; default false. */
  bom?: boolean;
  /** Told after each piece how many rows are in the pieces so far. */
  onRows?: (rows: number) => void;
}

/** Rows written at once. */
const BLOCK = 256;

/**
 * Writes rows as text, piece by piece in the order in which they come; a block of rows is held, never all.
 *
 * - `json`: a list of the texts alone; a row without a text is left out.
 * - `jsonl`: the records as they are in the log, one a line.
 * - `csv`: a row of headers and a row for each record; cells that a spreadsheet would take for
 *   formulas get a leading `'`.
 *
 * Lone surrogates become U+FFFD.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { exportText } from "./export.ts";
 * let text = "";
 * for await (const piece of exportText([], { format: "json", stems: [] })) text += piece;
 * assert(text === "[]\n");
 * ```
 */
export async function* exportText(
  rows: Iterable<RowRecord> | AsyncIterable<RowRecord>,
  options: ExportOptions,
): AsyncGenerator<string, void, undefined> {
  const { head, block, tail } = FORMATS[options.format](options);
  let written = 0;
  let waiting: RowRecord[] = [];
  function taken(): string {
    const text = block(waiting, written === 0);
    written += waiting.length;
    waiting = [];
    options.onRows?.(written);
    return text;
  }
  yield head;
  for await (const row of rows) {
    if (options.format === "json" && row.text === null) continue;
    waiting.push(row);
    if (waiting.length === BLOCK) yield taken();
  }
  if (waiting.length > 0) yield taken();
  yield tail(written);
}

/** The text of one form: what comes before, for each block of rows, and after them. */
interface Form {
  head: string;
  block(rows: readonly RowRecord[], isFirst: boolean): string;
  tail(rows: number): string;
}

const FORMATS: Record<ExportFormat, (options: ExportOptions) => Form> = {
  json: () => ({
    head: "[",
    block: (rows, isFirst) =>
      (isFirst ? "" : ",") + rows.map(({ text }) => "\n  " + json(text)).join(","),
    tail: (rows) => rows === 0 ? "]\n" : "\n]\n",
  }),
  jsonl: () => ({
    head: "",
    block: (rows) => rows.map((row) => json(row) + "\n").join(""),
    tail: () => "",
  }),
  csv({ stems, bom = false }) {
    const columns = csvColumns(stems);
    return {
      head: stringify([], { columns, bom, escapeFormulas: true }),
      block: (rows) =>
        stringify(rows, {
          columns,
          headers: false,
          escapeFormulas: true,
        })
          .toWellFormed(),
      tail: () => "",
    };
  },
};

/** JSON without the escapes of lone surrogates, which most readers refuse. */
function json(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => typeof part === "string" ? part.toWellFormed() : part,
  );
}
