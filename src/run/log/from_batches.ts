import { join } from "node:path";
import { readRecords, RECORDS_FILE } from "./records.ts";

/** Rows of a run's folder whose record is from one of these batches, by batch. */
export async function rowsFromBatches(
  folder: string,
  ids: ReadonlySet<string>,
): Promise<Map<string, Set<number>>> {
  const rows = new Map<string, Set<number>>();
  if (ids.size === 0) return rows;
  const reading = readRecords(join(folder, RECORDS_FILE), { skipBadLines: true });
  for await (const { record: { row, batch } } of reading) {
    if (batch === undefined || !ids.has(batch)) continue;
    const those = rows.get(batch);
    if (those === undefined) rows.set(batch, new Set([row]));
    else those.add(row);
  }
  return rows;
}
