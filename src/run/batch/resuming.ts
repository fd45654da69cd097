import { UserError } from "../../error.ts";
import type { BatchState } from "../../models/batch/types.ts";
import { counted } from "../../text/numbers.ts";
import type { LedgerBatch } from "../log/ledger.ts";
import { rowsIn } from "../log/row_ranges.ts";
import { elsewhereError, refused } from "./errors.ts";
import { findBatch } from "./finding.ts";
import type { Work } from "./work.ts";

/**
 * Finds again what an earlier start has submitted. What may have been made is looked for; what
 * surely wasn't is asked anew.
 *
 * @throws {UserError} Exit 3 where it can't be told whether a batch was made.
 */
export async function resumeBatches<T>(work: Work<T>): Promise<void> {
  const { ledger, batches, queue, open, note } = work;
  // Other shards count them until they have ended.
  for (const entry of ledger.unmade) await ledger.ended(entry, "dropped", []);
  if (ledger.widened) batches.knowsToWait();
  for (const entry of ledger.open) queue.pass(rowsIn(entry.rows));
  for (const entry of ledger.open) {
    if (entry.batch !== null) open.found(entry, entry.batch);
    else await resumeMaking(entry, work);
  }
  if (open.size > 0) {
    const those = open.size === 1 ? "a batch" : `${open.size} batches`;
    note(`Going on with ${those} of ${counted(open.rows, "row")}.`);
  }
}

/** It may have been made without that being noted; only its own endpoint can tell. */
async function resumeMaking<T>(entry: LedgerBatch, work: Work<T>): Promise<void> {
  const { ledger, open, cancel, address } = work;
  if (entry.address !== address) {
    const error = elsewhereError(address, entry);
    if (cancel) await giveUp(entry, error, work);
    else open.stopFor(error);
    return;
  }
  let state: BatchState | null;
  try {
    state = await findBatch(entry, work);
  } catch (error) {
    if (!cancel || !(error instanceof UserError)) throw error;
    return await giveUp(entry, error, work);
  }
  if (state !== null) {
    work.note(`Batch ${state.id} was submitted before: it is collected.`);
    return await open.adopt(entry, state.id);
  }
  await ledger.ended(entry, "dropped", []);
  if (!cancel) work.queue.again(rowsIn(entry.rows));
}

async function giveUp<T>(
  entry: LedgerBatch,
  { message }: UserError,
  { ledger, note }: Work<T>,
): Promise<void> {
  note(`${message.split("\n")[0]} It is given up.`);
  await ledger.ended(entry, "lost", []);
}

/**
 * Cancels every open batch.
 *
 * @throws {UserError} Exit 3 where the key is refused.
 */
export async function cancelBatches<T>(work: Work<T>): Promise<void> {
  const { batches, open, patience, signal, address } = work;
  for (const { id } of open.all()) {
    const came = await patience.ask<unknown>(async () => {
      const answer = await batches.cancel(id, signal);
      // One that has ended can't be cancelled: looking at it tells; so it does where it isn't known.
      return "fault" in answer && answer.fault.status === 409 ? { value: null } : answer;
    });
    if ("fault" in came && (came.fault.status === 401 || came.fault.status === 403)) {
      throw refused(address, came.fault);
    }
    work.note(`Batch ${id} is being cancelled; what it has answered is collected.`);
  }
}
