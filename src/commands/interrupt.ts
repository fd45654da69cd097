/** npx and the launcher pass each signal on, so that one Ctrl-C comes several times. */
const ONE_SIGNAL_MS = 500;

/** What Ctrl-C asks for. */
export interface Interrupt {
  /** Aborted by the first Ctrl-C: ask nothing more, let the calls in flight end. */
  readonly stop: AbortSignal;
  /** Aborted by the second: leave the calls in flight. */
  readonly cut: AbortSignal;
  /** Stops listening. */
  release(): void;
}

/**
 * Turns Ctrl-C (and SIGTERM) into a stop and, on repetition, a cut. Signals within half a second
 * are one.
 *
 * @param onStop Called once, with the first signal.
 */
export function onInterrupt(onStop: () => void): Interrupt {
  const stop = new AbortController();
  const cut = new AbortController();
  let last = -Infinity;
  const listen = () => {
    const now = performance.now();
    const same = now - last < ONE_SIGNAL_MS;
    last = now;
    if (same) return;
    if (stop.signal.aborted) return cut.abort();
    stop.abort();
    onStop();
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, listen);
  return {
    stop: stop.signal,
    cut: cut.signal,
    release() {
      for (const signal of signals) Deno.removeSignalListener(signal, listen);
    },
  };
}
