import { type Interval, wilson } from "../../stats/intervals.ts";
import { normalQuantile } from "../../stats/normal.ts";
import type { AttributeFindings, ConfusionCell } from "../findings.ts";
import { count } from "../../text/numbers.ts";
import { PLAUSIBLE_ERROR } from "../shares/measured.ts";
import { isOffTarget } from "../shares/off_target.ts";
import { byWhom, isAlone, largestPart, partsText } from "./by_whom.ts";
import { type Headline, isOfFile, severityOf, type Told } from "./headline.ts";
import { named, percent, percentRange, valueText } from "../../text/wording.ts";

/** What measures a text's class errs too: fewer rows gone elsewhere say nothing. */
const LEAST_LEAK = 0.03;
/** Likewise where it is known by how much it errs, and that is less. */
const LEAST_SURE_LEAK = 0.015;
/** Fewer rows that can't be told, for each that can, aren't worth words. */
const MANY_UNCLEAR = 0.1;
/** Fewer rows with values that the config doesn't have are slips. */
const LEAST_UNKNOWN = 0.01;
/** With more of the rows failed their shares say nothing of what was asked for. */
const MANY_FAILED = 0.05;
/** Values named at most. */
const LISTED = 3;

/**
 * Attributes whose shares are off their targets by more than noise: those of the texts where they
 * have been measured, else those that the ok rows were asked for. At most one line for each.
 */
export function attributeHeadlines(told: Told): Headline[] {
  return Object.entries(told.findings.attributes).flatMap(([stem, found]) => {
    const [gone] = leak(stem, found, told);
    const [came] = realised(stem, found, told);
    if (gone === undefined) return came === undefined ? accepted(stem, found, told) : [came];
    // What texts turn into says more than how many are missing.
    return [{ ...gone, severity: Math.max(gone.severity, came?.severity ?? 0) }];
  });
}

/** How far a share is from its target, as its interval's nearer end has it. */
function offTarget(target: number, { low, high }: Interval): number {
  if (low > target) return severityOf(1 - target / low, low);
  return high < target ? severityOf(1 - high / target, target) : 0;
}

function realised(stem: string, found: AttributeFindings, told: Told): Headline[] {
  if (!isOffTarget(found, "realised")) return [];
  const worst = found.values.reduce((top, { value, realised }) => {
    const target = realised?.target ?? null;
    if (realised === null || target === null) return top;
    const severity = offTarget(target, realised);
    if (severity <= top.severity) return top;
    const says = `${named(stem)}: ${percent(realised.share)} of the texts are ${
      valueText(value)
    }, ${percent(target)} are wanted (${percentRange(realised)})${whence(found, told)}`;
    return { severity, says };
  }, { severity: 0, says: "" });
  if (worst.severity === 0) return [];
  return [{ kind: "realised", attribute: stem, ...worst, next: remedyFor(stem, found, told) }];
}

/** Who says so where that is a judge, and which step moves the shares where that is known. */
function whence(found: AttributeFindings, told: Told): string {
  const by = found.measuredBy?.startsWith("judge:") ? `, ${byWhom(found, told)}` : "";
  const parts = partsText(found.parts);
  return parts === null ? by : `${by}; ${parts}`;
}

function remedyFor(stem: string, found: AttributeFindings, told: Told): string {
  switch (isOfFile(told) ? "drift" : largestPart(found.parts)) {
    case "loss":
      return "read what is lost: deno task export, with --outcome";
    case "draw":
      return "make more rows, or spread them evenly: --sampling even";
    case "drift":
      return wordingText(stem, told);
  }
}

/** A value whose rows come out as something else. */
function leak(stem: string, found: AttributeFindings, told: Told) {
  const { confusion, measuredBy, measuredError, measuredRows, unclearRows = 0 } = found;
  if (confusion === null || measuredBy === null) return [];
  const least = isAlone(found)
    ? PLAUSIBLE_ERROR
    : typeof measuredError === "number"
    ? Math.max(LEAST_SURE_LEAK, measuredError)
    : LEAST_LEAK;
  const measured = confusion.reduce((sum, { rows }) => sum + rows, 0);
  const asked = new Map<string, number>();
  for (const { requested, rows } of confusion) {
    asked.set(requested, (asked.get(requested) ?? 0) + rows);
  }
  const gone = confusion.filter(({ requested, realised }) => requested !== realised);
  const confidence = 1 - 0.05 / Math.max(1, gone.length);
  const untold = unclearRows > MANY_UNCLEAR * measuredRows
    ? `, which can't tell ${count(unclearRows)} more rows`
    : "";
  let worst: Pick<Headline, "severity" | "says"> = { severity: 0, says: "" };
  for (const cell of gone) {
    const { requested, realised, rows } = cell;
    const of = asked.get(requested) ?? 0;
    // What was asked for nothing can't go astray.
    if (requested === "" || of === 0) continue;
    const severity = severityOf(lowEnd(cell, { of, confidence }) - least, of / measured);
    if (severity <= worst.severity) continue;
    const what = realised === "other" || realised === "none"
      ? "none of the values"
      : valueText(realised);
    worst = {
      severity,
      says: `${named(stem)}: ${percent(rows / of)} of the texts ${
        isOfFile(told) ? "labelled" : "asked to be"
      } ${valueText(requested)} are ${what} (${percentRange(intervalOf(cell, of))}), ${
        byWhom(found, told)
      }${untold}`,
    };
  }
  if (worst.severity === 0) return [];
  const headline: Headline = {
    kind: "realised",
    attribute: stem,
    ...worst,
    next: isOfFile(told)
      ? "read some of them: is it the label or the text that is wrong?"
      : wordingText(stem, told),
  };
  return [headline];
}

