import { counted } from "../../text/numbers.ts";
import type { LedgerBatch } from "../log/ledger.ts";
import { rowsIn, sizeOf } from "../log/row_ranges.ts";
import { fullError } from "./errors.ts";
import type { Work } from "./work.ts";

/**
 * The endpoint has as much in its line as it takes: the rows go back into the queue, and others have
 * to end, or batches to be smaller.
 */
export async function makeRoom(
  entry: LedgerBatch,
  work: Pick<Work<unknown>, "open" | "queue" | "sizes" | "note" | "address" | "patience" | "waits">,
): Promise<void> {
  const { open, queue, sizes, note, address } = work;
  queue.again(rowsIn(entry.rows));
  const way = sizes.full(sizeOf(entry.rows), open.size);
  if (way === "none") open.stopFor(fullError(address));
  if (open.stop !== null) return;
  note(
    `${address} takes no more in its line now: ` +
      (way === "wait"
        ? "the next batch waits until one has ended."
        : `the next batch has ${counted(sizes.requests, "row")}.`),
  );
  if (way !== "wait") await work.patience.pause(work.waits.shortest);
}
