import { stringify as stringifyCells } from "csv-stringify/sync";
import { checkSeparator } from "./csv_parse.ts";

/** A property's name, or an index where the value is a list. */
export type PropertyAccessor = number | string;

/** Where a column's values are found, and what its header says if not the last name on the way. */
export interface ColumnDetails {
  header?: string;
  prop: PropertyAccessor | readonly PropertyAccessor[];
}

/** A column: where its values are found in an item, in full or by the way alone. */
export type Column = ColumnDetails | PropertyAccessor | readonly PropertyAccessor[];

/** What a row is made of: a list of cells, or an object where columns say what is taken from it. */
export type DataItem = object;

/** How CSV is written. */
export interface StringifyOptions {
  /** Whether a row of headers comes first, if there are columns; default true. */
  headers?: boolean;
  /** What separates cells; default ",". */
  separator?: string;
  /** The columns; needed for items that aren't lists. */
  columns?: readonly Column[];
  /** Starts with a byte order mark, by which Excel knows UTF-8; default false. */
  bom?: boolean;
  /**
   * Puts a `'` before texts that a spreadsheet would take for formulas: those that start with `=`,
   * `+`, `-`, `@` (or their full-width forms), tab or CR. Numbers stay. Default false.
   */
  escapeFormulas?: boolean;
}

/**
 * Writes CSV; rows end with CRLF. null and undefined become empty cells, objects JSON.
 *
 * @throws {TypeError} Where an item is an object and no columns are named.
 * @throws {RangeError} For a separator that means something else already.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { stringify } from "./csv.ts";
 * const items = [{ row: 0, text: "=1+1", usage: { input: 9 } }];
 * const columns = ["row", "text", { prop: ["usage", "input"], header: "tokens" }];
 * assert.equal(stringify(items, { columns }), "row,text,tokens\r\n0,=1+1,9\r\n");
 * assert.equal(
 *   stringify(items, { columns, headers: false, escapeFormulas: true }),
 *   "0,'=1+1,9\r\n",
 * );
 * ```
 */
export function stringify(
  data: readonly DataItem[],
  options: StringifyOptions = {},
): string {
  const { headers = true, separator = ",", bom = false, escapeFormulas = false } = options;
  checkSeparator(separator);
  const columns = (options.columns ?? []).map(detailed);
  const rows: (string | number)[][] = data.map((item) => cellsOf(item, columns));
  if (headers && columns.length > 0) rows.unshift(columns.map(({ header }) => header));
  const text = stringifyCells(rows, {
    delimiter: separator,
    record_delimiter: "\r\n",
    escape_formulas: escapeFormulas,
    // Readers take any line end for that of a row, and a mark at the start for that of the file.
    quoted_match: /[\r\n]|^\uFEFF/,
    // A row of one empty cell would be an empty line, which is no row.
    quoted_empty: rows.some((cells) => cells.length === 1 && cells[0] === ""),
  });
  return bom ? "\uFEFF" + text : text;
}

/**
 * Writes CSV as items come: the headers at once, then a row for each item.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { CsvStringifyStream } from "./csv.ts";
 * const text = ReadableStream.from([{ row: 0 }, { row: 1 }]).pipeThrough(
 *   new CsvStringifyStream({ columns: ["row"] }),
 * );
 * assert((await Array.fromAsync(text)).join("") === "row\r\n0\r\n1\r\n");
 * ```
 */
export class CsvStringifyStream extends TransformStream<DataItem, string> {
  constructor(options: StringifyOptions = {}) {
    super({
      start(controller) {
        const head = stringify([], options);
        if (head !== "") controller.enqueue(head);
      },
      transform(item, controller) {
        controller.enqueue(stringify([item], { ...options, headers: false, bom: false }));
      },
    });
  }
}

interface Detailed {
  header: string;
  way: readonly PropertyAccessor[];
}

function detailed(column: Column): Detailed {
  const { prop, header } = typeof column === "object" && "prop" in column
    ? column
    : { prop: column, header: undefined };
  const way = typeof prop === "object" ? prop : [prop];
  return { way, header: header ?? String(way.at(-1) ?? "") };
}

function cellsOf(item: DataItem, columns: readonly Detailed[]): (string | number)[] {
  if (columns.length > 0) return columns.map(({ way }) => cellOf(way.reduce(stepInto, item)));
  if (Array.isArray(item)) return item.map(cellOf);
  throw new TypeError("Cannot write an object as a row: columns are missing");
}

function stepInto(value: unknown, name: PropertyAccessor): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function cellOf(value: unknown): string | number {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
