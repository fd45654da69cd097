import { display, jupyter } from "./jupyter.ts";

/** What the stop button asks of the work that runs. */
export interface StopSignals {
  /** Aborted at once: begin nothing more. */
  readonly stop: AbortSignal;
  /** Aborted a quarter of a second later, or by a second press: leave what is still out. */
  readonly cut: AbortSignal;
}

/** So long may calls that are nearly there take to land, in milliseconds. */
const GRACE_MS = 250;

const running = new Set<() => void>();

/**
 * Runs work that the notebook's stop button (Kernel > Interrupt) can end. Without it the button
 * ends the kernel with all that it holds. The work gives back what it has when `stop` or `cut` is
 * aborted; it doesn't throw.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { stoppable } from "./interrupt.ts";
 * const seen = await stoppable(async ({ stop }) => {
 *   let seen = 0;
 *   while (!stop.aborted && seen < 3) seen = await Promise.resolve(seen + 1);
 *   return seen;
 * });
 * assert(seen === 3);
 * ```
 */
export async function stoppable<T>(work: (signals: StopSignals) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const cut = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const press = () => {
    if (stop.signal.aborted) return cut.abort();
    stop.abort();
    timer = setTimeout(() => cut.abort(), GRACE_MS);
  };
  running.add(press);
  try {
    return await work({ stop: stop.signal, cut: cut.signal });
  } finally {
    running.delete(press);
    clearTimeout(timer);
  }
}

/**
 * What a press of the stop button does: tells all work that can be stopped.
 *
 * @returns false where there is none.
 */
export function pressStop(): boolean {
  for (const press of [...running]) press();
  return running.size > 0;
}

// A kernel without a listener dies by the stop button, and one that lost its listener, too: this one
// is set when the module is loaded and never removed.
if (jupyter() !== null) {
  Deno.addSignalListener("SIGINT", () => {
    if (pressStop()) return;
    const text = "Nothing runs here that can be stopped. Kernel > Restart ends everything.";
    void display({ "text/plain": text });
  });
}
