import type { UserError } from "../../error.ts";
import type { BatchEnd, Ledger, LedgerBatch } from "../log/ledger.ts";
import { rangesOf, sizeOf } from "../log/row_ranges.ts";
import type { Collected } from "./collect.ts";

/** A batch that the endpoint works on. */
export interface OpenBatch {
  entry: LedgerBatch;
  id: string;
  /** Rows that the endpoint says it is done with. */
  answered: number;
  /** Looks at it since it ended without the file of answers that it counts. */
  looks: number;
}

/** The batches that the endpoint works on, and why no more are made. */
export interface OpenBatches {
  /** Those that are open now. */
  all(): OpenBatch[];
  readonly size: number;
  readonly rows: number;
  readonly answered: number;
  /** Why nothing new is asked; null where nothing keeps from it. */
  readonly stop: UserError | null;
  /** Nothing new is asked: the first reason counts. */
  stopFor(error: UserError): void;
  /** An earlier start made it. */
  found(entry: LedgerBatch, id: string): void;
  /** It is made, which is noted. */
  adopt(entry: LedgerBatch, id: string): Promise<void>;
  /** It can't be collected now: it stays open in the ledger, and the others are waited for. */
  leave(batch: OpenBatch, error: UserError): void;
  /** It is over, which is noted after what it answered is on the disk. */
  end(
    batch: OpenBatch,
    status: BatchEnd,
    collected?: Pick<Collected, "tried" | "answered">,
  ): Promise<void>;
}

/**
 * Opens the list of open batches beside its ledger.
 *
 * @param options `settle`: puts on the disk what was yielded.
 */
export function openOpenBatches(
  ledger: Pick<Ledger, "submitted" | "ended">,
  { settle }: { settle: () => Promise<void> },
): OpenBatches {
  const open: OpenBatch[] = [];
  let stop: UserError | null = null;

  function found(entry: LedgerBatch, id: string): void {
    open.push({ entry, id, answered: 0, looks: 0 });
  }

  function remove(batch: OpenBatch): void {
    open.splice(open.indexOf(batch), 1);
  }

  return {
    all: () => [...open],
    get size() {
      return open.length;
    },
    get rows() {
      return open.reduce((sum, { entry }) => sum + sizeOf(entry.rows), 0);
    },
    get answered() {
      return open.reduce((sum, { answered }) => sum + answered, 0);
    },
    get stop() {
      return stop;
    },
    stopFor(error) {
      stop ??= error;
    },
    found,
    async adopt(entry, id) {
      await ledger.submitted(entry, id);
      found(entry, id);
    },
    leave(batch, error) {
      stop ??= error;
      remove(batch);
    },
    async end(batch, status, { tried, answered } = { tried: [], answered: 0 }) {
      await settle();
      await ledger.ended(batch.entry, status, rangesOf(tried), answered);
      remove(batch);
    },
  };
}
