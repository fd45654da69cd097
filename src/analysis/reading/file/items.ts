import { UserError } from "../../../error.ts";
import { CsvParseStream } from "../../../text/csv.ts";
import type { FileFormat } from "./format.ts";
import { type Item, LONGEST } from "./item.ts";
import { readJsonList } from "./json_list.ts";
import { readUtf8 } from "./text.ts";

/**
 * Streams what stands for the rows of a file, some at a time: of JSON the list's items, of JSONL
 * and plain text the lines that aren't blank, of CSV an object for each row after the first, which
 * names the columns. `at` is the line from 1, of CSV the row from 1, the names' own among them.
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
      return yield* readLines(path, parsed);
    case "txt":
      return yield* readLines(path, (value) => ({ value }));
    case "csv":
      return yield* readTable(path, format.separator);
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
  read: (text: string) => { value: unknown } | { fault: string },
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
    const lines = (carried + piece).split("\n");
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
  separator: string,
): AsyncGenerator<Item[], void, undefined> {
  let names: string[] | null = null;
  let at = 0;
  let items: Item[] = [];
  const rows = ReadableStream.from(readUtf8(path))
    .pipeThrough(new CsvParseStream({ separator, skipFirstRow: false }));
  try {
    for await (const cells of rows) {
      at += 1;
      if (names === null) {
        names = headerOf(cells, path);
        continue;
      }
      items.push({ at, ...rowOf(cells, names) });
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

function rowOf(cells: string[], names: string[]): { value: unknown } | { fault: string } {
  if (cells.length !== names.length) {
    return { fault: `expected ${names.length} cells but found ${cells.length}` };
  }
  return {
    value: Object.fromEntries(names.map((name, index) => [name, withoutMark(cells[index] ?? "")])),
  };
}

/** Takes off the `'` that keeps a spreadsheet from taking a cell for a formula. */
function withoutMark(cell: string): string {
  return /^'[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(cell) ? cell.slice(1) : cell;
}
