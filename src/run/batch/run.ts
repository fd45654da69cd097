import type { Asked } from "../../models/types.ts";
import type { RowNumbers } from "../../plan/shard.ts";
import { openLedger } from "../log/ledger.ts";
import { askInBatches } from "./ask.ts";
import type { BatchOptions } from "./types.ts";

/** What a run is for those who ask its items by batch. */
export interface BatchRun<T> extends
  Pick<
    BatchOptions<T>,
    "run" | "numberOf" | "itemOf" | "keptFrom" | "done" | "inTurn" | "cancel" | "limits"
  > {
  /** Where its ledger is. */
  folder: string;
  /** The numbers that its items have. */
  rows: RowNumbers;
}

/** What its items are asked with beside. */
export interface BatchRunOptions<T> extends
  Pick<
    BatchOptions<T>,
    | "batches"
    | "wanted"
    | "request"
    | "openBudget"
    | "pending"
    | "settle"
    | "note"
    | "onProgress"
    | "now"
  > {
  /** Asks one item live. */
  askLive: () => AsyncIterable<Asked<T>>;
  /** Stop and cut, where there are such. */
  stops: { signal?: AbortSignal | undefined; cut?: AbortSignal | undefined };
}

/**
 * Asks for the items of a run through the Batch API, with its ledger: see {@linkcode askInBatches}.
 * Before the first batch of a run without any answer one item is asked live.
 */
export async function* askRunInBatches<T>(
  batchRun: BatchRun<T>,
  options: BatchRunOptions<T>,
): AsyncGenerator<Asked<T>, void, undefined> {
  const { folder, rows, ...run } = batchRun;
  const { askLive, stops: { signal, cut = new AbortController().signal }, ...given } = options;
  const ledger = await openLedger(folder, { rows, now: options.now });
  const isNew = ledger.isEmpty && run.done() === 0 && !run.cancel;
  if (isNew) options.note("One row is asked live first: it tells what the endpoint takes.");
  try {
    yield* askInBatches({
      ...run,
      ...given,
      ledger,
      first: isNew ? askLive() : null,
      signal: signal === undefined ? cut : AbortSignal.any([signal, cut]),
      cut,
    });
  } finally {
    ledger.close();
  }
}
