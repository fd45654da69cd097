import { extname } from "node:path";
import { UserError } from "../../../error.ts";
import { LONGEST } from "./item.ts";
import { findList } from "./json_object.ts";
import { readUtf8 } from "./text.ts";

/** What ends a line: CR in files of old Macs, LF (with or without a CR before it) else. */
export type LineEnd = "\n" | "\r";

/** How rows stand in a file. */
export type FileFormat =
  | { form: "json" }
  /** One object: its rows are the list at this path, or it is one itself. */
  | { form: "object"; list: string | null }
  | { form: "jsonl" | "txt"; lineEnd: LineEnd }
  | { form: "csv"; separator: string; lineEnd: LineEnd };

/** Forms by what a file's name ends with. */
const FORMS: Record<string, "json" | "jsonl" | "csv" | "txt"> = {
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "txt",
};

/** Forms that aren't read: as plain text their rows would be nonsense. */
const UNREAD: Record<string, string> = {
  ".yml": "YAML",
  ".yaml": "YAML",
  ".toml": "TOML",
  ".xml": "XML",
  ".html": "HTML",
  ".xls": "an Excel file",
  ".xlsx": "an Excel file",
  ".ods": "a spreadsheet",
  ".parquet": "Parquet",
  ".gz": "compressed",
  ".zip": "compressed",
};

/** Signs that separate cells, the likeliest first. */
const SEPARATORS = [",", ";", "\t", "|"] as const;

/**
 * Finds out how rows stand in a file: by its name's end where that says it, else by its start. A
 * table separates its cells by `,`, `;`, tabs or `|`, whichever its first line has most of.
 *
 * @param options `text`: the column that a table would have; `list`: where an object has its rows.
 * @throws {UserError} Exit 2 where the file can't be read, is in a form that isn't, or is an object
 * in which rows aren't found.
 */
export async function formatOf(
  path: string,
  { text: column, list }: { text: string; list?: string | undefined },
): Promise<FileFormat> {
  const end = extname(path).toLowerCase();
  const unread = UNREAD[end];
  if (unread !== undefined) {
    throw new UserError(
      `${path} is ${unread}, which isn't read. Make it JSON, JSON lines, CSV, or plain text ` +
        "(.txt) with a message a line.",
    );
  }
  const start = await readStart(path);
  const format = formByStart(start, { form: FORMS[end], column });
  if (format.form === "object") {
    return { form: "object", list: await findList(path, { text: column, list }) };
  }
  if (list === undefined) return format;
  throw new UserError(
    `${path} isn't one JSON object, so there is no list in it for --list ${list}.`,
  );
}

/** What has to be said about how a file is read; null where its name says it. */
export function formatNote(path: string, format: FileFormat): string | null {
  const end = extname(path).toLowerCase();
  if (format.form === "object") {
    return format.list === null
      ? null
      : `${path} is one object: its rows are the list at ${format.list}.`;
  }
  if (format.form === "txt") {
    return end === ".txt" ? null : `${path} is read as plain text, a message a line.`;
  }
  if (format.form !== "csv" || format.separator === (end === ".tsv" ? "\t" : ",")) return null;
  return `${path}: its cells are separated by ${
    format.separator === "\t" ? "tabs" : JSON.stringify(format.separator)
  }.`;
}

/** A file's start, with the first line that isn't blank; of what begins with `{`, two of them. */
async function readStart(path: string): Promise<string> {
  let start = "";
  for await (const piece of readUtf8(path)) {
    start += piece;
    const first = /\S/.exec(start)?.[0];
    if ((first !== undefined && first !== "{") || start.length > LONGEST) break;
    // The last line may go on.
    if (/[\r\n]/.test(piece) && firstLines(start, 3).length === 3) break;
  }
  return start;
}

function formByStart(
  start: string,
  { form, column }: { form: "json" | "jsonl" | "csv" | "txt" | undefined; column: string },
): FileFormat {
  const first = start.trimStart();
  const [line = ""] = firstLines(start, 1);
  const lineEnd = lineEndOf(start);
  const table = { form: "csv", separator: separatorOf(line), lineEnd: rowEndOf(start) } as const;
  if (form === "csv") return table;
  if (form === "txt") return { form, lineEnd };
  // Some call a file of JSON lines .json, or of one object .jsonl.
  if (first.startsWith("{")) {
    return isOneObject(start) ? { form: "object", list: null } : { form: "jsonl", lineEnd };
  }
  if (form === "json" || (form === undefined && first.startsWith("["))) return { form: "json" };
  if (form === "jsonl") return { form, lineEnd };
  const names = line.split(table.separator).map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  if (names.includes(column)) return table;
  return { form: typeof parsed(line) === "string" ? "jsonl" : "txt", lineEnd };
}

/** Whether a text that begins with `{` is one object; else it is lines, the first maybe broken. */
function isOneObject(start: string): boolean {
  const [first = "", second] = firstLines(start, 2);
  if (second === undefined) return true;
  if (parsed(first) !== undefined || !isOpen(first)) return false;
  return !second.startsWith("{") || parsed(second) === undefined;
}

/** Whether more brackets are opened in a line than closed. */
function isOpen(line: string): boolean {
  let open = 0;
  for (const [sign] of line.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (sign === "{" || sign === "[") open += 1;
    else if (sign === "}" || sign === "]") open -= 1;
  }
  return open > 0;
}

/** The first lines that aren't blank, so many at most. */
function firstLines(start: string, most: number): string[] {
  const lines: string[] = [];
  for (const [line] of start.matchAll(/[^\r\n]+/g)) {
    if (line.trim() !== "") lines.push(line);
    if (lines.length === most) break;
  }
  return lines;
}

/** What ends the lines of a text: LF wherever there is one. */
function lineEndOf(start: string): LineEnd {
  return start.includes("\r") && !start.includes("\n") ? "\r" : "\n";
}

/** What ends the rows of a table: the first line end that isn't in quotes tells. */
function rowEndOf(start: string): LineEnd {
  const end = /[\r\n]/.exec(start.replaceAll(/"[^"]*"/g, "").replaceAll("\r\n", "\n"))?.[0];
  return end === "\r" ? "\r" : "\n";
}

function separatorOf(line: string): string {
  const open = line.replaceAll(/"[^"]*"/g, "");
  let best: string = ",";
  for (const sign of SEPARATORS) {
    if (open.split(sign).length > open.split(best).length) best = sign;
  }
  return best;
}

/** The value of a JSON text; undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
