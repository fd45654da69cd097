import { basename } from "node:path";
import { listed, shown } from "../../config/wording.ts";
import type { Config } from "../../config/types.ts";
import { isLanguageAttribute, languageCode } from "../../text/language.ts";
import { isAbsent, UserError } from "../../error.ts";
import { marginals } from "../../plan/marginals.ts";
import { fileLabelsPath, readLabels } from "../../run/log/labels.ts";
import { OWN_COLUMNS } from "../../run/log/record_fields.ts";
import { noRows } from "../../run/row_counts.ts";
import { OUTCOMES, type RowCounts } from "../../run/types.ts";
import { count, counted } from "../../text/numbers.ts";
import { printable } from "../../text/printable.ts";
import { type FileFormat, formatNote, formatOf } from "./file/format.ts";
import type { Item } from "./file/item.ts";
import { readItems } from "./file/items.ts";
import { type FileRow, type RowColumns, rowsOf } from "./file/row.ts";
import type { AnalysisRow, Source } from "./rows.ts";

/** What rows of a file are and how broken ones are met. */
export interface FileSourceOptions {
  /**
   * The column of the texts, or of chats whose user's turns are the texts; default `text`, or the
   * only column. Not looked at where rows are texts themselves.
   */
  text?: string;
  /** Of chats, which of the user's turns are rows; default `first`. */
  turns?: "first" | "all";
  /** Of a file that is one JSON object, where its rows are: `.data.rows`; default the only list. */
  list?: string;
  /**
   * Columns that are attributes. Default: the keys of each row's object `attributes`, as in our own
   * records; else the columns named as attributes of `config`; else none.
   */
  attributes?: readonly string[];
  /** Where targets come from. */
  config?: Config;
  /** Leaves rows that can't be read out, and counts them, instead of stopping at the first. */
  skipBadLines?: boolean;
  /** Told how the file is read where its name doesn't say that: which separator, which list. */
  onForm?: (said: string) => void;
  /** Told about what was left out, what isn't clear, and columns that could be attributes. */
  warn?: (message: string) => void;
  /** Told the columns that could be attributes where none are known and some are there. */
  onColumns?: (names: readonly string[]) => void;
  /** Told how many rows have been looked at, some thousand at a time. */
  onRows?: (rows: number) => void;
}

/** Items at the start by which columns are known. */
const LOOKED_AT = 1_000;
/** A column with more values than this is no attribute. */
const MOST_VALUES = 50;

/**
 * Rows from elsewhere to analyse: a JSON list or JSON lines, of texts or of objects, one JSON object
 * with such a list in it, a table (CSV), or plain text with a message a line; by the file's name,
 * else by its start. The file is gone through once here and once for each reading. Only one object
 * is held whole.
 *
 * - `outcome`, `requestedWords` (or `requested_words`) and `row` are read where they are columns.
 *   Without an outcome, or where no `outcome` is one of ours, rows are ok, blank ones `empty`.
 * - Of a list of values in an attribute's cell the first counts; how many rows have more is told.
 * - A row's number is its `row` where all rows have one, whole and their own; else its place from 0.
 *
 * @throws {UserError} Exit 2 where the file can't be read, at a row that is none (unless
 * `skipBadLines`), or for a column that isn't there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fileSource } from "./file_source.ts";
 * const path = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(path, "message,tone\nWhere is it?,Angry\nHi!,\n");
 * const source = await fileSource(path, { text: "message", attributes: ["tone"] });
 * for await (const { text, attributes } of source.rows()) {
 *   assert(text === "Hi!" || attributes.tone === "Angry");
 * }
 * assert(source.counts.ok === 2);
 * await Deno.remove(path);
 * ```
 */
export async function fileSource(path: string, options: FileSourceOptions = {}): Promise<Source> {
  const { size } = await statOf(path);
  const format = await formatOf(path, { text: options.text ?? "text", list: options.list });
  const note = formatNote(path, format);
  if (note !== null) options.onForm?.(note);
  const survey = await surveyFile(path, { ...options, format });
  const { counts, columns, config, hasOwnNumbers } = survey;
  const items = survey.items;
  const nameAsConfig = languageNames(config);
  return {
    name: basename(path),
    counts,
    async *rows() {
      let place = -1;
      let read = 0;
      for await (const block of readItems(path, format)) {
        for (const item of block) {
          // A file that has grown since has no more rows than were counted.
          if (read++ === items) return;
          for (const row of rowsIn(item, columns)) {
            place += 1;
            if ("fault" in row) continue;
            nameAsConfig(row.attributes);
            yield analysisRow(row, { place, hasOwnNumbers });
          }
        }
      }
    },
    *pending() {},
    config,
    drawn: null,
    labels: () => readLabels(fileLabelsPath(path), options),
    files: [{ path, bytes: size }],
  };
}

