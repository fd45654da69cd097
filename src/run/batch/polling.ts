import type { BatchState } from "../../models/batch/types.ts";
import { sizeOf } from "../log/row_ranges.ts";
import { refused, unknownBatch, withoutFile } from "./errors.ts";
import type { OpenBatch } from "./open_batches.ts";
import type { Work } from "./work.ts";

/** A batch that the endpoint has done with. */
export interface EndedBatch {
  batch: OpenBatch;
  state: BatchState;
}

/** What looking at batches takes. */
export type PollWork = Pick<
  Work<unknown>,
  "batches" | "open" | "patience" | "signal" | "address" | "cancel" | "note"
>;

/** Looks at a batch that has ended until its file of answers has to be there. */
const MOST_LOOKS = 30;

/** The same where the batch is to be given up. */
const FEW_LOOKS = 8;

/**
 * Looks at every open batch once and gives those that can be collected. One that its endpoint
 * doesn't know, or that never names its answers, is left, or given up where all are cancelled.
 *
 * @throws {UserError} Exit 3 where the endpoint can't be asked.
 */
export async function pollBatches(work: PollWork): Promise<EndedBatch[]> {
  const { batches, open, patience, signal, address } = work;
  const ended: EndedBatch[] = [];
  for (const batch of open.all()) {
    const came = await patience.ask(() => batches.retrieve(batch.id, signal));
    if ("fault" in came) {
      const { fault } = came;
      if (fault.status !== 404) throw refused(address, fault);
      if (!work.cancel) {
        open.leave(batch, unknownBatch(address, { entry: batch.entry, id: batch.id, fault }));
      } else {
        work.note(`Batch ${batch.id} isn't known at ${address}: it is given up.`);
        await open.end(batch, "lost");
      }
      continue;
    }
    const state = came.value;
    const { counts } = state;
    if (counts !== null) {
      batch.answered = Math.min(sizeOf(batch.entry.rows), counts.completed + counts.failed);
    }
    if (state.status === "open") continue;
    if (isWithoutFile(state)) await lookAgain(batch, work);
    else ended.push({ batch, state });
  }
  return ended;
}

/** Whether it counts answers that it names no file of: that may come a little later. */
function isWithoutFile({ status, outputFile, counts }: BatchState): boolean {
  return status !== "failed" && outputFile === null && (counts?.completed ?? 0) > 0;
}

async function lookAgain(batch: OpenBatch, work: PollWork): Promise<void> {
  const { open, note, cancel, address } = work;
  const error = withoutFile(address, batch.id);
  if (++batch.looks === 1) note(`${error.message.split("\n")[0]} It is waited for.`);
  if (batch.looks < (cancel ? FEW_LOOKS : MOST_LOOKS)) return;
  if (!cancel) return open.leave(batch, error);
  note(`Batch ${batch.id} names no file of its answers: it is given up.`);
  await open.end(batch, "lost");
}
