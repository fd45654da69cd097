import * as Plot from "@observablehq/plot";
import type { Findings } from "../analysis/findings.ts";
import { count } from "../text/numbers.ts";
import { CAME_LIGHT, GROUND } from "./colours.ts";
import { about, counted, percent, shortLabel } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

/**
 * How many of the pairs of values of each two attributes ok rows have, the fewest first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { coverageChart } from "./coverage.ts";
 * const chart = coverageChart({
 *   rows: { ok: 200 },
 *   coverage: {
 *     pairs: { possible: 9, seen: 7 },
 *     byAttributes: [{ attributes: ["topic", "tone"], possible: 9, seen: 7, never: [] }],
 *     needed: { values: 300, pairs: 500 },
 *   },
 * });
 * assert(chart.textContent?.startsWith("200\u00a0ok rows have 7 of 9 pairs of values"));
 * ```
 */
export function coverageChart(findings: {
  rows: Pick<Findings["rows"], "ok">;
  coverage: Pick<Findings["coverage"], "pairs" | "byAttributes" | "needed">;
}): ChartElement {
  const { pairs, byAttributes, needed } = findings.coverage;
  if (pairs.possible === 0) {
    return saying(
      "There are no pairs of values to see",
      "No two attributes have values to combine.",
    );
  }
  const lines = byAttributes.filter(({ possible }) => possible > 0).map((two) => ({
    ...two,
    share: two.seen / two.possible,
    key: JSON.stringify(two.attributes),
  })).sort((a, b) => a.share - b.share);
  return rowChart({
    title: `${counted(findings.rows.ok, "ok row has", "ok rows have")} ${count(pairs.seen)} of ` +
      `${count(pairs.possible)} pairs of values (${percent(pairs.seen / pairs.possible)})` +
      (needed.pairs === null || pairs.seen >= 0.95 * pairs.possible
        ? ""
        : `; for 95\u00a0% of them it takes ${about(needed.pairs)} rows`),
    subtitle: "Share of the pairs of values of two attributes that at least one ok row has.",
    lines: lines.map(({ key, attributes, seen, possible }) => ({
      key,
      label: attributes.map((stem) => shortLabel(stem, 28)).join(" × "),
      note: `${count(seen)} of ${count(possible)}`,
    })),
    domain: [0, 1],
    tickFormat: percent,
    marks: [
      Plot.barX(lines, { x1: 0, x2: 1, y: "key", fill: GROUND, insetTop: 3, insetBottom: 3 }),
      Plot.barX(lines, {
        x1: 0,
        x2: "share",
        y: "key",
        fill: CAME_LIGHT,
        insetTop: 3,
        insetBottom: 3,
      }),
    ],
  });
}