/** What a first reading finds. */
interface Survey {
  counts: RowCounts;
  columns: RowColumns;
  config: Config | null;
  hasOwnNumbers: boolean;
  /** Items, bad ones too. */
  items: number;
}

async function surveyFile(
  path: string,
  options: FileSourceOptions & { format: FileFormat },
): Promise<Survey> {
  const { format, skipBadLines = false, warn = () => {}, onRows } = options;
  const unit = unitOf(format);
  const counts = noRows();
  const numbers = ownNumbers();
  const bad = { rows: 0, first: "" };
  const nested = new Set<string>();
  const several = new Map<string, number>();
  let columns: RowColumns | null = null;
  let seen: Columns | null = null;
  let items = 0;

  const start: Item[] = [];
  const take = (block: Item[], known: RowColumns) => {
    for (const item of block) {
      items += 1;
      for (const row of rowsIn(item, known)) {
        if ("fault" in row) {
          bad.rows += 1;
          bad.first ||= `${unit} ${item.at}: ${row.fault}`;
          continue;
        }
        counts.planned += 1;
        counts[row.outcome] += 1;
        numbers.add(row.ownNumber);
        for (const stem of row.several) several.set(stem, (several.get(stem) ?? 0) + 1);
        if (known.nested === true) { for (const stem in row.attributes) nested.add(stem); }
      }
    }
    onRows?.(items);
  };
  for await (const block of readItems(path, format)) {
    if (columns !== null) {
      take(block, columns);
      continue;
    }
    start.push(...block);
    if (start.length < LOOKED_AT) continue;
    seen = columnsOf(start);
    columns = chosenColumns(path, { seen, hasTexts: start.some(isText) }, options);
    take(start.splice(0), columns);
  }
  if (columns === null) {
    seen = columnsOf(start);
    columns = chosenColumns(path, { seen, hasTexts: start.some(isText) }, options);
    take(start, columns);
  }
  if (bad.rows > 0) {
    const faults = { ...bad, of: bad.rows + counts.planned };
    if (!skipBadLines || counts.planned === 0) throw badRows(path, { format, faults });
    warn(
      `${path}: ${counted(bad.rows, unit)} that can't be read ${
        bad.rows === 1 ? "is" : "are"
      } left out, first ${bad.first}.`,
    );
  }
  if (counts.planned === 0) throw new UserError(`${path} has no rows.`);
  for (const [stem, rows] of several) {
    warn(
      `${path}: ${counted(rows, "row has", "rows have")} several values in ${shown(stem)}: ` +
        "each counts for its first.",
    );
  }
  const stems = new Set([...nested, ...columns.attributes.keys()]);
  if (typeof columns.nested === "object") { for (const stem of columns.nested) stems.add(stem); }
  if (seen !== null) remark({ path, seen, stems, columns, options });
  return {
    counts,
    columns,
    config: options.config === undefined ? null : ofAttributes(options.config, stems),
    hasOwnNumbers: numbers.areGood(),
    items,
  };
}

/** What a row's place is counted in. */
function unitOf(format: FileFormat): string {
  if (format.form === "csv") return "row";
  return format.form === "object" && format.list !== null ? `${format.list} item` : "line";
}

/** Rows that can't be read: leaving them out is named only where most rows stay. */
function badRows(
  path: string,
  { format, faults }: { format: FileFormat; faults: { rows: number; first: string; of: number } },
): UserError {
  const unit = unitOf(format);
  const lead = `${path}, ${faults.first}.\n`;
  const isOutcome = faults.first.includes(': "outcome" is ')
    ? "If the column isn't Plumbline's, rename it, or name it with --attributes outcome.\n"
    : "";
  if (2 * faults.rows <= faults.of) {
    const others = faults.rows > 1 ? ` (${count(faults.rows)} of ${count(faults.of)})` : "";
    return new UserError(
      `${lead}${isOutcome}Mend or delete that ${unit}, or leave ${unit}s like it out with ` +
        `--skip-bad-lines${others}.`,
    );
  }
  const all = `${count(faults.rows)} of ${counted(faults.of, unit)} can't be read. `;
  return new UserError(
    lead + (faults.of > 1 ? all : "") +
      (isOutcome || remedyFor(format, faults.first)),
  );
}

/** What to do about a file most of whose rows can't be read. */
function remedyFor(format: FileFormat, fault: string): string {
  if (format.form === "jsonl" && fault.endsWith("not JSON")) {
    return "It seems to be no JSON lines: with a message on each line, name it .txt.";
  }
  if (format.form === "csv" && / cells but found /.test(fault)) {
    return "Expected the names of all columns in the first row, and cells in quotes where they " +
      `have ${shown(format.separator)} in them.`;
  }
  if (fault.includes("expected an object or a text")) {
    return "Expected a text for each row, or an object with a column for the text.";
  }
  return "Mend the file, or name another column with --text or --attributes.";
}

