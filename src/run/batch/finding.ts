import type { BatchState } from "../../models/batch/types.ts";
import type { LedgerBatch } from "../log/ledger.ts";
import { refused, unknownWhether } from "./errors.ts";
import type { Work } from "./work.ts";

/** Looks for a batch in the endpoint's list: the list may be a little behind. */
const LOOKS = 2;

/**
 * The batch that was made for an entry of the ledger, where it isn't known whether one was; null:
 * none was.
 *
 * @throws {UserError} Exit 3 where the endpoint's list doesn't tell.
 */
export async function findBatch(
  entry: LedgerBatch,
  work: Pick<Work<unknown>, "batches" | "patience" | "signal" | "cancel" | "address" | "waits">,
): Promise<BatchState | null> {
  const { batches, patience, signal, address } = work;
  const { key, file, plannedAt: since } = entry;
  if (file === null) return null;
  for (let looks = 1;; looks++) {
    const came = await patience.ask(() => batches.find({ key, file, since }, signal));
    if ("fault" in came) {
      const { fault } = came;
      // With another key the list may tell.
      const isKey = fault.status === 401 || fault.status === 403;
      throw work.cancel && isKey
        ? refused(address, fault)
        : unknownWhether(address, { entry, fault });
    }
    if (came.value !== null || looks === LOOKS) return came.value;
    await patience.pause(work.waits.listedAfter);
  }
}
