import { UserError } from "../../../error.ts";
import { CsvParseStream } from "../../../text/csv.ts";
import type { FileFormat, LineEnd } from "./format.ts";
import { type Item, LONGEST } from "./item.ts";
import { readJsonList } from "./json_list.ts";
import { readJsonObject } from "./json_object.ts";
import { readUtf8 } from "./text.ts";

/**
 * Streams what stands for the rows of a file, some at a time: of JSON the list's items, of JSONL
 * and plain text the lines that aren't blank, of CSV an object for each row after the first, which
 * names the columns. `at` is the line from 1, of CSV the row from 1, the names' own among them, of
 * a list in an object the item from 1.
 *
 * @throws {UserError} Exit 2 where a fault leaves nothing to go on with.
 */
export async function* readItems(
  path: string,
  format: FileFormat,
): AsyncGenerator<Item[], void, undefined> {
  switch (format.form) {
    case "json":
      return yield* readJsonList(path);
    case "jsonl":
      return yield* readLines(path, { read: parsed, lineEnd: format.lineEnd });
    case "txt":
      return yield* readLines(path, { read: (value) => ({ value }), lineEnd: format.lineEnd });
    case "csv":
      return yield* readTable(path, format);
    case "object":
      return yield* readJsonObject(path, format.list);
  }
}

function parsed(text: string): { value: unknown } | { fault: string } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { fault: "not JSON" };
  }
}

async function* readLines(
  path: string,
  { read, lineEnd }: {
    read: (text: string) => { value: unknown } | { fault: string };
    lineEnd: LineEnd;
  },
): AsyncGenerator<Item[], void, undefined> {
  let carried = "";
  let at = 0;
  const itemsOf = (lines: string[]) => {
    const items: Item[] = [];
    for (const line of lines) {
      at += 1;
      const text = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (text.trim() !== "") items.push({ at, ...read(text) });
    }
    return items;
  };
  for await (const piece of readUtf8(path)) {
    const lines = (carried + piece).split(lineEnd);
    carried = lines.pop() ?? "";
    if (carried.length > LONGEST) {
      throw new UserError(`${path}, line ${at + lines.length + 1} has no end: is it a text file?`);
    }
    yield itemsOf(lines);
  }
  yield itemsOf([carried]);
}

/** Rows handed on at once. */
const BLOCK = 1024;

async function* readTable(
  path: string,
  { separator, lineEnd }: { separator: string; lineEnd: LineEnd },
): AsyncGenerator<Item[], void, undefined> {
  let names: string[] | null = null;
  let isOurs = false;
  let at = 0;
  let items: Item[] = [];
  const rows = ReadableStream.from(readUtf8(path))
    .pipeThrough(new CsvParseStream({ separator, lineEnd, skipFirstRow: false }));
  try {
    for await (const cells of rows) {
      at += 1;
      if (names === null) {
        names = headerOf(cells, path);
        isOurs = OUR_COLUMNS.every((name) => cells.includes(name));
        continue;
      }
      items.push({ at, ...rowOf(cells, { names, separator, isOurs }) });
      if (items.length < BLOCK) continue;
      yield items;
      items = [];
    }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new UserError(
      `${path}: ${cause.message.replace(/^Cannot parse /, "")}. Mend that row: what comes after ` +
        "it can't be told apart.",
      { cause },
    );
  }
  yield items;
}

function headerOf(cells: string[], path: string): string[] {
  const names = cells.map((name) => name.trim());
  const twice = names.find((name, index) => name !== "" && names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw new UserError(`${path}: two columns are named ${JSON.stringify(twice)}. Rename one.`);
}

/** Columns by which a table is known to be an export of ours: those that every version has written. */
const OUR_COLUMNS = ["row", "requested_words", "outcome", "text", "words", "finish_reason"];

function rowOf(
  cells: string[],
  { names, separator, isOurs }: { names: string[]; separator: string; isOurs: boolean },
): { value: unknown } | { fault: string } {
  // Where there is one column, nothing but its text can have such signs.
  const own = names.length === 1 ? [cells.join(separator)] : cells;
  if (own.length !== names.length) {
    return { fault: `expected ${names.length} cells but found ${own.length}` };
  }
  const read = isOurs ? withoutMark : (cell: string) => cell;
  return { value: Object.fromEntries(names.map((name, at) => [name, read(own[at] ?? "")])) };
}

/** Takes off the `'` by which an export keeps a spreadsheet from taking a cell for a formula. */
function withoutMark(cell: string): string {
  return /^'[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(cell) ? cell.slice(1) : cell;
}
