import { extname } from "node:path";
import { readUtf8 } from "./text.ts";

/** How rows stand in a file. */
export type FileFormat =
  | { form: "json" | "jsonl" | "txt" }
  | { form: "csv"; separator: string };

/** Forms by what a file's name ends with. */
const FORMS: Record<string, FileFormat["form"]> = {
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "txt",
};

/**
 * Finds out how rows stand in a file: by its name's end where that says it, else by its start. A
 * table separates its cells by `,`, `;` or tabs, whichever its first line has most of.
 *
 * @param options `text`: the column that a table would have.
 * @throws {UserError} Exit 2 where the file can't be read.
 */
export async function formatOf(
  path: string,
  { text: column }: { text: string },
): Promise<FileFormat> {
  let start = "";
  for await (const piece of readUtf8(path)) {
    start += piece;
    if (start.trim() !== "") break;
  }
  const form = FORMS[extname(path).toLowerCase()];
  const first = start.trimStart();
  const [line = ""] = first.split(/\r?\n/, 1);
  const separator = separatorOf(line);
  // Some call a file of JSON lines .json.
  if (form === "json") return { form: first.startsWith("{") ? "jsonl" : "json" };
  if (form === "csv") return { form, separator };
  if (form !== undefined) return { form };
  if (first.startsWith("[")) return { form: "json" };
  if (first.startsWith("{")) return { form: "jsonl" };
  const names = line.split(separator).map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  if (names.includes(column)) return { form: "csv", separator };
  return { form: isJsonText(line) ? "jsonl" : "txt" };
}

function separatorOf(line: string): string {
  const open = line.replaceAll(/"[^"]*"/g, "");
  let best = ",";
  for (const sign of [";", "\t"]) {
    if (open.split(sign).length > open.split(best).length) best = sign;
  }
  return best;
}

function isJsonText(line: string): boolean {
  try {
    return typeof JSON.parse(line) === "string";
  } catch {
    return false;
  }
}
