import { z } from "zod";
import { issueLines } from "../../../config/shape.ts";
import { plain, shown } from "../../../config/wording.ts";
import { OUTCOMES } from "../../../run/types.ts";
import { countWords } from "../../../text/words.ts";
import type { AnalysisRow } from "../rows.ts";

/** Columns by which a row's parts are found. */
export interface RowColumns {
  /** The column of the text. */
  text: string;
  /** Columns of attributes, by stem. */
  attributes: ReadonlyMap<string, string>;
  /** Whether the keys of an object `attributes` are attributes too: all of them, or these only. */
  nested: boolean | ReadonlySet<string>;
}

/** A row as a file tells it, before it has its number. */
export interface FileRow extends AnalysisRow {
  /** What the file calls its number; null where that is no whole number from 0. */
  ownNumber: number | null;
}

const WHOLE = "it must be a whole number of at least 1";

const values = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.undefined()], {
    error: "it must be a text",
  }),
  { error: "it must be an object of texts" },
);

const parts = z.object({
  text: z.string({ error: "it must be a text" }).nullable(),
  outcome: z.enum(OUTCOMES, { error: `it must be one of ${OUTCOMES.join(", ")}` }),
  requestedWords: z.int({ error: WHOLE }).min(1, { error: WHOLE }).nullable(),
  attributes: values,
  nested: values,
});

/**
 * Makes a row of what stands for it in a file: a text, or an object with columns.
 *
 * - Without an `outcome` a row is ok, and `empty` where its text is blank.
 * - Words are counted here: the counts of other tools are of another kind.
 * - Values of attributes are compared as the config's are: NFC and trimmed.
 *
 * @param value The item as it was parsed.
 * @returns The row with number 0, or what is wrong with the item.
 */
export function rowOf(value: unknown, columns: RowColumns): FileRow | { fault: string } {
  if (typeof value === "string") return finished({ text: value }, {});
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { fault: `expected an object or a text but found ${shown(value)}` };
  }
  const cells = new Map<string, unknown>(Object.entries(value));
  const names = {
    text: columns.text,
    outcome: "outcome",
    requestedWords: cells.has("requestedWords") ? "requestedWords" : "requested_words",
  };
  const outcome = filled(cells.get("outcome")) ?? "ok";
  const given = {
    // Only an ok row has to have one.
    text: cells.has(names.text) || outcome === "ok" ? cells.get(names.text) : null,
    outcome,
    requestedWords: numberIn(cells.get(names.requestedWords)) ?? null,
    attributes: Object.fromEntries(
      Array.from(columns.attributes, ([stem, column]) => [stem, cells.get(column)]),
    ),
    nested: columns.nested === false ? {} : cells.get("attributes") ?? {},
  };
  const checked = parts.safeParse(given);
  if (!checked.success) {
    const name = ([part, stem]: readonly PropertyKey[]) => {
      const key = String(stem ?? part);
      if (part === "attributes") return `"${columns.attributes.get(key) ?? key}"`;
      if (part === "nested") return stem === undefined ? '"attributes"' : `"attributes.${key}"`;
      return `"${names[part === "outcome" || part === "requestedWords" ? part : "text"]}"`;
    };
    return { fault: issueLines(checked.error.issues, { value: given, name })[0] ?? "no row" };
  }
  const { nested, attributes: own, ...row } = checked.data;
  const attributes: Record<string, string> = {};
  for (const [stem, inner] of Object.entries(nested)) {
    if (columns.nested === true || (columns.nested !== false && columns.nested.has(stem))) {
      attributes[stem] = plain(String(inner ?? ""));
    }
  }
  for (const [stem, inner] of Object.entries(own)) {
    attributes[stem] ??= plain(String(inner ?? ""));
  }
  return finished({ ...row, ownNumber: rowNumber(cells.get("row")) }, attributes);
}

function finished(
  fields: Partial<FileRow>,
  attributes: Record<string, string>,
): FileRow {
  const { text = null, outcome = "ok", requestedWords = null, ownNumber = null } = fields;
  const isBlank = text === null || text.trim() === "";
  return {
    row: 0,
    ownNumber,
    attributes,
    requestedWords,
    outcome: outcome === "ok" && isBlank ? "empty" : outcome,
    text: text === null ? null : text.toWellFormed(),
    words: text === null ? null : countWords(text),
  };
}

/** An empty cell is no value. */
function filled(value: unknown): unknown {
  return value === "" || value === null ? undefined : value;
}

/** A number, also where a table has it as text. */
function numberIn(value: unknown): unknown {
  const cell = filled(value);
  return typeof cell === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(cell) ? Number(cell) : cell;
}

function rowNumber(value: unknown): number | null {
  const number = numberIn(value);
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null;
}
