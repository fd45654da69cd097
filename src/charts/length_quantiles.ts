import * as Plot from "@observablehq/plot";
import type { LengthFindings } from "../analysis/findings.ts";
import { ASKED, CAME, TARGET } from "./colours.ts";
import { count, counted } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

/**
 * Lengths in words from the short to the long end: wanted, asked for, and as they came.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lengthQuantileChart } from "./length_quantiles.ts";
 * const target = { mean: 2.5, sigma: 0.75, shift: 2, max: null };
 * const quantiles = [{ p: 0.95, target: 43, requested: 43, realised: 28 }];
 * const chart = lengthQuantileChart({
 *   length: { rows: 100, target, requested: null, quantiles },
 * });
 * assert(chart.textContent?.startsWith("One row in 20 should have more than 43\u00a0words"));
 * ```
 */
export function lengthQuantileChart(findings: {
  length: Pick<LengthFindings, "rows" | "target" | "requested" | "quantiles"> | null;
}): ChartElement {
  const { length } = findings;
  if (length === null || length.quantiles.length === 0) {
    return saying("No length was asked for", "So there is nothing to compare.");
  }
  const lines = length.quantiles.map((quantile) => ({ ...quantile, key: String(quantile.p) }));
  const longest = lines.find(({ p }) => p === 0.95) ?? lines.at(-1);
  const wanted = longest?.target ?? longest?.requested ?? null;
  return rowChart({
    title: longest === undefined
      ? "Lengths"
      : wanted === null
      ? `One row in 20 has more than ${counted(longest.realised, "word")}`
      : `One row in 20 should have more than ${counted(wanted, "word")}; one in 20 has more than ` +
        count(longest.realised),
    subtitle: `Words of ${counted(length.rows, "ok row")}. ` +
      (length.target === null ? "" : "Black tick: wanted. ") +
      (length.requested === null ? "" : "Ring: asked for. ") + "Blue dot: what came.",
    lines: lines.map(({ key, p, target, requested, realised }) => ({
      key,
      label: nameOf(p),
      note: [
        ...(target === null ? [] : [`wanted ${count(target)}`]),
        ...(requested === null ? [] : [`asked ${count(requested)}`]),
        `got ${count(realised)}`,
      ].join(", "),
    })),
    domain: [
      0,
      Math.max(
        ...lines.map(({ target, requested, realised }) =>
          Math.max(target ?? 0, requested ?? 0, realised)
        ),
      ),
    ],
    tickFormat: count,
    marks: [
      Plot.dot(lines.filter(({ requested }) => requested !== null), {
        x: "requested",
        y: "key",
        r: 4,
        stroke: ASKED,
        fill: "#fff",
      }),
      Plot.tickX(lines.filter(({ target }) => target !== null), {
        x: "target",
        y: "key",
        stroke: TARGET,
        strokeWidth: 3,
        inset: 3,
      }),
      Plot.dot(lines, { x: "realised", y: "key", r: 4.5, fill: CAME, stroke: "#fff" }),
    ],
  });
}

/** A quantile as the share of rows on its far side. */
function nameOf(p: number): string {
  if (p === 0.5) return "half of rows are shorter";
  const one = Math.round(1 / Math.min(p, 1 - p));
  return `one in ${one} is ${p < 0.5 ? "shorter" : "longer"}`;
}
