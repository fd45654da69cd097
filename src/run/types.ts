import type { Config, Sampling } from "../config/types.ts";
import type { ParameterNotes, Parameters, Usage } from "../models/types.ts";

/** What can become of a row, in the order in which it is told. */
export const OUTCOMES = ["ok", "refused", "filtered", "truncated", "empty", "failed"] as const;

/** What became of a row. */
export type Outcome = typeof OUTCOMES[number];

/** How an answered row is lost, in the order in which it is told. */
export const LOST_OUTCOMES = ["refused", "filtered", "truncated", "empty"] as const;

/** How an answered row is lost. */
export type LostOutcome = typeof LOST_OUTCOMES[number];

/** A line of `records.jsonl`. */
export interface RowRecord {
  row: number;
  /** Requested values by stem. */
  attributes: Record<string, string>;
  requestedWords: number | null;
  outcome: Outcome;
  /** What came, whatever the outcome; null if nothing came. Well-formed Unicode. */
  text: string | null;
  /** Words of `text`. */
  words: number | null;
  /** Why the outcome isn't ok; null where it is. */
  reason: string | null;
  model: string;
  finishReason: string | null;
  usage: Usage | null;
  /** USD, of a batch at its price; null where the price or the usage is unknown. */
  cost: number | null;
  /** Calls that were answered otherwise than by a 429. */
  attempts: number;
  /** All calls. */
  calls: number;
  /** Milliseconds that the last call took; of a batch, those until it was done. */
  ms: number;
  /** ISO 8601. */
  at: string;
  /** The id of the batch that it came in; absent: it was asked live. */
  batch?: string;
}

/** `run.json`: what was asked. */
export interface RunManifest {
  config: Config;
  /** Hex SHA-256 of all that can change a text. */
  configHash: string;
  seed: number;
  sampling: Sampling;
  count: number;
  shard: string | null;
  /** `provider:name`. */
  model: string;
  parameters: Parameters & ParameterNotes & { max_tokens: number | null };
  versions: { plumbline: string; deno: string; prompt: string };
  /** ISO 8601. */
  createdAt: string;
}

/** Rows by what became of them: planned = the sum of the others, always. */
export interface RowCounts extends Record<Outcome, number> {
  planned: number;
  pending: number;
}
