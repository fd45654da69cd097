import { join } from "node:path";
import { z } from "zod";
import type { ShapeOf } from "../../config/shape.ts";
import { isAbsent, UserError } from "../../error.ts";
import { type Log, openLogAt } from "./log.ts";

/** The name of the labels in the folder of a run or of a part of it. */
export const LABELS_FILE = "labels.jsonl";

/** There only while labels are written: rows may be made at the same time. */
const LABELS_LOCK = "labels.lock";

/** How a row came to be labelled. */
export const SAMPLES = ["random", "stratified", "picked"] as const;

/** A line of `labels.jsonl`: what somebody says that one row's text is. */
export interface Label {
  row: number;
  /** The attribute's stem. */
  attribute: string;
  /** One of its values, `none` or `other`; `yes` or `no` where `asked` is there; null: taken back. */
  label: string | null;
  /** Of an attribute that is followed or not: the value that was asked about. */
  asked?: string;
  /** `person`, `judge:` and a model, or `import`. */
  by: string;
  /** Whether the row was drawn, all alike or by value, or picked. */
  sample: typeof SAMPLES[number];
  /** The row's chance to be labelled, in (0, 1]; null where it was picked. */
  p: number | null;
  /** ISO 8601. */
  at: string;
  /** What a person should know of it, such as an answer that was none. */
  note?: string;
}

const shape = {
  row: z.int().min(0),
  attribute: z.string().min(1),
  label: z.string().nullable(),
  asked: z.string().exactOptional(),
  by: z.string().min(1),
  sample: z.enum(SAMPLES),
  p: z.number().gt(0).max(1).nullable(),
  at: z.string(),
  note: z.string().exactOptional(),
} satisfies ShapeOf<Label>;

const labelSchema: z.ZodType<Label> = z.looseObject(shape);

/** How lines that are no labels are met. */
export interface ReadLabelsOptions {
  /** Leaves bad lines out instead of throwing. */
  skipBadLines?: boolean | undefined;
  /** Told about what is left out: bad lines, and a torn last one. */
  warn?: ((message: string) => void) | undefined;
}

/**
 * The labels of one file, in its order; none where there is no such file. A last line without its
 * line end that isn't JSON is torn: it is left out, and said. Nothing is changed.
 *
 * @throws {UserError} Exit 2 for another line that is no label, with its number, unless
 * `skipBadLines`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readLabels } from "./labels.ts";
 * assert.deepEqual(await readLabels("no/such/labels.jsonl"), []);
 * ```
 */
export async function readLabels(
  path: string,
  options: ReadLabelsOptions = {},
): Promise<Label[]> {
  const { skipBadLines = false, warn = () => {} } = options;
  const lines = (await textOf(path)).split("\n");
  const labels: Label[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const parsed = parsedLabel(line);
    if (typeof parsed === "object") {
      labels.push(parsed);
      continue;
    }
    const place = `${path}, line ${i + 1}`;
    if (i === lines.length - 1 && parsed === NOT_JSON) {
      warn(`${place} is torn: it is left out.`);
    } else if (skipBadLines) {
      warn(`${place}: ${parsed}: it is left out.`);
    } else {
      throw new UserError(
        `${place}: ${parsed}.\n` +
          "Mend or delete that line, or skip lines like it with --skip-bad-lines.",
      );
    }
  }
  return labels;
}

const NOT_JSON = "not JSON";

/** A label, or what is wrong with its line. */
function parsedLabel(line: string): Label | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return NOT_JSON;
  }
  const checked = labelSchema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const place = issue?.path.join(".") ?? "";
  return `no label${place === "" ? "" : `: "${place}"`}: ${issue?.message ?? "?"}`;
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (isAbsent(error)) return "";
    throw error;
  }
}

/**
 * Of several labels of one row by the same hand the newest, in the order in which rows were first
 * labelled. What was taken back is gone; values that were asked about are labelled apart.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { newestLabels } from "./labels.ts";
 * const first = {
 *   row: 1, attribute: "tone", label: "Calm", by: "person", sample: "random" as const, p: 1, at: "",
 * };
 * assert.deepEqual(newestLabels([first, { ...first, label: "Sad" }]), [{ ...first, label: "Sad" }]);
 * assert.deepEqual(newestLabels([first, { ...first, label: null }]), []);
 * ```
 */
export function newestLabels(labels: readonly Label[]): Label[] {
  const newest = new Map<string, Label>();
  for (const label of labels) {
    const { row, attribute, by, asked } = label;
    newest.set(JSON.stringify([row, attribute, by, asked ?? null]), label);
  }
  return [...newest.values()].filter(({ label }) => label !== null);
}

/**
 * Opens the labels of a folder for their one writer: a torn last line is cut off, labels are appended
 * at once.
 *
 * @throws {UserError} Exit 2 where another process writes them, or the folder can't be written.
 */
export async function openLabels(folder: string): Promise<Log<Label>> {
  return await openLogAt<Label>(folder, { file: LABELS_FILE, lock: LABELS_LOCK });
}

/** Where the labels of the rows of a file from elsewhere stand: beside it. */
export function fileLabelsPath(file: string): string {
  return `${file}.${LABELS_FILE}`;
}

/** Where the labels of a folder stand. */
export function labelsPath(folder: string): string {
  return join(folder, LABELS_FILE);
}
