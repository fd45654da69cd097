import { basename } from "node:path";
import { listed, shown } from "../../config/wording.ts";
import { UserError } from "../../error.ts";
import { languagesOfTexts } from "../../text/detect_language.ts";
import { formatOf } from "../reading/file/format.ts";
import { readItems } from "../reading/file/items.ts";
import { readUtf8 } from "../reading/file/text.ts";
import { fileSource } from "../reading/file_source.ts";
import { languageName } from "../../text/wording.ts";
import { parseReference, type Reference, referenceOf } from "./reference.ts";

/** How broken rows of texts are met. */
export interface ReadReferenceOptions {
  /** Leaves rows that can't be read out instead of stopping at the first. */
  skipBadLines?: boolean;
  /** Told about what was left out. */
  warn?: (message: string) => void;
}

/** The columns that are taken for texts, the likeliest first. */
const TEXT_COLUMNS = ["text", "message"];

/**
 * Reads what words are compared with: counts of words, as `parseReference` takes them, or real
 * messages in any form that `fileSource` takes, in a column `text` or `message` or the only one.
 *
 * - Lines are counts where most of the first hundred are a word or a few and a number.
 * - Messages are compared in the language that they are found to be in; of messages in several, those
 *   in the language of the rows are, and the most frequent one's where there are none.
 * - What language counts are of isn't known: they are taken to be of that of the rows.
 *
 * @returns A function from the base code of the language that most rows are in to the reference.
 * @throws {UserError} Exit 2 where the file holds neither.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readReference } from "./reference_file.ts";
 * const path = await Deno.makeTempFile({ suffix: ".txt" });
 * await Deno.writeTextFile(path, "Where is my card?\nI would like to have a loan, please.\n");
 * const { language, counts } = (await readReference(path))("sv");
 * assert(language === "en" && counts.get("card") === 1);
 * await Deno.remove(path);
 * ```
 */
export async function readReference(
  path: string,
  options: ReadReferenceOptions = {},
): Promise<(language: string) => Reference> {
  const name = basename(path);
  if (await holdsCounts(path)) {
    let content = "";
    for await (const piece of readUtf8(path)) content += piece;
    const counts = parseReference(content, { name, language: "und" });
    return (language) => ({
      ...counts,
      language,
      caveat: `${counts.caveat} Its language isn't known either: it is taken to be that of most ` +
        `rows, ${languageName(language)}.`,
    });
  }
  const texts = await readTexts(path, options);
  const told = await languagesOfTexts({ texts });
  if (typeof told === "string") {
    return (language) => referenceOf(texts, { name, language: told === "und" ? language : told });
  }
  const byLanguage = Map.groupBy(texts, (text) => told(text));
  const [most] = [...byLanguage.keys()].toSorted((a, b) =>
    byLanguage.get(b)!.length - byLanguage.get(a)!.length
  );
  return (asked) => {
    const language = byLanguage.has(asked) ? asked : most ?? asked;
    const those = byLanguage.get(language) ?? [];
    const found = referenceOf(those, { name, language });
    return {
      ...found,
      caveat: `${found.caveat} Of its ${texts.length} texts the ${those.length} in ` +
        `${languageName(language)} are taken.`,
    };
  };
}

/** Characters at a file's start by which counts are told from texts. */
const LOOKED_AT = 64 * 1024;
/** Lines of them. */
const LINES = 100;

/** The start of an object that begins with a number, or has nothing. */
const A_NUMBER = /^\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:\s*-?\d)/;
/** The start of one that has another value after numbers, or first. */
const NOT_A_NUMBER =
  /^\{\s*(?:"(?:[^"\\]|\\.)*"\s*:\s*-?\d[\d.eE+-]*\s*,\s*)*"(?:[^"\\]|\\.)*"\s*:\s*[^\s\d-]/;

async function holdsCounts(path: string): Promise<boolean> {
  let start = "";
  for await (const piece of readUtf8(path)) {
    start += piece;
    if (start.length >= LOOKED_AT) break;
  }
  const content = start.trim();
  // An object of numbers alone; it may be longer than what was read of it.
  if (content.startsWith("{")) return A_NUMBER.test(content) && !NOT_A_NUMBER.test(content);
  const lines = content.split(/\r?\n/, LINES).filter((line) => line.trim() !== "");
  const counts = lines.filter((line) => /^\s*\S+(?: \S+){0,2}[\t ]+\d+(?:\.\d+)?\s*$/.test(line));
  return 2 * counts.length >= lines.length && counts.length > 0;
}

async function readTexts(path: string, options: ReadReferenceOptions): Promise<string[]> {
  const column = await textColumn(path);
  const source = await fileSource(path, { ...options, text: column, attributes: [] });
  const texts: string[] = [];
  for await (const { outcome, text } of source.rows()) {
    if (outcome === "ok" && text !== null) texts.push(text);
  }
  if (texts.length > 0) return texts;
  throw new UserError(`${path} has no texts to compare with.`);
}

/** The column that a file has its texts in; where rows are texts themselves, any will do. */
async function textColumn(path: string): Promise<string> {
  const [first = "text"] = TEXT_COLUMNS;
  const names = new Set<string>();
  for (const text of TEXT_COLUMNS) {
    for await (const items of readItems(path, await formatOf(path, { text }))) {
      for (const item of items) {
        if (!("value" in item) || typeof item.value !== "object" || item.value === null) continue;
        for (const name of Object.keys(item.value)) names.add(name);
      }
      if (items.length > 0) break;
    }
    if (names.has(text)) return text;
  }
  if (names.size === 0) return first;
  const [only = first] = names;
  if (names.size === 1) return only;
  throw new UserError(
    `${path}: which column has the texts to compare with? It has ${listed([...names])}: rename ` +
      `one to ${shown(first)}. Counts of words would be {"loan": 12, …} or a line "loan 12" for ` +
      "each word.",
  );
}