/** Changes languages ("en") to the names that a config has for them ("English"). */
function languageNames(config: Config | null): (attributes: Record<string, string>) => void {
  const names = Object.entries(config?.attributes ?? {}).flatMap(([stem, items]) => {
    const values = items.map(({ value }) => value);
    if (!isLanguageAttribute(values)) return [];
    // Varieties of one language ("en-GB", "en-US") can't be told apart by it.
    const named = new Map<string, string | null>();
    for (const value of values) {
      const code = value === "" ? null : languageCode(value);
      if (code !== null) named.set(code, named.has(code) ? null : value);
    }
    return [{ stem, values: new Set(values), named }];
  });
  return (attributes) => {
    for (const { stem, values, named } of names) {
      const value = attributes[stem] ?? "";
      const code = values.has(value) ? null : languageCode(value);
      const name = code === null ? null : named.get(code) ?? null;
      if (name !== null) attributes[stem] = name;
    }
  };
}

function isText(item: Item): boolean {
  return "value" in item && typeof item.value === "string";
}

function rowsIn(item: Item, columns: RowColumns): (FileRow | { fault: string })[] {
  return "fault" in item ? [item] : rowsOf(item.value, columns);
}

function analysisRow(
  { ownNumber, several: _, ...row }: FileRow,
  { place, hasOwnNumbers }: { place: number; hasOwnNumbers: boolean },
): AnalysisRow {
  return Object.assign(row, { row: hasOwnNumbers && ownNumber !== null ? ownNumber : place });
}

/** The columns at a file's start; null where rows are texts. */
interface Columns {
  names: Set<string>;
  /** Keys of the rows' objects `attributes`; null where there are none. */
  nested: Set<string> | null;
  /** Columns with few different values, each standing in several rows. */
  repeating: string[];
  /** Whether a column `outcome` has values of ours, and others. */
  outcomes: { ours: boolean; others: boolean };
}

function columnsOf(items: readonly Item[]): Columns | null {
  const values = new Map<string, Set<unknown>>();
  let nested: Set<string> | null = null;
  let rows = 0;
  for (const item of items) {
    if (!("value" in item) || typeof item.value !== "object" || item.value === null) continue;
    if (Array.isArray(item.value)) continue;
    rows += 1;
    for (const [name, value] of Object.entries(item.value)) {
      const those = values.get(name) ?? new Set();
      values.set(name, those.add(value));
      if (name !== "attributes" || typeof value !== "object" || value === null) continue;
      nested ??= new Set();
      for (const key of Object.keys(value)) nested.add(key);
    }
  }
  if (rows === 0) return null;
  const repeating = [...values].filter(([, those]) =>
    those.size > 1 && those.size <= Math.min(MOST_VALUES, rows / 2) &&
    [...those].every((value) => value === null || typeof value === "string")
  );
  const told = [...values.get("outcome") ?? []].filter((each) => each !== null && each !== "");
  const ours = told.filter((each) => OUTCOMES.some((outcome) => outcome === each));
  return {
    names: new Set(values.keys()),
    nested,
    repeating: repeating.map(([name]) => name),
    outcomes: { ours: ours.length > 0, others: told.length > ours.length },
  };
}

function chosenColumns(
  path: string,
  { seen, hasTexts }: { seen: Columns | null; hasTexts: boolean },
  { text: named, attributes, config, turns = "first" }: FileSourceOptions,
): RowColumns {
  const plain = { text: named ?? "text", attributes: new Map(), nested: false, turns } as const;
  if (seen === null) {
    // Rows that are texts have no columns, and bad ones tell their own fault.
    const [asked] = attributes ?? [];
    if (asked !== undefined && hasTexts) {
      throw new UserError(`${path} has texts alone, so there is no column ${shown(asked)}.`);
    }
    return { ...plain, outcome: "ours" };
  }
  const { names, nested, outcomes: { ours, others } } = seen;
  const [only = ""] = names;
  const text = named ?? (names.size === 1 && only !== "" ? only : "text");
  if (columnList(names) === "") {
    throw new UserError(`${path} has no named columns. Expected one for the text.`);
  }
  if (!names.has(text)) {
    throw new UserError(
      named === undefined
        ? `${path}: which column has the texts? Name it with --text: ${columnList(names)}.`
        : `${path} has no column ${shown(text)} for --text. It has ${columnList(names)}.`,
    );
  }
  const isNamed = attributes?.includes("outcome") ?? false;
  const whose = ours && !isNamed ? "ours" : isNamed ? "theirs for sure" : "theirs";
  const known = { ...plain, text, outcome: others ? whose : "ours" } as const;
  if (attributes !== undefined) {
    const missing = attributes.find((name) => !names.has(name) && !nested?.has(name));
    if (missing !== undefined) {
      const those = new Set([...names].filter((name) => name !== text).concat(...nested ?? []));
      throw new UserError(
        `${path} has no column ${shown(missing)} for --attributes. It has ${columnList(those)}.`,
      );
    }
    const inside = new Set(attributes.filter((name) => nested?.has(name)));
    const own = attributes.filter((name) => !inside.has(name));
    return {
      ...known,
      attributes: new Map(own.map((name) => [name, name])),
      nested: inside.size > 0 ? inside : false,
    };
  }
  if (nested !== null) return { ...known, nested: true };
  const found = new Map<string, string>();
  for (const stem of Object.keys(config?.attributes ?? {})) {
    // The table that export makes has such a name where a column has the stem's already.
    const column = [`attribute_${stem}`, stem].find((name) => names.has(name) && name !== text);
    if (column !== undefined) found.set(stem, column);
  }
  return { ...known, attributes: found };
}

