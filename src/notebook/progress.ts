import { count, duration, money, rate } from "../text/numbers.ts";
import { outcomeParts, progressText } from "../run/progress_text.ts";
import type { GenerateProgress } from "../run/progress.ts";
import { display, jupyter } from "./jupyter.ts";
import { markup } from "./markup.ts";

/** A progress line that is replaced in place. */
export interface Progress {
  /** Says how far it is; shown at most ten times a second. */
  update(state: GenerateProgress): void;
  /** Shows the last state, which stays, and waits until it has left. */
  end(): Promise<void>;
}

/** What is needed of the world; the defaults are the real ones. */
export interface ProgressEffects {
  /** Shows a line: `update` replaces the one of this id. */
  draw?: (text: string, options: { share: number; id: string; update: boolean }) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

/** The page takes some hundred messages a second for all cells. */
const DRAW_EVERY_MS = 100;
/** Outside Jupyter nothing is replaced, so a line comes more rarely. */
const PRINT_EVERY_MS = 10_000;

/**
 * Live progress of a call of `generate` under the cell; outside Jupyter a line of text every ten
 * seconds.
 *
 * @param write Where lines go outside Jupyter.
 */
export function liveProgress(
  write: (text: string) => void,
  effects: ProgressEffects = {},
): Progress {
  const inPage = effects.draw !== undefined || jupyter() !== null;
  const { draw = drawInPage, now = () => performance.now() } = effects;
  const id = crypto.randomUUID();
  const began = now();
  const every = inPage ? DRAW_EVERY_MS : PRINT_EVERY_MS;
  let last = inPage ? -Infinity : began;
  let latest: GenerateProgress | null = null;
  let drawn = false;
  let drawing = Promise.resolve();
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function put(text: string, { counts: { planned, pending } }: GenerateProgress): void {
    if (!inPage) return write(text);
    const options = { share: (planned - pending) / Math.max(1, planned), id, update: drawn };
    drawn = true;
    // One after the other, so that an older line never replaces a newer one.
    drawing = drawing.then(() => draw(text, options));
  }

  function drawLatest(): void {
    clearTimeout(waiting);
    waiting = undefined;
    last = now();
    if (latest !== null) put(progressText(latest, last - began), latest);
  }

  return {
    update(state) {
      // A run that is finished already has no progress to show.
      if (latest === null && state.asked === 0 && state.counts.pending === 0) return;
      latest = state;
      const wait = last + every - now();
      if (wait <= 0) drawLatest();
      // The last of many that come at once must not wait for the next to come.
      else waiting ??= setTimeout(drawLatest, wait);
    },
    async end() {
      clearTimeout(waiting);
      if (latest !== null) put(endText(latest, now() - began), latest);
      await drawing;
    },
  };
}

/** How far it came: nothing is in flight any more and no time is left. */
function endText({ counts, asked, cost }: GenerateProgress, elapsedMs: number): string {
  return [
    `${count(counts.planned - counts.pending)}/${count(counts.planned)}`,
    rate(asked / Math.max(elapsedMs / 1000, 1e-3)),
    ...outcomeParts(counts),
    ...(cost ? [money(cost)] : []),
    duration(elapsedMs),
  ].join("  ");
}

async function drawInPage(
  text: string,
  { share, id, update }: { share: number; id: string; update: boolean },
): Promise<void> {
  const bar = `<progress value="${share.toFixed(4)}" max="1"></progress>`;
  const html = `<p>${bar} &ensp;${markup(text).replaceAll("  ", " &ensp;")}</p>`;
  await display({ "text/html": html, "text/plain": text }, { id, update });
}
