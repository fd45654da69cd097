import type { Fault } from "../../models/types.ts";
import { counted } from "../../text/numbers.ts";
import type { LedgerBatch } from "../log/ledger.ts";
import { sizeOf } from "../log/row_ranges.ts";
import { refused, unknownWhether } from "./errors.ts";
import { findBatch } from "./finding.ts";
import { makeRoom } from "./room.ts";
import { isNamedWait, passes } from "./patience.ts";
import type { FileParts, PlannedBatch } from "./planning.ts";
import type { Work } from "./work.ts";

/** What making a batch takes. */
export type MakeWork = Pick<
  Work<unknown>,
  | "batches"
  | "ledger"
  | "open"
  | "patience"
  | "signal"
  | "cut"
  | "cancel"
  | "run"
  | "waits"
  | "address"
>;

/** Faults in a row after which a batch isn't made now. */
const MOST_FAULTS = 8;

/** Looks at an uploaded file that isn't ready, after which a batch is made of it all the same. */
const MOST_LOOKS = 30;

/** Makes as many batches as there are rows, money and room for. */
export async function makeBatches<T>(
  work: Work<T>,
  { isFirst }: { isFirst: boolean },
): Promise<void> {
  const { open, sizes, note } = work;
  let hint = isFirst ? ", to be answered within 24 hours, also if this is ended" : "";
  while (open.stop === null && open.size < sizes.open) {
    const planned = await work.planning.next();
    if (planned === null) return;
    const { entry } = planned;
    if (await submitBatch(planned, work) === "made") {
      const rows = counted(sizeOf(entry.rows), "row");
      note(`Batch ${open.all().at(-1)?.id} of ${rows} is submitted${hint}.`);
      hint = "";
    } else await makeRoom(entry, work);
  }
}

/**
 * Uploads the file of a planned batch and makes the batch. Each step is in the ledger before the
 * next is taken.
 *
 * @returns `full`: the endpoint has no room for it, so that it was dropped.
 * @throws {UserError} Exit 3 where the endpoint takes it in no way, or it isn't known whether it did.
 */
export async function submitBatch(
  { entry, parts }: PlannedBatch,
  work: MakeWork,
): Promise<"made" | "full"> {
  const { ledger } = work;
  let file: string;
  try {
    file = await upload(entry, parts, work);
  } catch (error) {
    await ledger.ended(entry, "dropped", []);
    throw error;
  }
  await ledger.uploaded(entry, file);
  return await create(entry, file, work);
}

async function upload(
  entry: LedgerBatch,
  parts: FileParts,
  { batches, patience, signal, waits, address }: MakeWork,
): Promise<string> {
  const name = `plumbline-${entry.key}.jsonl`;
  const mayGoOn = faultCounter(address);
  for (let times = 1;; times++) {
    const came = await batches.upload(parts, { name, signal });
    if ("value" in came) {
      // Where it can't be told whether the file is ready, making the batch tells.
      for (let looks = 1; looks <= MOST_LOOKS; looks++) {
        const ready = await batches.isReady(came.value, signal);
        if ("value" in ready ? ready.value : looks === MOST_FAULTS || !passes(ready.fault)) break;
        await patience.pause(Math.min(waits.longest, waits.shortest * looks));
      }
      return came.value;
    }
    if (!passes(came.fault)) throw refused(address, came.fault);
    mayGoOn(came.fault);
    await patience.after(came.fault, times);
  }
}

/**
 * Makes the batch of an uploaded file, once: where it isn't known whether a call did, the
 * endpoint's list tells.
 */
async function create(
  entry: LedgerBatch,
  file: string,
  work: MakeWork,
): Promise<"made" | "full"> {
  const { batches, ledger, open, patience, address } = work;
  const { key } = entry;
  const mayGoOn = faultCounter(address);
  /** Whether a call may have made it all the same. */
  let mayBeMade = false;
  for (let times = 1;; times++) {
    work.signal.throwIfAborted();
    if (entry.putOff) await ledger.uploaded(entry, file);
    const came = await batches.create({ file, key, run: work.run }, work.cut);
    if ("full" in came) {
      await ledger.ended(entry, "dropped", []);
      return "full";
    }
    if ("value" in came) {
      await open.adopt(entry, came.value.id);
      return "made";
    }
    const { fault } = came;
    if (!passes(fault)) {
      await ledger.ended(entry, "dropped", []);
      throw refused(address, fault);
    }
    mayBeMade ||= fault.kind !== "limited";
    if (!mayBeMade) await ledger.putOff(entry);
    if (fault.kind !== "limited") {
      await patience.pause(work.waits.listedAfter);
      const state = await findBatch(entry, work);
      if (state !== null) {
        await open.adopt(entry, state.id);
        return "made";
      }
    }
    // It took the call, in words that nobody understands: another one might be paid as well.
    if (fault.status === 200) throw unknownWhether(address, { entry, fault });
    mayGoOn(fault);
    await patience.after(fault, times);
  }
}

/** Counts the faults that tell of trouble; throws at one too many. */
function faultCounter(address: string): (fault: Fault) => void {
  let faults = 0;
  return (fault) => {
    if (!isNamedWait(fault) && ++faults === MOST_FAULTS) throw refused(address, fault);
  };
}