function columnList(names: ReadonlySet<string>): string {
  return listed([...names].filter((name) => name !== ""));
}

/** Says which attributes are missing, and which columns could be attributes where none is. */
function remark(
  { path, seen, stems, columns, options }: {
    path: string;
    seen: Columns;
    stems: ReadonlySet<string>;
    columns: RowColumns;
    options: FileSourceOptions;
  },
): void {
  const { warn, config, onColumns } = options;
  if (options.text === undefined && columns.text !== "text") {
    warn?.(`${path}: its only column, ${shown(columns.text)}, has the texts.`);
  }
  const hasTheirs = columns.outcome === "theirs";
  if (hasTheirs) {
    warn?.(
      `${path}: no value of its column "outcome" is one of Plumbline's, so all rows count as ok. ` +
        "--attributes outcome makes it an attribute.",
    );
  }
  const missing = Object.keys(config?.attributes ?? {}).filter((stem) => !stems.has(stem));
  if (missing.length > 0) {
    warn?.(`${path} has no column for ${listed(missing)}: that isn't looked at.`);
  }
  // Whoever names them, or none, knows.
  if (stems.size > 0 || options.attributes !== undefined) return;
  const could = seen.repeating.filter((name) =>
    name !== columns.text && name !== "" &&
    (!OWN_COLUMNS.has(name) || (name === "outcome" && hasTheirs))
  );
  if (could.length === 0) return;
  onColumns?.(could);
  warn?.(
    `No attributes are known. Columns that could be: ${listed(could)} (--attributes ${
      printable(could.map((name) => name.includes(" ") ? `"${name}"` : name).join(","))
    }).`,
  );
}

/** The config for a file that has these attributes only: an absent one isn't known to be wanted. */
function ofAttributes(config: Config, stems: ReadonlySet<string>): Config {
  const all = Object.entries(config.attributes);
  const kept = all.filter(([stem]) => stems.has(stem));
  if (kept.length === all.length) return config;
  const shares = marginals(config, { weights: "target" });
  const attributes = kept.map(([stem, items]): [string, Config["attributes"][string]] => {
    const parents = items.flatMap(({ when }) => Object.keys(when ?? {}));
    if (parents.every((parent) => stems.has(parent))) return [stem, items];
    // What its values depend on isn't known, their shares of all rows are.
    return [
      stem,
      items.map((item, index) => ({
        ...item,
        score: shares[stem]?.[index]?.share ?? 0,
        when: null,
      })),
    ];
  });
  return { ...config, attributes: Object.fromEntries(attributes) };
}

/** Collects the numbers that rows call themselves by. */
function ownNumbers(): { add(number: number | null): void; areGood(): boolean } {
  let numbers = new Float64Array(1024);
  let size = 0;
  let missing = false;
  return {
    add(number) {
      missing ||= number === null;
      if (number === null || missing) return;
      if (size === numbers.length) {
        const larger = new Float64Array(size * 2);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[size++] = number;
    },
    areGood() {
      const sorted = numbers.subarray(0, size).sort();
      return !missing && sorted.every((number, index) => number !== sorted[index - 1]);
    },
  };
}

async function statOf(path: string): Promise<Deno.FileInfo> {
  try {
    const stat = await Deno.stat(path);
    if (stat.isDirectory) throw new UserError(`${path} is a folder: name a file in it.`);
    return stat;
  } catch (error) {
    if (isAbsent(error)) {
      throw new UserError(`There is no file ${path}.`, { cause: error });
    }
    throw error;
  }
}
