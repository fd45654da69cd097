import type { Answer } from "../../models/types.ts";
import type { AskingProgress, BatchProgress } from "../progress.ts";

/** A limit that holds all calls for less than so many milliseconds isn't told. */
const LONG_HOLD_MS = 2000;

/** Watches how far an asking is. */
export interface ProgressWatch {
  now(): AskingProgress;
  /** A call is out until its answer came, or never will. */
  call(answer: Promise<Answer>): Promise<Answer>;
  /** No call may start for so many milliseconds; 0: no longer. */
  held(milliseconds: number): void;
  batches(progress: BatchProgress): void;
  /** An answer is kept. */
  kept(): void;
}

/**
 * Opens the watch of an asking that has asked nothing yet.
 *
 * @param now Milliseconds since 1970.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { watchProgress } from "./progress.ts";
 * const watch = watchProgress(() => 1_000);
 * watch.held(60_000);
 * watch.kept();
 * assert(watch.now().heldUntil === 61_000 && watch.now().asked === 1);
 * ```
 */
export function watchProgress(now: () => number): ProgressWatch {
  let asked = 0;
  let inFlight = 0;
  let limited = 0;
  let heldUntil: number | undefined;
  let batches: BatchProgress | undefined;
  return {
    now: () => ({ asked, inFlight, limited, heldUntil, batches }),
    async call(answering) {
      inFlight += 1;
      try {
        const answer = await answering;
        if ("fault" in answer && answer.fault.kind === "limited") limited += 1;
        return answer;
      } finally {
        inFlight -= 1;
      }
    },
    held(milliseconds) {
      heldUntil = milliseconds < LONG_HOLD_MS ? undefined : now() + milliseconds;
    },
    batches(progress) {
      heldUntil = progress.heldUntil;
      batches = progress.open === 0 ? undefined : progress;
    },
    kept() {
      asked += 1;
    },
  };
}
