import type { Outcome, RowCounts } from "../run/types.ts";
import { count, duration, money, rate } from "./numbers.ts";

/** What the progress line tells. */
export interface ProgressState {
  counts: RowCounts;
  /** Rows that this start has finished. */
  asked: number;
  inFlight: number;
  /** USD of the whole run; null where the price isn't known. */
  cost: number | null;
}

/** Where the line goes and what time it is. */
export interface ProgressEffects {
  write(text: string): void;
  isTerminal: boolean;
  /** The terminal's width. */
  columns(): number;
  now(): number;
}

/** A progress line that runs. */
export interface ProgressLine {
  update(state: ProgressState): void;
  /** Ends the drawn line, so that something else can be said; the next one is drawn below it. */
  pause(): void;
  /** Shows the last state on a terminal. */
  end(): void;
}

/** A terminal's line is drawn again at most this often. */
const DRAW_EVERY_MS = 100;
/** A log gets a line at most this often. */
const LOG_EVERY_MS = 10_000;

/**
 * A progress line for stderr: drawn in place on a terminal, one line every ten seconds elsewhere.
 * Rows of earlier starts count as done but not for the rate.
 */
export function progressLine(
  effects: ProgressEffects,
): ProgressLine {
  const began = effects.now();
  let last = effects.isTerminal ? -Infinity : began;
  let drawn = false;
  let latest: ProgressState | null = null;
  const every = effects.isTerminal ? DRAW_EVERY_MS : LOG_EVERY_MS;
  const show = (state: ProgressState) => {
    const line = "  " + progressText(state, effects.now() - began);
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

/** `1,204/2,000  31 rows/s  64 in flight  ok 1,171  refused 29  $0.31  0:26 left`. */
export function progressText(state: ProgressState, elapsedMs: number): string {
  const { counts, asked } = state;
  const done = counts.planned - counts.pending;
  const perSecond = asked / Math.max(elapsedMs / 1000, 1e-3);
  const parts = [`${count(done)}/${count(counts.planned)}`];
  if (asked > 0) parts.push(rate(perSecond));
  if (state.inFlight > 0) parts.push(`${count(state.inFlight)} in flight`);
  parts.push(...outcomeParts(counts));
  if (state.cost !== null) parts.push(money(state.cost));
  if (counts.pending > 0 && asked > 0) {
    parts.push(`${duration(counts.pending / perSecond * 1000)} left`);
  } else parts.push(duration(elapsedMs));
  return parts.join("  ");
}

/** The outcomes that occurred, as `ok 19`. */
export function outcomeParts(counts: RowCounts): string[] {
  const outcomes: Outcome[] = ["ok", "refused", "filtered", "truncated", "empty", "failed"];
  return outcomes.filter((outcome) => counts[outcome] > 0 || outcome === "ok")
    .map((outcome) => `${outcome} ${count(counts[outcome])}`);
}
