import { join } from "node:path";
import type { Asked } from "../../models/types.ts";
import type { PlannedRow } from "../../plan/types.ts";
import { askInBatches } from "./ask.ts";
import type { BatchOptions } from "./types.ts";
import { openLedger } from "../log/ledger.ts";
import type { WritableRun } from "../log/open.ts";
import { readRecords, RECORDS_FILE } from "../log/records.ts";

/** What a run's rows are asked with, beside what the run itself gives. */
export type BatchRunOptions =
  & Omit<
    BatchOptions<PlannedRow>,
    "run" | "ledger" | "keptFrom" | "done" | "first" | "signal" | "cut"
  >
  & {
    /** Asks one row live. */
    askLive: () => AsyncIterable<Asked<PlannedRow>>;
    /** Stop and cut, where there are such. */
    stops: [stop: AbortSignal | undefined, cut: AbortSignal | undefined];
  };

/**
 * Asks for the rows of an open run through the Batch API, with its ledger and its records: see
 * {@linkcode askInBatches}. Before the first batch of a run without any record one row is asked live.
 */
export async function* askRunInBatches(
  run: WritableRun,
  options: BatchRunOptions,
): AsyncGenerator<Asked<PlannedRow>, void, undefined> {
  const { askLive, stops, ...given } = options;
  const { cancel, note, now } = options;
  const [stop, cut = new AbortController().signal] = stops;
  const ledger = await openLedger(run.folder, { rows: run.rows, now });
  const done = () => {
    const { planned, pending } = run.tally.counts();
    return planned - pending;
  };
  const isNew = ledger.isEmpty && done() === 0 && !cancel;
  if (isNew) note("One row is asked live first: it tells what the endpoint takes.");
  try {
    yield* askInBatches({
      ...given,
      run: run.name,
      ledger,
      done,
      first: isNew ? askLive() : null,
      signal: stop === undefined ? cut : AbortSignal.any([stop, cut]),
      cut,
      async settle() {
        await options.settle();
        await run.log.flush();
      },
      keptFrom: (ids) => recordedFrom(run.folder, ids),
    });
  } finally {
    ledger.close();
  }
}

/** Rows whose record is from one of these batches, by batch. */
async function recordedFrom(
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
