import type { Fault } from "./types.ts";
import { backOff } from "./waiting.ts";

/** When calls may be made. */
export interface Pace {
  /** Before this time, by `now`, nothing is asked: the endpoint said so. */
  readonly pausedUntil: number;
  /** A call that started at `startedAt` was answered by a 429; gives the time until which to pause. */
  limited(fault: Fault, startedAt: number): number;
  /** An answer came: the endpoint takes calls again. */
  sign(): void;
}

/**
 * Starts to pace calls: a 429 pauses all of them until the time that it names, or else for a time
 * that doubles with each burst of 429s that has no answer between it and the one before.
 *
 * @param options `random` gives numbers in [0, 1), `now` milliseconds of a clock that never goes back.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openPace } from "./pace.ts";
 * const pace = openPace({ random: () => 0, now: () => 1000 });
 * const fault = { kind: "limited" as const, reason: "", status: 429, retryAfterMs: 300 };
 * assert(pace.limited(fault, 990) === 1300);
 * ```
 */
export function openPace(options: { random: () => number; now: () => number }): Pace {
  const { random, now } = options;
  let pausedUntil = -Infinity;
  /** When the last pause began: a 429 to a call from before that belongs to the same burst. */
  let pausedAt = -Infinity;
  let bursts = 0;
  return {
    get pausedUntil() {
      return pausedUntil;
    },
    limited({ retryAfterMs: named }, startedAt) {
      const at = now();
      if (startedAt >= pausedAt) {
        pausedAt = at;
        bursts++;
        // A named time that turns out too short again and again is drawn out, so that nothing spins.
        const least = named === null ? bursts : bursts - 2;
        if (least > 0) pausedUntil = Math.max(pausedUntil, at + backOff(least, random));
      }
      if (named !== null) pausedUntil = Math.max(pausedUntil, at + named);
      return pausedUntil;
    },
    sign() {
      bursts = 0;
    },
  };
}
