/** Items that are still to be asked: those that came back go before new ones. */
export interface Queue<T> {
  /** The next item, and the same one until it is taken; null: there is none. */
  next(): T | null;
  /** The next item is no longer here. */
  take(): void;
  /** Rows to be asked once more, after those that wait for it already. */
  again(rows: Iterable<number>): void;
  /** Rows that were taken last but not asked: they come first again. */
  untake(rows: Iterable<number>): void;
  /** Rows that are asked already: where they are wanted too, they are passed over. */
  pass(rows: Iterable<number>): void;
}

/**
 * Opens the queue of the items that are wanted, which are drawn one by one. Of those that come back
 * only the number is held.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openQueue } from "./queue.ts";
 * const queue = openQueue(["a", "b"], {
 *   numberOf: (item) => item.charCodeAt(0),
 *   itemOf: String.fromCharCode,
 * });
 * assert.equal(queue.next(), "a");
 * queue.take();
 * queue.again([97]);
 * assert.equal(queue.next(), "a");
 * ```
 */
export function openQueue<T>(
  wanted: Iterable<T>,
  { numberOf, itemOf }: { numberOf: (item: T) => number; itemOf: (row: number) => T },
): Queue<T> {
  const source = wanted[Symbol.iterator]();
  const passed = new Set<number>();
  let again: number[] = [];
  let at = 0;
  let drawn: { item: T } | null = null;

  function draw(): { item: T } | null {
    const row = again[at];
    if (row !== undefined) {
      at++;
      return { item: itemOf(row) };
    }
    for (;;) {
      const next = source.next();
      if (next.done) return null;
      if (!passed.has(numberOf(next.value))) return { item: next.value };
    }
  }

  return {
    next() {
      drawn ??= draw();
      return drawn?.item ?? null;
    },
    take() {
      drawn = null;
    },
    again(rows) {
      for (const row of rows) again.push(row);
    },
    untake(rows) {
      const next = drawn === null ? [] : [numberOf(drawn.item)];
      again = [...rows, ...next, ...again.slice(at)];
      at = 0;
      drawn = null;
    },
    pass(rows) {
      for (const row of rows) passed.add(row);
    },
  };
}
