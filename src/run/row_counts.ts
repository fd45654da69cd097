import { LOST_OUTCOMES, type LostOutcome, OUTCOMES, type RowCounts } from "./types.ts";

/**
 * So many rows that are all pending, by what became of them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pendingRows } from "./row_counts.ts";
 * const { planned, ok, pending } = pendingRows(3);
 * assert.deepEqual([planned, ok, pending], [3, 0, 3]);
 * ```
 */
export function pendingRows(planned: number): RowCounts {
  const none = { ok: 0, refused: 0, filtered: 0, truncated: 0, empty: 0, failed: 0 };
  return { planned, ...none, pending: planned };
}

/** No rows yet. */
export function noRows(): RowCounts {
  return pendingRows(0);
}

/** The rows of several parts or runs together. */
export function sumOfRows(all: Iterable<RowCounts>): RowCounts {
  const sum = noRows();
  for (const counts of all) {
    for (const key of ["planned", ...OUTCOMES, "pending"] as const) sum[key] += counts[key];
  }
  return sum;
}

/** Rows that were answered, but not with a whole text: those that failed aren't among them. */
export function lostRows(rows: Readonly<Record<LostOutcome, number>>): number {
  return LOST_OUTCOMES.reduce((sum, outcome) => sum + rows[outcome], 0);
}
