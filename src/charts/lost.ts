import * as Plot from "@observablehq/plot";
import type { Findings, LostShare } from "../analysis/findings.ts";
import { lostRows } from "../run/row_counts.ts";
import { LOST_OUTCOMES } from "../run/types.ts";
import { wilson } from "../stats/intervals.ts";
import { count } from "../text/numbers.ts";
import { CAME, STRIKING, TARGET } from "./colours.ts";
import { counted, percent, percentRange, shortLabel, valueLabel, valueName } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { type ChartLine, rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

interface Lost extends LostShare {
  key: string;
  /** Whether the share is surely another than that of all rows, of so many values. */
  striking: boolean;
}

/**
 * Rows that were refused, filtered, empty or cut off, by the value that they were asked with: their
 * share with its interval, against that of all rows. In each attribute what loses most stands first.
 *
 * @param options `most`: values that are shown for each attribute, at least 1; default 12.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lostChart } from "./lost.ts";
 * const none = { filtered: 0, truncated: 0, empty: 0, failed: 0, pending: 0 };
 * const rows = { planned: 20, ok: 20, refused: 0, ...none };
 * assert(lostChart({ rows, lost: [] }).textContent?.startsWith("No row was lost"));
 * ```
 */
export function lostChart(
  findings: Pick<Findings, "rows" | "lost">,
  options: { most?: number } = {},
): ChartElement {
  const { rows, lost } = findings;
  const answered = rows.planned - rows.pending - rows.failed;
  const all = lostRows(rows);
  const unanswered = rows.pending + rows.failed;
  if (all === 0 || lost.length === 0) {
    return saying(
      answered === 0
        ? "No row was answered"
        : answered === 1
        ? "No row was lost: the one row is ok"
        : `No row was lost: all ${counted(answered, "row")} are ok`,
      "None was refused, filtered, empty or cut off." +
        (unanswered === 0
          ? ""
          : ` ${counted(unanswered, "row failed or is", "rows failed or are")} still to be asked.`),
    );
  }
  const overall = all / answered;
  const most = options.most ?? 12;
  const stems = Array.from(new Set(lost.map(({ attribute }) => attribute)));
  const tests = lost.filter(({ planned }) => planned > 0).length;
  const groups = stems.map((stem) => {
    const values = lost.filter(({ attribute, planned }) => attribute === stem && planned > 0)
      .map((value): Lost => {
        const { low, high } = wilson(value.lost, value.planned, { confidence: 1 - 0.05 / tests });
        const key = JSON.stringify([stem, value.value]);
        return { ...value, key, striking: low > overall || high < overall };
      })
      .sort((a, b) => b.share - a.share || b.planned - a.planned);
    return { stem, values, shown: values.slice(0, most) };
  }).filter(({ shown }) => shown.length > 0);
  const shown = groups.flatMap((group) => group.shown);
  const [worst] = shown.filter(({ striking, share }) => striking && share > overall).sort((a, b) =>
    b.share - a.share
  );
  return rowChart({
    title: `${percent(overall)} of rows are lost` +
      (worst === undefined
        ? ", evenly as far as can be told"
        : `; of those asked with ${valueName(worst.value)} ${percent(worst.share)} (${
          percentRange(worst)
        })`),
    subtitle: `${counted(all, "row")} of ${counted(answered, "row")}: ${outcomes(rows)}. Black ` +
      "line: their share of all rows. Dot: of the rows asked with a value, with its 95\u00a0% " +
      "interval; orange where it surely differs, of so many values.",
    lines: groups.flatMap(({ stem, values, shown }): ChartLine[] => [
      {
        key: JSON.stringify([stem]),
        label: shortLabel(stem, 40) +
          (shown.length < values.length ? ` (${shown.length} of ${values.length})` : ""),
        heading: true,
      },
      ...shown.map(({ key, value, lost, planned, by }) => ({
        key,
        label: valueLabel(value),
        note: `${count(lost)} of ${count(planned)}${lost > 0 ? `: ${outcomes(by, 2)}` : ""}`,
      })),
    ]),
    domain: [0, Math.max(overall, ...shown.map(({ high }) => high))],
    tickFormat: percent,
    marks: [
      Plot.ruleX([overall], { stroke: TARGET, strokeWidth: 1.5 }),
      Plot.ruleY(shown, {
        y: "key",
        x1: "low",
        x2: "high",
        stroke: colourOf,
        strokeWidth: 2,
      }),
      Plot.dot(shown, {
        x: "share",
        y: "key",
        r: 4.5,
        fill: colourOf,
        stroke: "#fff",
      }),
    ],
  });
}

function colourOf({ striking }: Lost): string {
  return striking ? STRIKING : CAME;
}

/** The lost ones by outcome, the most first. */
function outcomes(rows: LostShare["by"], most = 4): string {
  const all = LOST_OUTCOMES.filter((outcome) => rows[outcome] > 0).sort((a, b) => rows[b] - rows[a])
    .map((outcome) => `${count(rows[outcome])} ${outcome}`);
  return all.slice(0, most).join(", ") + (all.length > most ? " …" : "");
}
