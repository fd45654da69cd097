import { lostRows } from "../../run/row_counts.ts";
import { LOST_OUTCOMES, type LostOutcome } from "../../run/types.ts";
import { wilson } from "../../stats/intervals.ts";
import type { LostShare } from "../findings.ts";
import { type Headline, isOfFile, severityOf, type Told } from "./headline.ts";
import { named, percent, percentRange, valueText } from "../../text/wording.ts";

/** Losses of a tenth are said even where no value has more of them than the others. */
const MOST_LOST = 0.1;

/** What became of lost rows, in words. */
const WORDS = {
  refused: "were refused",
  filtered: "were filtered",
  truncated: "were cut off",
  empty: "came back empty",
} satisfies Record<LostOutcome, string>;

/** With more of them failed, rows are missing that could be had. */
const MOST_FAILED = 0.05;

/** Rows of a run that failed: asked again they may come. */
export function failedHeadlines(told: Told): Headline[] {
  const { planned, pending, failed } = told.findings.rows;
  if (isOfFile(told) || failed === 0) return [];
  const share = failed / (planned - pending);
  const interval = wilson(failed, planned - pending);
  if (share < MOST_FAILED) return [];
  return [{
    kind: "lost",
    attribute: null,
    severity: severityOf(share, 1),
    says: `${percent(share)} of the rows failed (${percentRange(interval)})`,
    next:
      "read why: deno task export, with --outcome failed; ask them again: generate, with --retry failed",
  }];
}

/** Losses that one value has more of than the others, or that all rows have many of. */
export function lostHeadlines(told: Told): Headline[] {
  const { findings, config } = told;
  const { lost, rows } = findings;
  const answered = rows.planned - rows.pending - rows.failed;
  const all = lostRows(rows);
  if (answered === 0 || all === 0) return [];
  // Each value is looked at, so each interval is the wider.
  const confidence = 1 - 0.05 / Math.max(1, lost.length);
  let worst: Headline | null = null;
  for (const value of lost) {
    const others = answered - value.planned;
    if (value.lost === 0 || others <= 0) continue;
    const lostOthers = Math.max(0, all - value.lost);
    const { low } = wilson(value.lost, value.planned, { confidence });
    const { high } = wilson(Math.min(others, lostOthers), others, { confidence });
    const severity = severityOf(low - high, value.planned / answered);
    if (severity <= (worst?.severity ?? 0)) continue;
    worst = {
      kind: "lost",
      attribute: value.attribute,
      severity,
      says: `${percent(value.share)} of the rows ${isOfFile(told) ? "with" : "asked for"} ${
        named(value.attribute)
      } ${valueText(value.value)} ${lossText(value)} (${percentRange(value)}), ${
        percent(lostOthers / others)
      } of the others`,
      next: config === null
        ? "word that request otherwise"
        : `word it otherwise: "prompt" in injections/${named(value.attribute)}.json`,
    };
  }
  const { low, high } = wilson(all, answered);
  const overall: Headline = {
    kind: "lost",
    attribute: null,
    severity: low > MOST_LOST ? severityOf(low, 1) : 0,
    says: `${percent(all / answered)} of the rows ${lossText({ by: rows, lost: all })} (${
      percentRange({ low, high })
    })`,
    next: `read them${isOfFile(told) ? "" : ": deno task export, with --outcome"}`,
  };
  if (worst === null) return overall.severity > 0 ? [overall] : [];
  // Where most are lost says more than that many are.
  return [{ ...worst, severity: Math.max(worst.severity, overall.severity) }];
}

/** The one thing that became of nearly all lost rows, or of most. */
function lossText({ by, lost }: Pick<LostShare, "by" | "lost">): string {
  const main = LOST_OUTCOMES.reduce((top, outcome) => by[outcome] > by[top] ? outcome : top);
  if (by[main] === lost) return WORDS[main];
  return `${WORDS[main]}${by[main] >= 0.9 * lost ? "" : " or otherwise lost"}`;
}
