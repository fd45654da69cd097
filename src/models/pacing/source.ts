/** A source of items, pulled one by one. */
export interface Source<T> {
  /**
   * The next item; `"later"` where it isn't there yet: `onItem` is called when it is, or when the
   * source turns out to be at its end; null at the end.
   */
  next(): { item: T } | "later" | null;
  /** Tells the source that no more is wanted. */
  close(): void;
}

/**
 * Opens an iterable so that its items can be pulled where nothing can be awaited. Nothing is pulled
 * ahead of `next`.
 *
 * @param options `onItem`: called when an awaited item came or the end was reached; `onError`:
 * called with what the iterable threw while it was awaited.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openSource } from "./source.ts";
 * const source = openSource([7], { onItem: () => {}, onError: () => {} });
 * assert(JSON.stringify([source.next(), source.next()]) === '[{"item":7},null]');
 * ```
 */
export function openSource<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: { onItem: () => void; onError: (error: unknown) => void },
): Source<T> {
  return Symbol.asyncIterator in items ? openAsync(items, options) : openSync(items);
}

function openSync<T>(items: Iterable<T>): Source<T> {
  const iterator = items[Symbol.iterator]();
  let ended = false;
  return {
    next() {
      if (ended) return null;
      const { done, value } = iterator.next();
      if (!done) return { item: value };
      ended = true;
      return null;
    },
    close() {
      if (!ended) iterator.return?.();
      ended = true;
    },
  };
}

function openAsync<T>(
  items: AsyncIterable<T>,
  { onItem, onError }: { onItem: () => void; onError: (error: unknown) => void },
): Source<T> {
  const iterator = items[Symbol.asyncIterator]();
  let ended = false;
  let pulling = false;
  let pulled: { item: T } | null = null;

  async function pull(): Promise<void> {
    pulling = true;
    try {
      const { done, value } = await iterator.next();
      if (done) ended = true;
      else pulled = { item: value };
      pulling = false;
      onItem();
    } catch (error) {
      ended = true;
      pulling = false;
      onError(error);
    }
  }

  return {
    next() {
      if (pulled !== null) {
        const { item } = pulled;
        pulled = null;
        return { item };
      }
      if (ended) return null;
      if (!pulling) pull();
      return "later";
    },
    close() {
      if (!ended) iterator.return?.().catch(() => {});
      ended = true;
    },
  };
}
