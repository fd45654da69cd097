import { Buffer } from "node:buffer";
import type { UserError } from "../../error.ts";
import type { Sent } from "../../models/endpoint/wire.ts";
import type { Reply } from "../../models/types.ts";
import type { Budget } from "../cost/budget.ts";
import type { LedgerBatch } from "../log/ledger.ts";
import { rangesOf } from "../log/row_ranges.ts";
import { requestId } from "./collect.ts";
import type { OpenBatches } from "./open_batches.ts";
import type { Queue } from "./queue.ts";
import type { Sizes } from "./sizes.ts";
import type { BatchOptions } from "./types.ts";

/** The file of a batch, in parts. */
export type FileParts = readonly Uint8Array<ArrayBuffer>[];

/** A batch that is in the ledger, and of which the endpoint hasn't heard. */
export interface PlannedBatch {
  entry: LedgerBatch;
  parts: FileParts;
}

/** Rows of the next batch and its file. */
export interface Chunk {
  rows: number[];
  parts: FileParts;
  sent: Sent;
}

/** What the next batch is filled by. */
export interface FillOptions<T> {
  numberOf: (item: T) => number;
  /** The line of the file that asks for an item. */
  lineOf: (item: T) => { line: string; sent: Sent };
  /** Null: no limit. */
  budget: Pick<Budget, "admitsAll"> | null;
  /** Rows that are out in other batches. */
  out: number;
  /** Rows of the run that have an outcome. */
  done: number;
  /** Requests and bytes of a batch at most. */
  most: { requests: number; bytes: number };
}

/** Characters of a file that are joined before they are handed on. */
const PART = 1024 * 1024;

/** A batch that money cuts short isn't made where it has fewer than this share of the rows done. */
const WORTH = 0.05;

/**
 * Fills the next batch with as many items of the queue as its file and the money take; the first
 * always fits the file.
 *
 * @returns Null where there is nothing to ask, or where money cuts it so short that it isn't worth a
 * batch: its rows are back in the queue then.
 */
export function fillBatch<T>(
  queue: Queue<T>,
  options: FillOptions<T>,
): Chunk | null {
  const { numberOf, lineOf, budget, out, done, most } = options;
  const encoder = new TextEncoder();
  const rows: number[] = [];
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let part = "";
  let size = 0;
  let sent: Sent | null = null;
  let isShort = false;
  for (let item = queue.next(); item !== null && rows.length < most.requests; item = queue.next()) {
    if (budget?.admitsAll(out + rows.length + 1) === false) {
      isShort = true;
      break;
    }
    const made = lineOf(item);
    size += Buffer.byteLength(made.line) + 1;
    if (size > most.bytes && rows.length > 0) break;
    sent ??= made.sent;
    rows.push(numberOf(item));
    part += made.line + "\n";
    if (part.length > PART) {
      parts.push(encoder.encode(part));
      part = "";
    }
    queue.take();
  }
  if (sent === null || isShort && rows.length < WORTH * done) {
    queue.untake(rows);
    return null;
  }
  parts.push(encoder.encode(part));
  return { rows, parts, sent };
}

/** Plans batches, and knows what they may cost. */
export interface Planning {
  /** The next batch, noted in the ledger; null: there is none. */
  next(): Promise<PlannedBatch | null>;
  /** An answer came, and is paid. */
  paid(usage: Reply["usage"]): void;
  /** What ends the asking where no batch is open and money is short for the next; null: it isn't. */
  shortage(): UserError | null;
}

/** Opens the planning of batches: its budget is opened with the first one. */
export function openPlanning<T>(
  options: BatchOptions<T>,
  { queue, open, sizes }: { queue: Queue<T>; open: OpenBatches; sizes: Sizes },
): Planning {
  const { batches, ledger, numberOf, limits: { bytes = 8 * 1024 * 1024 } = {} } = options;
  let budget: Budget | null | undefined;
  return {
    async next() {
      if (queue.next() === null) return null;
      if (budget === undefined) budget = options.openBudget();
      return await options.inTurn(async () => {
        budget?.look();
        const chunk = fillBatch(queue, {
          numberOf,
          lineOf: (item) => batches.lineOf(requestId(numberOf(item)), options.request(item)),
          budget: budget ?? null,
          out: open.rows,
          done: options.done(),
          most: { requests: sizes.requests, bytes },
        });
        if (chunk === null) return null;
        await options.settle();
        const { rows, parts, sent } = chunk;
        const entry = await ledger.planned({
          key: crypto.randomUUID(),
          rows: rangesOf(rows),
          sent,
          address: batches.address,
          plannedAt: options.now(),
        });
        return { entry, parts };
      });
    },
    paid: (usage) => budget?.add(usage),
    // What is left where no batch is open was worth none for want of money.
    shortage: () => budget && queue.next() !== null ? budget.reached(options.pending()) : null,
  };
}
