import * as Plot from "@observablehq/plot";
import type { Findings, LostShare } from "../analysis/findings.ts";
import { CAME, STRIKING, TARGET } from "./colours.ts";
import { counted, percent, percentRange, shortLabel, valueLabel, valueName } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { type ChartLine, rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

interface Lost extends LostShare {
  key: string;
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
  const all = rows.refused + rows.filtered + rows.empty + rows.truncated;
  const unanswered = rows.pending + rows.failed;
  if (all === 0 || lost.length === 0) {
    return saying(
      answered === 0
        ? "No row was answered"
        : `No row was lost: all ${counted(answered, "row")} are ok`,
      "None was refused, filtered, empty or cut off." +
        (unanswered === 0 ? "" : ` ${counted(unanswered, "row")} failed or are still to be asked.`),
    );
  }
  const overall = all / answered;
  const most = options.most ?? 12;
  const stems = Array.from(new Set(lost.map(({ attribute }) => attribute)));
  const groups = stems.map((stem) => {
    const values = lost.filter(({ attribute, planned }) => attribute === stem && planned > 0)
      .map((value): Lost => ({ ...value, key: JSON.stringify([stem, value.value]) }))
      .sort((a, b) => b.share - a.share || b.planned - a.planned);
    return { stem, values, shown: values.slice(0, most) };
  }).filter(({ shown }) => shown.length > 0);
  const shown = groups.flatMap((group) => group.shown);
  const [worst] = shown.filter(({ low }) => low > overall).sort((a, b) => b.share - a.share);
  return rowChart({
    title: `${percent(overall)} of rows are lost` +
      (worst === undefined
        ? ", evenly as far as can be told"
        : `; of those asked with ${valueName(worst.value)} ${percent(worst.share)} (${
          percentRange(worst)
        })`),
    subtitle: `${counted(all, "row")} of ${counted(answered, "row")}: ${outcomes(rows)}. Black ` +
      "line: their share of all rows. Dot: of the rows asked with a value, with its 95\u00a0% " +
      "interval; orange where that leaves out the black line.",
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
        note: `${lost} of ${counted(planned, "row")}${lost > 0 ? `: ${outcomes(by)}` : ""}`,
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
        stroke: (value: Lost) => colourOf(value, overall),
        strokeWidth: 2,
      }),
      Plot.dot(shown, {
        x: "share",
        y: "key",
        r: 4.5,
        fill: (value: Lost) => colourOf(value, overall),
        stroke: "#fff",
      }),
    ],
  });
}

function colourOf({ low, high }: Lost, overall: number): string {
  return low > overall || high < overall ? STRIKING : CAME;
}

function outcomes(rows: LostShare["by"]): string {
  return (["refused", "filtered", "empty", "truncated"] as const)
    .filter((outcome) => rows[outcome] > 0)
    .map((outcome) => `${rows[outcome]} ${outcome}`).join(", ");
}
