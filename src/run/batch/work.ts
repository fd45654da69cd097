import { sleep as sleepByClock } from "../../models/pacing/waiting.ts";
import { type OpenBatches, openOpenBatches } from "./open_batches.ts";
import { openPatience, type Patience } from "./patience.ts";
import { openPlanning, type Planning } from "./planning.ts";
import { openQueue, type Queue } from "./queue.ts";
import { openSizes, type Sizes } from "./sizes.ts";
import type { BatchOptions } from "./types.ts";

/** What the steps of an asking by batch share. */
export interface Work<T> extends BatchOptions<T> {
  /** Where the batches are, for people. */
  address: string;
  queue: Queue<T>;
  open: OpenBatches;
  sizes: Sizes;
  planning: Planning;
  patience: Patience;
  /** Milliseconds: see `BatchLimits`. */
  waits: { shortest: number; longest: number; listedAfter: number };
  /** Tells how far the open batches are. */
  tell(): void;
}

/** Requests of one batch that the API takes. */
const MOST_REQUESTS = 50_000;

/** Opens the work on batches: nothing is asked yet. */
export function openWork<T>(options: BatchOptions<T>): Work<T> {
  const { batches, ledger, signal, note, now, limits = {} } = options;
  const { address } = batches;
  const { shortestWait: shortest = 5_000, longestWait: longest = 60_000 } = limits;
  const { listedAfter = 10_000, sleep = sleepByClock } = limits;
  const queue = openQueue(options.wanted, options);
  const open = openOpenBatches(ledger, options);
  const sizes = openSizes(limits.requests ?? MOST_REQUESTS);
  let heldUntil: number | null = null;

  function tell(): void {
    options.onProgress({
      ...(heldUntil === null ? {} : { heldUntil }),
      open: open.size,
      rows: open.rows,
      answered: open.answered,
    });
  }

  return {
    ...options,
    address,
    queue,
    open,
    sizes,
    planning: openPlanning(options, { queue, open, sizes }),
    patience: openPatience({
      address,
      waits: { shortest: Math.min(shortest, 1_000), longest },
      signal,
      sleep,
      note,
      onHeld(until) {
        heldUntil = until;
        tell();
      },
      now,
    }),
    waits: { shortest, longest, listedAfter },
    tell,
  };
}
