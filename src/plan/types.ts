import type { Sampling } from "../config/types.ts";

/** What one row asks for; one line of `deno task plan`. */
export interface PlannedRow {
  /** Row number, from 0. */
  row: number;
  /** The drawn value of each attribute, by stem. */
  attributes: Record<string, string>;
  /** Length asked for, in words (at least 1); null where no length is configured. */
  requestedWords: number | null;
}

/** A pure O(1) function of the row number. */
export type Plan = (row: number) => PlannedRow;

/** What the draws depend on beside the config. */
export interface PlanOptions {
  seed: number;
  sampling: Sampling;
}
