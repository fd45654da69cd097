import type { ChatRequest } from "../types.ts";
import { newRow, type Row } from "./row.ts";
import { openSource } from "./source.ts";
import { insertByDue, type Sleep } from "./waiting.ts";

/** The rows that are to be asked: those that wait to be asked again, then new ones. */
export interface Queue<T> {
  /** Rows that wait to be asked again. */
  readonly waiting: number;
  /** Whether no new row is left. */
  readonly sourceEnded: boolean;
  /** Whether neither a new row is left nor one that waits. */
  readonly isEmpty: boolean;
  /** When the first row that waits is due, where no new one can come before it; else null. */
  readonly nextDue: number | null;
  /** The first row that waits and is due, else a new one; null: there is none by now. */
  next(at: number, signs: number): Row<T> | null;
  /** Puts a row to wait until it is due. */
  wait(row: Row<T>): void;
  /** Takes a row back that was to be asked now. */
  putBack(row: Row<T>): void;
  /** Looks again at that time; an earlier one beats a later one. */
  ring(at: number): void;
  /** No row waits any longer, and none is put to wait. */
  stop(): void;
  /** Tells the source that no more is wanted. */
  close(): void;
}

/** What a queue is made of. */
export interface QueueOptions<T> {
  request: (item: T) => ChatRequest;
  /** Where more rows wait, no new one is pulled. */
  mostWaiting: number;
  now: () => number;
  sleep: Sleep;
  /** Called when there may be a row where there was none. */
  onMore: () => void;
  /** Called with what the source or a request threw. */
  onError: (error: unknown) => void;
}

/** Opens the queue of rows for items; nothing is pulled from them ahead of `next`. */
export function openQueue<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: QueueOptions<T>,
): Queue<T> {
  const { request, mostWaiting, now, sleep, onMore, onError } = options;
  const source = openSource(items, { onItem: onMore, onError });
  /** The first due first. */
  const waiting: Row<T>[] = [];
  let sourceEnded = false;
  let stopped = false;
  let alarm: { at: number; controller: AbortController } | null = null;

  function newOne(signs: number): Row<T> | null {
    if (sourceEnded) return null;
    try {
      const next = source.next();
      if (next === "later") return null;
      if (next !== null) return newRow(next.item, request(next.item), signs);
    } catch (error) {
      onError(error);
    }
    sourceEnded = true;
    return null;
  }

  function ring(at: number): void {
    if (alarm !== null && alarm.at <= at) return;
    alarm?.controller.abort();
    const controller = new AbortController();
    const mine = alarm = { at, controller };
    sleep(Math.max(0, at - now()), { signal: controller.signal }).then(() => {
      if (alarm !== mine) return;
      alarm = null;
      onMore();
    });
  }

  return {
    get waiting() {
      return waiting.length;
    },
    get sourceEnded() {
      return sourceEnded;
    },
    get isEmpty() {
      return sourceEnded && waiting.length === 0;
    },
    get nextDue() {
      const isClosed = sourceEnded || waiting.length > mostWaiting;
      return isClosed ? waiting[0]?.due ?? null : null;
    },
    next(at, signs) {
      const first = waiting[0];
      if (first !== undefined) {
        if (first.due <= at) return waiting.shift() ?? null;
        ring(first.due);
        if (waiting.length > mostWaiting) return null;
      }
      return newOne(signs);
    },
    wait(row) {
      if (!stopped) insertByDue(waiting, row);
    },
    putBack: (row) => void waiting.unshift(row),
    ring,
    stop() {
      stopped = true;
      alarm?.controller.abort();
      alarm = null;
      waiting.length = 0;
    },
    close: source.close,
  };
}
