import type { Sleep } from "../../../src/models/pacing/waiting.ts";

/** A clock on which sleeps end in the order of their times, as soon as nothing else is to be done. */
export function orderedClock(): { now: () => number; sleep: Sleep; time: number } {
  const sleepers: { until: number; wake: () => void }[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    while (true) {
      // Whatever is ready happens first.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const first = sleepers.shift();
      if (first === undefined) break;
      clock.time = Math.max(clock.time, first.until);
      first.wake();
    }
    isRunning = false;
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
          resolve();
        }, { once: true });
        if (!isRunning) run();
      });
    },
  };
  return clock;
}
