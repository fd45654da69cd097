import { Buffer } from "node:buffer";
import { parse as openParser } from "csv-parse/stream";
import { CsvError, type Options, parse as parseCells } from "csv-parse/sync";

/** How CSV is read. */
export interface ParseOptions {
  /** What separates cells; default ",". */
  separator?: string;
  /** What ends rows; default LF, with or without a CR before it. */
  lineEnd?: "\n" | "\r";
  /** Lines that start with it are left out; default: none are. */
  comment?: string;
  /** Takes space off the start of cells; default false. */
  trimLeadingSpace?: boolean;
  /** Takes quotes that stand wrong as parts of the text; default false. */
  lazyQuotes?: boolean;
  /** Cells that each row must have; 0: as many as the first one; absent or negative: any number. */
  fieldsPerRecord?: number;
  /** Leaves the first row out; without `columns` it names the columns; default false. */
  skipFirstRow?: boolean;
  /** Names of the columns: rows become objects. */
  columns?: readonly string[];
}

/** A row as `T` asks for it: an object where columns have names, else a list of cells. */
export type ParsedRow<T extends ParseOptions | undefined> = T extends
  { columns: readonly (infer Name extends string)[] } ? Record<Name, string>
  : T extends { skipFirstRow: true } ? Record<string, string>
  : T extends undefined | { columns?: undefined; skipFirstRow?: false } ? string[]
  : string[] | Record<string, string>;

/**
 * Reads a whole CSV text. Rows end with LF or CRLF, or as `lineEnd` says; a byte order mark and empty lines are left out;
 * a lone surrogate becomes U+FFFD.
 *
 * @throws {SyntaxError} Where a quote stands wrong or a row has too many or too few cells, with the
 * row's number from 1.
 * @throws {RangeError} For a separator or comment sign that means something else already.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parse } from "./csv.ts";
 * assert.deepEqual(parse('a,"b ""c"""\r\n'), [["a", 'b "c"']]);
 * assert.equal(parse("row,text\n0,Hej", { skipFirstRow: true })[0]?.text, "Hej");
 * ```
 */
export function parse<const T extends ParseOptions | undefined = undefined>(
  text: string,
  options?: T,
): ParsedRow<T>[] {
  const read = rowReader<T>(options);
  try {
    const rows = parseCells(text, parserOptions(options)).map(read.next);
    read.end();
    return rows.filter((row) => row !== null);
  } catch (error) {
    throw withRow(error);
  }
}

/**
 * Reads CSV as it comes, row by row; otherwise as {@linkcode parse}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { CsvParseStream } from "./csv.ts";
 * const rows = ReadableStream.from(["row,te", 'xt\n0,"He', 'j"']).pipeThrough(
 *   new CsvParseStream({ skipFirstRow: true }),
 * );
 * for await (const { text } of rows) assert(text === "Hej");
 * ```
 */
export class CsvParseStream<const T extends ParseOptions | undefined = undefined>
  implements TransformStream<string, ParsedRow<T>> {
  readonly readable: ReadableStream<ParsedRow<T>>;
  readonly writable: WritableStream<string>;

  constructor(options?: T) {
    const encoder = new TextEncoderStream();
    const records: ReadableStream<string[]> = encoder.readable
      .pipeThrough(buffers())
      .pipeThrough(openParser(parserOptions(options)));
    this.writable = encoder.writable;
    this.readable = ReadableStream.from(readStream<T>(records, options));
  }
}

async function* readStream<T extends ParseOptions | undefined>(
  records: ReadableStream<string[]>,
  options: T | undefined,
): AsyncGenerator<ParsedRow<T>, void, undefined> {
  const read = rowReader<T>(options);
  try {
    for await (const cells of records) {
      const row = read.next(cells);
      if (row !== null) yield row;
    }
    read.end();
  } catch (error) {
    throw withRow(error);
  }
}

function buffers(): TransformStream<Uint8Array, Buffer> {
  return new TransformStream({
    transform({ buffer, byteOffset, byteLength }, controller) {
      controller.enqueue(Buffer.from(buffer, byteOffset, byteLength));
    },
  });
}

function parserOptions(options: ParseOptions = {}): Options {
  const { separator = ",", comment, trimLeadingSpace = false, lazyQuotes = false, lineEnd = "\n" } =
    options;
  checkSeparator(separator);
  if (comment !== undefined && (/^["\r\n]?$/.test(comment) || comment === separator)) {
    throw new RangeError(`Cannot parse input: comment sign ${JSON.stringify(comment)} is taken`);
  }
  return {
    bom: true,
    delimiter: separator,
    record_delimiter: lineEnd === "\r" ? lineEnd : ["\r\n", "\n"],
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: lazyQuotes,
    ltrim: trimLeadingSpace,
    ...(comment === undefined ? {} : { comment, comment_no_infix: true }),
  };
}

/** @throws {RangeError} For a separator that means something else already. */
export function checkSeparator(separator: string): void {
  if (separator !== "" && !/["\r\n]/.test(separator)) return;
  throw new RangeError(
    `Cannot separate cells by ${
      JSON.stringify(separator)
    }: quotes and line ends mean something else`,
  );
}

/** Turns records into rows of the wanted shape: null for a first row that is left out. */
function rowReader<T extends ParseOptions | undefined>(options: T | undefined): {
  next(cells: string[]): ParsedRow<T> | null;
  end(): void;
} {
  const { skipFirstRow = false, columns, fieldsPerRecord = -1 } = options ?? {};
  let names = columns ?? null;
  let width = fieldsPerRecord;
  let number = 0;
  function shaped(cells: string[]): string[] | Record<string, string> | null {
    number += 1;
    if (width === 0) width = cells.length;
    if (width > 0 && cells.length !== width) throw wrongWidth(number, cells, width);
    if (number === 1 && skipFirstRow) {
      names ??= cells;
      return null;
    }
    if (names === null) return cells;
    if (cells.length !== names.length) throw wrongWidth(number, cells, names.length);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  }
  return {
    next: (cells) => shaped(cells) as ParsedRow<T> | null,
    end() {
      if (!skipFirstRow || names !== null) return;
      throw new SyntaxError("Cannot parse input: there is no first row to name the columns");
    },
  };
}

function wrongWidth(number: number, cells: string[], width: number): SyntaxError {
  return new SyntaxError(
    `Cannot parse row ${number}: expected ${width} cells but got ${cells.length}`,
  );
}

/** The parser's faults in words, with the number of the row; it doesn't count lines well. */
function withRow(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const row = typeof error["records"] === "number" ? error["records"] + 1 : "?";
  const why = FAULTS[error.code] ?? error.message;
  return new SyntaxError(`Cannot parse row ${row}: ${why}`, { cause: error });
}

const FAULTS: { [code: string]: string } = {
  INVALID_OPENING_QUOTE: "there is a quote in a cell that doesn't start with one",
  CSV_INVALID_CLOSING_QUOTE: "a quote inside a quoted cell isn't doubled",
  CSV_QUOTE_NOT_CLOSED: "a quoted cell has no end",
};
