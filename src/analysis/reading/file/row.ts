import { z } from "zod";
import { issueLines } from "../../../config/shape.ts";
import { plain, shown } from "../../../config/wording.ts";
import { OUTCOMES } from "../../../run/types.ts";
import { countWords } from "../../../text/words.ts";
import type { AnalysisRow } from "../rows.ts";
import { isChat, userTurns } from "./turns.ts";

/** Columns by which a row's parts are found. */
export interface RowColumns {
  /** The column of the text. */
  text: string;
  /** Columns of attributes, by stem. */
  attributes: ReadonlyMap<string, string>;
  /** Whether the keys of an object `attributes` are attributes too: all of them, or these only. */
  nested: boolean | ReadonlySet<string>;
  /**
   * Whose a column `outcome` is: `ours`; `theirs`, so that a value of ours in it is a fault; or
   * `theirs for sure`, since it was named as an attribute.
   */
  outcome: "ours" | "theirs" | "theirs for sure";
  /** Which of the user's turns in a chat are rows. */
  turns: "first" | "all";
}

/** A row as a file tells it, before it has its number. */
export interface FileRow extends AnalysisRow {
  /** What the file calls its number; null where that is no whole number from 0. */
  ownNumber: number | null;
  /** Attributes of which it has several values; it counts for the first. */
  several: readonly string[];
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
 * Makes the rows of what stands for them in a file: a text, an object with columns, or, for each of
 * the user's turns that is wanted, an object with a chat.
 *
 * - Without an `outcome` a row is ok, and `empty` where its text is blank.
 * - Words are counted here: the counts of other tools are of another kind.
 * - Values of attributes are compared as the config's are: NFC and trimmed. Of a list of values the
 *   first counts.
 *
 * @param value The item as it was parsed.
 * @returns Rows with number 0, or what is wrong with the item.
 */
export function rowsOf(value: unknown, columns: RowColumns): (FileRow | { fault: string })[] {
  const has = typeof value === "object" && value !== null && Object.hasOwn(value, columns.text);
  const chat: unknown = has ? Reflect.get(value, columns.text) : null;
  if (!isChat(chat)) return [rowOf(value, columns)];
  const turns = userTurns(chat);
  if (turns.length === 0) return [{ fault: `"${columns.text}" has no turn of a user` }];
  return (columns.turns === "all" ? turns : turns.slice(0, 1)).map((turn) =>
    rowOf(Object.assign({}, value, { [columns.text]: turn }), columns)
  );
}

function rowOf(value: unknown, columns: RowColumns): FileRow | { fault: string } {
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
  const told = filled(cells.get("outcome"));
  if (columns.outcome === "theirs" && OUTCOMES.some((outcome) => outcome === told)) {
    return { fault: `"outcome" is ${shown(told)}, but no value before it is one of Plumbline's` };
  }
  const outcome = (columns.outcome === "ours" ? told : undefined) ?? "ok";
  const several: string[] = [];
  const valueIn = (column: string, stem: string): unknown => {
    const cell = cells.get(column);
    const values = valuesIn(cell);
    if (values !== null && values.length > 1) several.push(stem);
    return values === null ? cell : values[0];
  };
  const given = {
    // Only an ok row has to have one.
    text: cells.has(names.text) || outcome === "ok" ? cells.get(names.text) : null,
    outcome,
    requestedWords: numberIn(cells.get(names.requestedWords)) ?? null,
    attributes: Object.fromEntries(
      Array.from(columns.attributes, ([stem, column]) => [stem, valueIn(column, stem)]),
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
  return finished({ ...row, several, ownNumber: rowNumber(cells.get("row")) }, attributes);
}

function finished(
  fields: Partial<FileRow>,
  attributes: Record<string, string>,
): FileRow {
  const { text = null, outcome = "ok", requestedWords = null } = fields;
  const isBlank = text === null || text.trim() === "";
  return {
    row: 0,
    ownNumber: fields.ownNumber ?? null,
    several: fields.several ?? [],
    attributes,
    requestedWords,
    outcome: outcome === "ok" && isBlank ? "empty" : outcome,
    text: text === null ? null : text.toWellFormed(),
    words: text === null ? null : countWords(text),
  };
}

/** Longer cells aren't taken for lists. */
const LONGEST_LIST = 10_000;

/** The values of a list in a cell, also where it stands as JSON in a text; null where none does. */
function valuesIn(cell: unknown): readonly unknown[] | null {
  if (typeof cell !== "string") return areValues(cell) ? cell : null;
  if (!/^\s*\[/.test(cell) || cell.length > LONGEST_LIST) return null;
  try {
    const list: unknown = JSON.parse(cell);
    return areValues(list) ? list : null;
  } catch {
    return null;
  }
}

function areValues(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((each) => typeof each !== "object" || each === null);
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
