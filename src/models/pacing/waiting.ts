/** Ends after so many milliseconds, or at once when `signal` aborts; it never rejects. */
export type Sleep = (milliseconds: number, options: { signal: AbortSignal }) => Promise<void>;

// Timers take no longer wait: they would end at once.
const longestTimer = 2 ** 31 - 1;

/** A `Sleep` by the clock. Beyond 24 days it ends early: who waits looks at the time again. */
export function sleep(milliseconds: number, options: { signal: AbortSignal }): Promise<void> {
  const { signal } = options;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(end, Math.min(milliseconds, longestTimer));
    signal.addEventListener("abort", end, { once: true });
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}

const shortestBackOff = 500;
const longestBackOff = 30_000;

/**
 * Milliseconds to wait after a fault: 0.5 s doubled with each further one, at most 30 s, of which
 * a random share between half and all is taken, so that rows that failed together don't come back
 * together.
 *
 * @param times How many faults there were in a row, from 1.
 * @param random Gives numbers in [0, 1).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { backOff } from "./waiting.ts";
 * assert(backOff(3, () => 0) === 1000);
 * assert(backOff(99, () => 0.5) === 22_500);
 * ```
 */
export function backOff(times: number, random: () => number): number {
  const whole = Math.min(longestBackOff, shortestBackOff * 2 ** (times - 1));
  return whole * (0.5 + random() / 2);
}

/** No named wait counts as longer, so that sums of it stay times: a hundred years. */
const longestNamed = 100 * 365.25 * 86_400_000;

/** The wait that a fault names, in milliseconds from 0; null where it names none that is a number. */
export function namedWait({ retryAfterMs }: { retryAfterMs: number | null }): number | null {
  if (retryAfterMs === null || Number.isNaN(retryAfterMs)) return null;
  return Math.min(longestNamed, Math.max(0, retryAfterMs));
}

/** Adds an entry to a line that is sorted by when it is due; equal ones keep their order. */
export function insertByDue<T extends { due: number }>(line: T[], entry: T): void {
  let low = 0;
  let high = line.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = line[middle];
    if (other !== undefined && other.due <= entry.due) low = middle + 1;
    else high = middle;
  }
  line.splice(low, 0, entry);
}