/** Of a cell's share among the rows asked for its value: as estimated, else by their number. */
function intervalOf({ rows, low, high }: ConfusionCell, of: number): Interval {
  return low === undefined || high === undefined ? wilson(Math.min(rows, of), of) : { low, high };
}

/** The lower end of its interval at another level; of an estimated one as that of a normal one. */
function lowEnd(
  cell: ConfusionCell,
  { of, confidence }: { of: number; confidence: number },
): number {
  if (cell.low === undefined) return wilson(Math.min(cell.rows, of), of, { confidence }).low;
  const wider = normalQuantile((1 - confidence) / 2) / normalQuantile(0.025);
  return cell.rows / of - (cell.rows / of - cell.low) * wider;
}

function accepted(stem: string, found: AttributeFindings, told: Told): Headline[] {
  const { findings, config } = told;
  // Where more of a value is asked for on purpose, ok rows are off the target on purpose.
  const isDrawnOtherwise = config?.attributes[stem]?.some(({ factor }) => factor !== 1) ?? false;
  if (isDrawnOtherwise || !isOffTarget(found, "accepted")) return [];
  const { ok, failed } = findings.rows;
  // What failed is missing, and may be had: see the headline of losses.
  if (failed > MANY_FAILED * (ok + failed)) return [];
  const strange = unknownValues(stem, found, { findings, config });
  if (strange !== null) return [strange];
  const worst = found.values.reduce((top, { value, accepted, target }) => {
    if (target === null) return top;
    const interval = wilson(Math.min(ok, accepted * ok), ok);
    const severity = offTarget(target, interval);
    if (severity <= top.severity) return top;
    const says = `${named(stem)}: ${percent(accepted)} of the ok rows ${
      isOfFile(told) ? "have" : "were asked for"
    } ${valueText(value)}, ${percent(target)} are wanted (${percentRange(interval)})`;
    return { severity, says };
  }, { severity: 0, says: "" });
  if (worst.severity === 0) return [];
  return [{
    kind: "accepted",
    attribute: stem,
    ...worst,
    next: isOfFile(told)
      ? "add rows of what is missing"
      : config === null
      ? "ask for more of what is missing"
      : `raise what is missing: "draw factor" in injections/${named(stem)}.json`,
  }];
}

/** Rows with values that the config doesn't have: no draw of its own brings them about. */
function unknownValues(
  stem: string,
  { values }: AttributeFindings,
  { findings, config }: Told,
): Headline | null {
  const items = config?.attributes[stem];
  if (items === undefined) return null;
  const known = new Set(items.map(({ value }) => value));
  const unknown = values.filter(({ value, accepted }) => accepted > 0 && !known.has(value));
  const share = unknown.reduce((sum, { accepted }) => sum + accepted, 0);
  const { ok } = findings.rows;
  const interval = wilson(Math.min(ok, Math.round(share * ok)), ok);
  const severity = severityOf(interval.low - LEAST_UNKNOWN, 1);
  if (severity === 0) return null;
  const names = unknown.toSorted((a, b) => b.accepted - a.accepted).slice(0, LISTED)
    .map(({ value }) => valueText(value));
  const more = unknown.length - names.length;
  return {
    kind: "accepted",
    attribute: stem,
    severity,
    says: `${named(stem)}: ${percent(share)} of the ok rows have values that aren't among the ` +
      `config's (${names.join(", ")}${more > 0 ? `, ${more} more` : ""})`,
    next: "name them alike, or hold the rows against their own config",
  };
}

function wordingText(stem: string, told: Told): string {
  const { config } = told;
  if (isOfFile(told)) return "add rows of what is missing";
  return config === null
    ? "word that request otherwise"
    : `word it otherwise: "prompt" in injections/${named(stem)}.json`;
}
