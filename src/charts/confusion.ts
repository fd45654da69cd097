import * as Plot from "@observablehq/plot";
import type { AttributeFindings, ConfusionCell } from "../analysis/findings.ts";
import { type Interval, wilson } from "../stats/intervals.ts";
import { UserError } from "../error.ts";
import { CAME, CAME_LIGHT, STRIKING } from "./colours.ts";
import { counted, percent, percentRange, shortLabel, valueLabel, valueName } from "./labels.ts";
import { measuredByText } from "./measured_by.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

interface Kept extends Interval {
  key: string;
  requested: string;
  rows: number;
  share: number;
  /** What its rows became instead, the most first. */
  instead: { realised: string; rows: number }[];
}

/**
 * What requests turn into: of the rows asked for each value the share that came out as it, with its
 * interval, and what the others became. The value that is lost most stands first.
 *
 * @param options `attribute`: its stem. `maxValues`: lines at most, default 40.
 * @throws {UserError} if there is no such attribute.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confusionChart } from "./confusion.ts";
 * const confusion = [
 *   { requested: "Danish", realised: "Danish", rows: 90 },
 *   { requested: "Danish", realised: "English", rows: 10 },
 * ];
 * const chart = confusionChart(
 *   { attributes: { language: { confusion, measuredBy: "eld", measuredRows: 100 } } },
 *   { attribute: "language" },
 * );
 * assert(chart.textContent?.startsWith("“Danish” rows: 10\u00a0%"));
 * ```
 */
export function confusionChart(
  findings: {
    attributes: Record<
      string,
      Pick<AttributeFindings, "confusion" | "measuredBy" | "measuredRows" | "corrected">
    >;
  },
  options: { attribute: string; maxValues?: number },
): ChartElement {
  const found = findings.attributes[options.attribute];
  if (found === undefined) {
    throw new UserError(
      `There is no attribute ${JSON.stringify(options.attribute)}. There are: ${
        Object.keys(findings.attributes).join(", ")
      }.`,
    );
  }
  const name = shortLabel(options.attribute, 40);
  if (found.confusion === null && found.measuredBy !== null) {
    return saying(
      `Texts follow ${name} or not: none of them turns into another`,
      "How many do is shown with its shares.",
    );
  }
  if (found.confusion === null || found.measuredBy === null) {
    return saying(
      `What requests for ${name} turn into has not been measured`,
      `Nobody has looked at what the text's ${name} really is.`,
    );
  }
  const all = keptOf(found.confusion);
  const shown = all.slice(0, options.maxValues ?? 40);
  const [worst] = all.filter(({ high }) => high < 1).sort((a, b) => a.high - b.high);
  return rowChart({
    title: worst === undefined || all.length === 0
      ? `${name}: every text is what it was asked for`
      : `${valueName(worst.requested)} rows: ${percent(1 - worst.share)} (${
        percentRange({ low: 1 - worst.high, high: 1 - worst.low })
      }) come out otherwise` +
        (worst.instead[0] === undefined ? "" : `, most as ${valueName(worst.instead[0].realised)}`),
    subtitle:
      `Share of rows asked for each value of ${name} that came out as it, with its 95\u00a0% ` +
      `interval, by ${counted(found.measuredRows, "text")} told by ${
        measuredByText(found)
      }. Orange: what the others became.` +
      (shown.length < all.length ? ` The first ${shown.length} of ${all.length} values.` : ""),
    lines: shown.map(({ key, requested, share, rows, instead }) => ({
      key,
      label: valueLabel(requested),
      note: `${percent(share)} of ${counted(Math.round(rows), "row")}` + insteadText(instead, rows),
    })),
    domain: [0, 1],
    tickFormat: percent,
    marks: [
      Plot.barX(shown, { x: "share", y: "key", fill: CAME_LIGHT, insetTop: 3, insetBottom: 3 }),
      Plot.barX(shown, {
        x1: "share",
        x2: 1,
        y: "key",
        fill: STRIKING,
        fillOpacity: 0.35,
        insetTop: 3,
        insetBottom: 3,
      }),
      Plot.ruleY(shown, { y: "key", x1: "low", x2: "high", stroke: CAME, strokeWidth: 1.5 }),
    ],
  });
}

function keptOf(confusion: readonly ConfusionCell[]): Kept[] {
  const requested = new Set(confusion.map((cell) => cell.requested));
  return Array.from(requested, (value, place) => {
    const cells = confusion.filter((cell) => cell.requested === value && cell.rows > 0);
    const rows = cells.reduce((sum, cell) => sum + cell.rows, 0);
    const own = cells.find(({ realised }) => realised === value);
    const kept = Math.min(rows, own?.rows ?? 0);
    // By pair, what the judge may mistake is in the interval, too.
    const { low, high } = own?.low === undefined || own.high === undefined
      ? wilson(kept, rows)
      : { low: own.low, high: own.high };
    return {
      key: String(place),
      requested: value,
      rows,
      share: rows === 0 ? 0 : kept / rows,
      low,
      high,
      instead: cells.filter(({ realised }) => realised !== value).sort((a, b) => b.rows - a.rows),
    };
    // Rows that were asked for nothing have nothing to come out as.
  }).filter(({ rows, requested: value }) => rows > 0 && value !== "")
    .sort((a, b) => a.share - b.share || b.rows - a.rows);
}

function insteadText(instead: Kept["instead"], rows: number): string {
  if (instead.length === 0) return "";
  const named = instead.slice(0, 2).map((cell) =>
    `${valueLabel(shortLabel(cell.realised, 20))} ${percent(cell.rows / rows)}`
  );
  return ` → ${named.join(", ")}${instead.length > 2 ? " …" : ""}`;
}
