import type { Sleep } from "../../../src/models/pacing/waiting.ts";

/** A clock on which sleeps end in the order of their times, as soon as nothing else is to be done. */
export function orderedClock(): { now: () => number; sleep: Sleep; time: number } {
  const sleepers: { until: number; wake: () => void }[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  /** Wakes the first sleeper after whatever is ready now; nothing is left behind where none sleeps. */
  function schedule(): void {
    if (sleepers.length === 0) {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    } else timer ??= setTimeout(wakeFirst, 0);
  }

  function wakeFirst(): void {
    timer = null;
    const first = sleepers.shift();
    if (first === undefined) return;
    clock.time = Math.max(clock.time, first.until);
    first.wake();
    schedule();
  }

  const clock = {
    time: 0,
    now: () => clock.time,
    sleep(milliseconds: number, { signal }: { signal: AbortSignal }) {
      return new Promise<void>((resolve) => {
        const sleeper = { until: clock.time + milliseconds, wake: resolve };
        const place = sleepers.findIndex(({ until }) => until > sleeper.until);
        sleepers.splice(place < 0 ? sleepers.length : place, 0, sleeper);
        signal.addEventListener("abort", () => {
          const index = sleepers.indexOf(sleeper);
          if (index >= 0) sleepers.splice(index, 1);
          schedule();
          resolve();
        }, { once: true });
        schedule();
      });
    },
  };
  return clock;
}
