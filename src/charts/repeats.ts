import * as Plot from "@observablehq/plot";
import type { Findings } from "../analysis/findings.ts";
import { count } from "../text/numbers.ts";
import { CAME_LIGHT } from "./colours.ts";
import { counted, percent, shortLabel } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

/**
 * Groups of rows with nearly the same text, the largest first.
 *
 * @param options `most`: groups that are shown, at least 1; default 15.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { repeatsChart } from "./repeats.ts";
 * const nearDuplicates = { clusters: 0, rows: 0, largest: [] };
 * const chart = repeatsChart({ rows: { ok: 20 }, diversity: { exactDuplicates: 0, nearDuplicates } });
 * assert(chart.textContent?.startsWith("No two of 20\u00a0ok rows are alike"));
 * ```
 */
export function repeatsChart(
  findings: {
    rows: Pick<Findings["rows"], "ok">;
    diversity: Pick<Findings["diversity"], "exactDuplicates" | "nearDuplicates">;
  },
  options: { most?: number } = {},
): ChartElement {
  const { rows: { ok }, diversity: { exactDuplicates, nearDuplicates } } = findings;
  if (ok < 2) {
    return saying(
      "Whether rows repeat each other can't be told",
      ok === 0 ? "No row is ok." : "One row is ok.",
    );
  }
  const exact = exactDuplicates === 0
    ? "no row repeats an earlier one word for word"
    : `${counted(exactDuplicates, "row repeats", "rows repeat")} an earlier one word for word`;
  const shown = nearDuplicates.largest.slice(0, options.most ?? 15).map((cluster, place) => ({
    ...cluster,
    key: String(place),
  }));
  const [first] = shown;
  if (first === undefined) {
    return saying(
      exactDuplicates === 0
        ? `No two of ${counted(ok, "ok row")} are alike`
        : `${exact}, ${percent(exactDuplicates / ok)} of ${count(ok)}`,
      "No two different texts are nearly the same.",
    );
  }
  return rowChart({
    title: `${percent(nearDuplicates.rows / ok)} of rows have a near copy: ` +
      `${count(nearDuplicates.rows)} of ${count(ok)} in ` +
      `${counted(nearDuplicates.clusters, "group")}; ${exact}`,
    subtitle: "Rows in each group of texts that are nearly the same as its first" +
      (shown.length < nearDuplicates.clusters
        ? `; the ${shown.length} largest of ${counted(nearDuplicates.clusters, "group")}.`
        : "."),
    lines: shown.map(({ key, text, size }) => ({
      key,
      label: shortLabel(text, 64),
      note: counted(size, "row"),
    })),
    domain: [0, first.size],
    tickFormat: count,
    ticks: wholeTicks(first.size),
    marks: [
      Plot.barX(shown, { x: "size", y: "key", fill: CAME_LIGHT, insetTop: 3, insetBottom: 3 }),
    ],
  });
}

/** About four whole numbers from 0. */
function wholeTicks(most: number): number[] {
  const step = Math.max(1, Math.ceil(most / 4));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}
