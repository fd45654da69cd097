import { clock } from "../text/clock.ts";
import { amount, count, duration, money, rate } from "../text/numbers.ts";
import type { BatchProgress, GenerateProgress } from "./progress.ts";
import { OUTCOMES, type RowCounts } from "./types.ts";

/**
 * `1,204/2,000  31 rows/s  64 in flight  ok 1,171  refused 29  $0.31  ≈ $0.53 in all  0:26 left
 * 664 k tokens`; `waits until 14:02:30` where a limit holds all calls, and then the time that has
 * passed. What may be cut off at the end of a narrow line comes last.
 *
 * @param options `now`: milliseconds since 1970; the clock's unless told.
 */
export function progressText(
  state: GenerateProgress,
  elapsedMs: number,
  options: { now?: number | undefined } = {},
): string {
  const { counts, asked } = state;
  const done = counts.planned - counts.pending;
  const perSecond = asked / Math.max(elapsedMs / 1000, 1e-3);
  const parts = [`${count(done)}/${count(counts.planned)}`];
  if (state.batches !== undefined) parts.push(batchesText(state.batches));
  else if (asked > 0) parts.push(rate(perSecond));
  if (state.inFlight > 0) parts.push(`${count(state.inFlight)} in flight`);
  if (state.limited) parts.push(`429 ${count(state.limited)}`);
  const { now = Date.now() } = options;
  const isHeld = state.heldUntil !== undefined && state.heldUntil > now;
  if (isHeld) parts.push(`waits until ${clock(state.heldUntil ?? now, now)}`);
  parts.push(...outcomeParts(counts));
  if (state.maxCost !== undefined) {
    const spent = (state.cost ?? 0) + (state.costAssumed ?? 0) + (state.costElsewhere ?? 0);
    parts.push(`${state.costAssumed ? "≈ " : ""}${money(spent)} of ≤ ${money(state.maxCost)}`);
  } else if (state.cost) parts.push(money(state.cost));
  const own = (state.cost ?? 0) + (state.costAssumed ?? 0);
  if (own > 0 && done > 0 && counts.pending > 0 && !state.costElsewhere) {
    parts.push(`≈ ${money(own / done * counts.planned)} in all`);
  }
  // While nothing is asked, the rate tells nothing of what is left.
  if (counts.pending > 0 && asked > 0 && state.batches === undefined && !isHeld) {
    parts.push(`${duration(counts.pending / perSecond * 1000)} left`);
  } else parts.push(duration(elapsedMs));
  if (state.usage) parts.push(`${amount(state.usage.input + state.usage.output)} tokens`);
  return parts.join("  ");
}

/** `batch: 1,204 of 2,000 answered`, `3 batches: …`. */
export function batchesText({ open, rows, answered }: BatchProgress): string {
  return `${open === 1 ? "batch" : `${count(open)} batches`}: ${count(answered)} of ${
    count(rows)
  } answered`;
}

/** The outcomes that occurred, as `ok 19`. */
export function outcomeParts(counts: RowCounts): string[] {
  return OUTCOMES.filter((outcome) => counts[outcome] > 0 || outcome === "ok")
    .map((outcome) => `${outcome} ${count(counts[outcome])}`);
}

/** `20 planned = 19 ok + 1 refused + 0 pending`. */
export function plannedText(counts: RowCounts): string {
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0 || outcome === "ok")
    .map((outcome) => `${count(counts[outcome])} ${outcome}`);
  return `${count(counts.planned)} planned = ${
    [...parts, `${count(counts.pending)} pending`].join(" + ")
  }`;
}
