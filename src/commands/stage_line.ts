import { count, rate } from "../text/numbers.ts";
import type { ProgressEffects } from "./progress.ts";

/** A line that says what is being done. */
export interface StageLine {
  /** Something else is done from now on. */
  stage(name: string): void;
  /** So many rows are done of it. */
  rows(done: number): void;
  /** Takes the line away, so that something else can be said. */
  clear(): void;
}

/** A terminal's line is drawn again at most this often. */
const DRAW_EVERY_MS = 100;
/** A log gets a line at most this often, and none before. */
const LOG_EVERY_MS = 10_000;

/**
 * Says on stderr what is being done, and how fast: drawn in place on a terminal and taken away at the
 * end, a line every ten seconds elsewhere.
 */
export function stageLine(effects: ProgressEffects): StageLine {
  const { write, isTerminal, columns, now } = effects;
  const every = isTerminal ? DRAW_EVERY_MS : LOG_EVERY_MS;
  let last = isTerminal ? -Infinity : now();
  let name = "";
  let began = now();
  let drawn = false;
  const show = (done: number) => {
    const time = now();
    if (time - last < every) return;
    last = time;
    const perSecond = done / Math.max((time - began) / 1000, 1e-3);
    const line = `  ${name} …` + (done > 0 ? `  ${count(done)}  ${rate(perSecond)}` : "");
    write(isTerminal ? `\r${line.slice(0, columns() - 1)}\x1b[K` : line + "\n");
    drawn = isTerminal;
  };
  return {
    stage(next) {
      name = next;
      began = now();
      // What comes may take long and let nothing else be said meanwhile.
      if (isTerminal) last = -Infinity;
      show(0);
    },
    rows: show,
    clear() {
      if (drawn) write("\r\x1b[K");
      drawn = false;
    },
  };
}
