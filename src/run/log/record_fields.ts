import { z } from "zod";
import type { ShapeOf } from "../../config/shape.ts";
import { OUTCOMES, type RowRecord } from "../types.ts";

const count = z.int().min(0);

/**
 * The one list of a record's fields, in the order of the log and of a table's columns. Later ones
 * stand at the end, so that no column moves.
 */
const shape = {
  row: count,
  attributes: z.record(z.string(), z.string()),
  requestedWords: z.int().min(1).nullable(),
  outcome: z.enum(OUTCOMES),
  text: z.string().nullable(),
  words: count.nullable(),
  reason: z.string().nullable(),
  model: z.string(),
  finishReason: z.string().nullable(),
  usage: z.object({ input: z.number().min(0), output: z.number().min(0) }).nullable(),
  cost: z.number().min(0).nullable(),
  attempts: count,
  calls: count,
  ms: z.number().min(0),
  at: z.string(),
  batch: z.string().exactOptional(),
} satisfies ShapeOf<RowRecord>;

/** A line of `records.jsonl`; keys that it doesn't know are kept. */
export const recordSchema: z.ZodType<RowRecord> = z.looseObject(shape);

/** A column of a table of records: its header and the way to its cells. */
export interface RecordColumn {
  header: string;
  prop: readonly string[];
}

/**
 * The columns of a table of records in their order, but for the attributes: each of those has one of
 * its own, called by the user.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { RECORD_COLUMNS } from "./record_fields.ts";
 * const headers = RECORD_COLUMNS.map(({ header }) => header);
 * assert(headers[0] === "row" && headers.includes("finish_reason"));
 * ```
 */
export const RECORD_COLUMNS: readonly RecordColumn[] = Object.keys(shape).flatMap((field) => {
  if (field === "attributes") return [];
  if (field !== "usage") return [{ header: snakeCase(field), prop: [field] }];
  return Object.keys(shape.usage.unwrap().shape)
    .map((part) => ({ header: `${part}_tokens`, prop: [field, part] }));
});

/** Names of what stands in our own logs and tables: by them a file's column is known as no attribute. */
export const OWN_COLUMNS: ReadonlySet<string> = new Set([
  ...Object.keys(shape),
  ...RECORD_COLUMNS.map(({ header }) => header),
  // Readers add it where a run's parts are read together.
  "part",
]);

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
