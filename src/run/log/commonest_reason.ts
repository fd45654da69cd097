import { join } from "node:path";
import type { Outcome } from "../types.ts";
import { readRecords, RECORDS_FILE } from "./records.ts";

/** Why most rows of a run that aren't ok aren't. */
export interface CommonestReason {
  outcome: Outcome;
  reason: string;
  /** How many of them ended so. */
  rows: number;
}

/** Reasons are counted apart up to so many; a reason that names its row would have no end. */
const MOST_REASONS = 1_000;

/**
 * The commonest reason among the records of a folder; null: there is none. Of a row that was asked
 * more than once the newest record counts.
 */
export async function commonestReason(folder: string): Promise<CommonestReason | null> {
  const reasons: CommonestReason[] = [];
  const known = new Map<string, CommonestReason>();
  const byRow = new Map<number, CommonestReason>();
  const reading = readRecords(join(folder, RECORDS_FILE), { skipBadLines: true });
  for await (const { record: { row, outcome, reason } } of reading) {
    const before = byRow.get(row);
    if (before !== undefined) before.rows--;
    byRow.delete(row);
    if (reason === null) continue;
    const key = `${outcome} ${reason}`;
    let found = known.get(key);
    if (found === undefined) {
      if (reasons.length === MOST_REASONS) continue;
      found = { outcome, reason, rows: 0 };
      known.set(key, found);
      reasons.push(found);
    }
    found.rows++;
    byRow.set(row, found);
  }
  const [first] = reasons.toSorted((a, b) => b.rows - a.rows);
  return first === undefined || first.rows === 0 ? null : first;
}
