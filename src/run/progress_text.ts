import { count, duration, money, rate } from "../text/numbers.ts";
import type { GenerateProgress } from "./generate.ts";
import { OUTCOMES, type RowCounts } from "./types.ts";

/** `1,204/2,000  31 rows/s  64 in flight  ok 1,171  refused 29  $0.31  0:26 left`. */
export function progressText(state: GenerateProgress, elapsedMs: number): string {
  const { counts, asked } = state;
  const done = counts.planned - counts.pending;
  const perSecond = asked / Math.max(elapsedMs / 1000, 1e-3);
  const parts = [`${count(done)}/${count(counts.planned)}`];
  if (asked > 0) parts.push(rate(perSecond));
  if (state.inFlight > 0) parts.push(`${count(state.inFlight)} in flight`);
  if (state.limited) parts.push(`429 ${count(state.limited)}`);
  parts.push(...outcomeParts(counts));
  if (state.maxCost !== undefined) {
    const spent = (state.cost ?? 0) + (state.costElsewhere ?? 0);
    parts.push(`${money(spent)} of ≤ ${money(state.maxCost)}`);
  } else if (state.cost) parts.push(money(state.cost));
  if (counts.pending > 0 && asked > 0) {
    parts.push(`${duration(counts.pending / perSecond * 1000)} left`);
  } else parts.push(duration(elapsedMs));
  return parts.join("  ");
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
