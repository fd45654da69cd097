/**
 * The one place that reads and writes CSV (RFC 4180), with the interface of `@std/csv`. What stands
 * in quotes is kept to the letter, CRLF too; each text that {@linkcode stringify} writes is read
 * back by {@linkcode parse} as the cells that it was made of.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { CsvError, type Options, parse as parseCells } from "csv-parse/sync";
import { parse as openParser } from "csv-parse/stream";
import { stringify as stringifyCells } from "csv-stringify/sync";

/** How CSV is read. */
export interface ParseOptions {
  /** What separates cells; default ",". */
  separator?: string;
  /** Lines that start with it are left out; default: none are. */
  comment?: string;
  /** Takes space off the start of a cell; default false. */
  trimLeadingSpace?: boolean;
  /** Takes quotes inside a cell that isn't quoted, and after a quoted part, as they stand; default false. */
  lazyQuotes?: boolean;
  /** Cells that each row must have; 0: as many as the first row; negative or absent: any number. */
  fieldsPerRecord?: number;
  /** Leaves the first row out; without `columns` it names the columns; default false. */
  skipFirstRow?: boolean;
  /** Names of the columns: rows become objects. */
  columns?: readonly string[];
}

/** A row as `T` asks for it: an object where columns are named, else a list of cells. */
export type ParsedRow<T extends ParseOptions | undefined> = T extends
  { columns: readonly (infer Name extends string)[] } ? Record<Name, string>
  : T extends { skipFirstRow: true } ? Record<string, string>
  : T extends undefined | { columns?: undefined; skipFirstRow?: false } ? string[]
  : string[] | Record<string, string>;

/**
 * Reads a whole CSV text. A byte order mark and empty lines are left out; rows end with LF or CRLF;
 * a lone surrogate becomes U+FFFD.
 *
 * @throws {SyntaxError} Where a quote stands wrong, with the line, or a row has more or fewer cells
 * than it must have.
 * @throws {RangeError} For a separator or comment sign that can't be told from others.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parse } from "./csv.ts";
 * assert.deepEqual(parse('a,"b ""c"""\r\n'), [["a", 'b "c"']]);
 * assert.deepEqual(parse("row,text\n0,Hej", { skipFirstRow: true }), [{ row: "0", text: "Hej" }]);
 * ```
 */
export function parse<const T extends ParseOptions | undefined = undefined>(
  text: string,
  options?: T,
): ParsedRow<T>[] {
  const check = rowChecker(options ?? {});
  const rows: (string[] | Record<string, string>)[] = [];
  try {
    parseCells(text, {
      ...parserOptions(options ?? {}),
      on_record(cells: string[], { lines }) {
        const row = check(cells, lines);
        if (row !== null) rows.push(row);
        return null;
      },
    });
  } catch (error) {
    throw withLine(error);
  }
  check.end();
  return rows as ParsedRow<T>[];
}

/**
 * Reads CSV as it comes, a row at a time; otherwise as {@linkcode parse}.
 *
 * @example
 * ```ts
 * import { CsvParseStream } from "./csv.ts";
 * const rows = ReadableStream.from(['row,te', 'xt\n0,"He', 'j"']).pipeThrough(
 *   new CsvParseStream({ skipFirstRow: true }),
 * );
 * for await (const { text } of rows) console.assert(text === "Hej");
 * ```
 */
export class CsvParseStream<const T extends ParseOptions | undefined = undefined>
  implements TransformStream<string, ParsedRow<T>> {
  readonly readable: ReadableStream<ParsedRow<T>>;
  readonly writable: WritableStream<string>;

  constructor(options?: T) {
    const check = rowChecker(options ?? {});
    const bytes = new TextEncoderStream();
    const parser = openParser({ ...parserOptions(options ?? {}), info: true });
    this.writable = bytes.writable;
    this.readable = bytes.readable
      .pipeThrough(
        new TransformStream<Uint8Array, Buffer>({
          transform(chunk, controller) {
            controller.enqueue(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
          },
        }),
      )
      .pipeThrough<{ record: string[]; info: { lines: number } }>(withLineAtFault(parser))
      .pipeThrough(
        new TransformStream<{ record: string[]; info: { lines: number } }, ParsedRow<T>>({
          transform({ record, info }, controller) {
            const row = check(record, info.lines);
            if (row !== null) controller.enqueue(row as ParsedRow<T>);
          },
          flush: () => check.end(),
        }),
      );
  }
}
