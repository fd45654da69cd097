import { UserError } from "../../error.ts";
import type { Asked } from "../../models/types.ts";
import { rowsIn } from "../log/row_ranges.ts";
import { collectBatch, type Collected } from "./collect.ts";
import { cancelledError, notTaken } from "./errors.ts";
import type { EndedBatch } from "./polling.ts";
import { makeRoom } from "./room.ts";
import type { Work } from "./work.ts";

/** What collecting a batch takes. */
export type CollectWork<T> = Pick<
  Work<T>,
  | "batches"
  | "ledger"
  | "open"
  | "queue"
  | "sizes"
  | "planning"
  | "patience"
  | "waits"
  | "itemOf"
  | "done"
  | "mostTries"
  | "cancel"
  | "signal"
  | "note"
  | "address"
>;

/**
 * Yields what a batch that has ended answered, and ends it in the ledger. Rows without an answer go
 * back into the queue.
 *
 * @param options `kept`: rows whose answer from it was kept by an earlier start.
 */
export async function* collectEnded<T>(
  { batch, state }: EndedBatch,
  work: CollectWork<T>,
  { kept }: { kept: ReadonlySet<number> },
): AsyncGenerator<Asked<T>, void, undefined> {
  if (state.status === "failed") return await endFailed({ batch, state }, work);
  const { open, ledger, cancel, note, mostTries = 4 } = work;
  const results = collectBatch(batch.entry, state, {
    batches: work.batches,
    patience: work.patience,
    itemOf: work.itemOf,
    kept,
    tries: ledger.tries,
    passedOver: ledger.passedOver,
    mostTries,
    done: work.done(),
    note,
  });
  let collected: Collected;
  try {
    for (;;) {
      const next = await results.next();
      if (next.done) {
        collected = next.value;
        break;
      }
      if (next.value.reply !== null) work.planning.paid(next.value.reply.usage);
      yield next.value;
      work.signal.throwIfAborted();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!cancel) return open.leave(batch, error);
    note(`${error.message.split("\n")[0]} They are given up.`);
    return await open.end(batch, "lost");
  } finally {
    await results.return({ again: [], tried: [], answered: 0, stop: null });
  }
  await open.end(batch, state.status === "open" ? "completed" : state.status, collected);
  work.sizes.collected();
  work.queue.again(collected.again);
  if (collected.stop !== null) open.stopFor(collected.stop);
  if (state.status === "cancelled" && !cancel) open.stopFor(cancelledError(batch.id));
}

/** A batch that wasn't taken as a whole: none of its rows was asked. */
async function endFailed<T>({ batch, state }: EndedBatch, work: CollectWork<T>): Promise<void> {
  const { open, address } = work;
  const meaning = work.batches.failureOf(state.errors, batch.entry.sent);
  await open.end(batch, "failed");
  if (meaning === "full") await makeRoom(batch.entry, work);
  else if (meaning === "again") work.queue.again(rowsIn(batch.entry.rows));
  else open.stopFor(notTaken(address, { id: batch.id, fault: meaning.fault }));
}
