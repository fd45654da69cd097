import type { Price } from "../../config/types.ts";
import { costOf } from "../../models/cost/prices.ts";
import type { Asked } from "../../models/types.ts";
import type { PlannedRow } from "../../plan/types.ts";
import { countWords } from "../../text/words.ts";
import { outcomeOf } from "./outcome.ts";
import type { RowRecord } from "../types.ts";

/** What a record needs beside what became of the row. */
export interface RecordOptions {
  /** The model's name where no answer names it. */
  model: string;
  /** Null: the cost is unknown. */
  price: (Price & { batch?: Price | null }) | null;
  /** When the row was finished. */
  at: Date;
}

/** The line of `records.jsonl` for a row whose calls are over, its fields in the log's order. */
export function recordOf(asked: Asked<PlannedRow>, options: RecordOptions): RowRecord {
  const { item, reply } = asked;
  const { outcome, reason, text } = outcomeOf(asked);
  const usage = reply?.usage ?? null;
  return {
    row: item.row,
    attributes: item.attributes,
    requestedWords: item.requestedWords,
    outcome,
    text,
    words: text === null ? null : countWords(text),
    reason,
    model: reply?.model ?? options.model,
    finishReason: reply?.finishReason ?? null,
    usage,
    cost: costOf(usage, options.price, { batch: asked.batch !== undefined }),
    attempts: asked.attempts,
    calls: asked.calls,
    ms: Math.round(asked.ms),
    at: options.at.toISOString(),
    ...(asked.batch === undefined ? {} : { batch: asked.batch }),
  };
}
