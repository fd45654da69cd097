import type { Answer, Call } from "../types.ts";
import type { Pace, PacedCall } from "./pace.ts";
import type { Row } from "./row.ts";

/** The calls that are out. */
export interface Flight<T> {
  readonly size: number;
  /** Asks for a row at `at`. */
  start(row: Row<T>, at: number): void;
  /** Ends the calls; nothing is told of their rows. */
  cut(): void;
}

/**
 * Opens a flight of calls, whose pace is told of each start.
 *
 * @param options `onAnswer`: told what came for a row, after its call is no longer out; `onError`:
 * told what a call threw; null: it was cut.
 */
export function openFlight<T>(options: {
  call: Call;
  pace: Pace;
  onAnswer: (row: Row<T>, answer: Answer, paced: PacedCall) => void;
  onError: (error: unknown) => void;
}): Flight<T> {
  const { call, pace, onAnswer, onError } = options;
  /**
   * One for each call that is out. A signal shared by all of them would gather what the client hangs
   * on it call by call.
   */
  const out = new Set<AbortController>();
  return {
    get size() {
      return out.size;
    },
    start(row, at) {
      const paced = pace.start(at);
      const controller = new AbortController();
      out.add(controller);
      call(row.request, { signal: controller.signal }).then(
        (answer) => {
          out.delete(controller);
          onAnswer(row, answer, paced);
        },
        (error) => {
          out.delete(controller);
          onError(controller.signal.aborted ? null : error);
        },
      );
    },
    cut() {
      for (const controller of out) controller.abort();
    },
  };
}
