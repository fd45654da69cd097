import type { RowRecord } from "../types.ts";

/** Why most rows that aren't ok aren't. */
export interface CommonestReason extends Pick<RowRecord, "outcome"> {
  reason: string;
  /** How many rows ended so. */
  rows: number;
}

/** Reasons are counted apart up to so many; a reason that names its row would have no end. */
const MOST_REASONS = 1_000;

/**
 * The reason that most rows give for not being ok; null: none gives one.
 *
 * @param sources Rows as `readRun` gives them, the newest record of each; rows of files have no reason.
 */
export async function commonestReason(
  sources: readonly AsyncIterable<Pick<RowRecord, "outcome"> & { reason?: string | null }>[],
): Promise<CommonestReason | null> {
  const known = new Map<string, CommonestReason>();
  for (const rows of sources) {
    for await (const { outcome, reason } of rows) {
      if (!reason) continue;
      const key = `${outcome} ${reason}`;
      const found = known.get(key);
      if (found !== undefined) found.rows++;
      else if (known.size < MOST_REASONS) known.set(key, { outcome, reason, rows: 1 });
    }
  }
  const [first = null] = [...known.values()].toSorted((a, b) => b.rows - a.rows);
  return first;
}
