import type { AskingProgress, GenerateProgress } from "../run/progress.ts";
import { batchesText, progressText } from "../run/progress_text.ts";

/** Where the line goes and what time it is. */
export interface ProgressEffects {
  write(text: string): void;
  isTerminal: boolean;
  /** The terminal's width. */
  columns(): number;
  now(): number;
}

/** A progress line that runs. */
export interface ProgressLine<State extends AskingProgress> {
  update(state: State): void;
  /** Ends the drawn line, so that something else can be said; the next one is drawn below it. */
  pause(): void;
  /** Shows the last state on a terminal. */
  end(): void;
}

/** A terminal's line is drawn again at most this often. */
const DRAW_EVERY_MS = 100;
/** A log gets a line at most this often. */
const LOG_EVERY_MS = 10_000;
/** And this often while nothing but a batch is waited for, which may take a day. */
const LOG_SAME_EVERY_MS = 600_000;

/**
 * A progress line for stderr: drawn in place on a terminal, one line every ten seconds elsewhere.
 * Rows of earlier starts count as done but not for the rate.
 */
export function progressLine(effects: ProgressEffects): ProgressLine<GenerateProgress> {
  return lineOf(effects, progressText);
}

/** The same for an asking of another kind. */
export function lineOf<State extends AskingProgress>(
  effects: ProgressEffects,
  textOf: (state: State, elapsedMs: number) => string,
): ProgressLine<State> {
  const began = effects.now();
  let last = effects.isTerminal ? -Infinity : began;
  let drawn = false;
  let latest: State | null = null;
  let lastWaited: string | null = null;
  const every = effects.isTerminal ? DRAW_EVERY_MS : LOG_EVERY_MS;
  const show = (state: State) => {
    const line = "  " + textOf(state, effects.now() - began);
    if (!effects.isTerminal) return effects.write(line + "\n");
    effects.write(`\r${line.slice(0, effects.columns() - 1)}\x1b[K`);
    drawn = true;
  };
  const pause = () => {
    if (drawn) effects.write("\n");
    drawn = false;
  };
  return {
    update(state) {
      latest = state;
      if (effects.now() - last < every) return;
      const waited = state.batches === undefined ? null : batchesText(state.batches);
      const isSame = waited !== null && waited === lastWaited;
      if (isSame && !effects.isTerminal && effects.now() - last < LOG_SAME_EVERY_MS) return;
      lastWaited = waited;
      last = effects.now();
      show(state);
    },
    end() {
      if (!effects.isTerminal || latest === null) return;
      show(latest);
      pause();
    },
    pause,
  };
}
