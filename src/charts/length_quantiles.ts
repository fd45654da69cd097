import * as Plot from "@observablehq/plot";
import type { Findings, LengthFindings } from "../analysis/findings.ts";
import { count } from "../text/numbers.ts";
import { ASKED, CAME, CAME_LIGHT, TARGET } from "./colours.ts";
import { counted } from "./labels.ts";
import { noLengths } from "./no_lengths.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";

/** Where fewer rows lie beyond a length, it says little about others. */
const FEWEST_BEYOND = 10;

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
 *   length: { rows: 1_000, target, requested: null, quantiles },
 * });
 * assert(chart.textContent?.startsWith("One row in 20 should have more than 43\u00a0words"));
 * ```
 */
export function lengthQuantileChart(findings: {
  length: Pick<LengthFindings, "rows" | "target" | "requested" | "quantiles"> | null;
  rows?: Pick<Findings["rows"], "ok">;
}): ChartElement {
  const { length, rows } = findings;
  if (length === null || length.quantiles.length === 0) {
    return noLengths({ ok: rows?.ok ?? length?.rows ?? 1 });
  }
  const lines = length.quantiles.map((quantile) => ({
    ...quantile,
    key: String(quantile.p),
    // The smallest differences are those of the arithmetic.
    isTold: length.rows * Math.min(quantile.p, 1 - quantile.p) > FEWEST_BEYOND - 1e-6,
  }));
  return rowChart({
    title: titleOf(lines, length.rows),
    subtitle: `Words of ${counted(length.rows, "ok row")}. ` +
      (length.target === null ? "" : "Black tick: wanted. ") +
      (length.requested === null ? "" : "Ring: asked for. ") + "Blue dot: what came" +
      (lines.every(({ isTold }) => isTold)
        ? "."
        : `; pale: fewer than ${FEWEST_BEYOND} rows lie beyond, so others may well come otherwise.`),
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
      Plot.dot(lines, { x: "realised", y: "key", r: 4.5, fill: colourOf, stroke: "#fff" }),
    ],
  });
}

/** One length, as wanted and as it came. */
interface Line {
  p: number;
  target: number | null;
  requested: number | null;
  realised: number;
  isTold: boolean;
}

function colourOf({ isTold }: Line): string {
  return isTold ? CAME : CAME_LIGHT;
}

/** The longest length that enough rows lie beyond, but for the last hundredth. */
function titleOf(lines: readonly Line[], rows: number): string {
  const longest = lines.findLast(({ p, isTold }) => p >= 0.5 && p <= 0.95 && isTold);
  if (longest === undefined) {
    return `How long rows come can't be told from ${counted(rows, "row")}`;
  }
  const { p, target, requested, realised } = longest;
  const wanted = target ?? requested;
  const part = p === 0.5 ? "half" : `one in ${Math.round(1 / (1 - p))}`;
  const all = p === 0.5 ? "Half of rows" : `One row in ${Math.round(1 / (1 - p))}`;
  const has = p === 0.5 ? "have" : "has";
  const about = lines.every(({ isTold }) => isTold) ? "" : "about ";
  return wanted === null
    ? `${all} ${has} more than ${about}${counted(realised, "word")}`
    : `${all} should have more than ${counted(wanted, "word")}; ${part} ${has} more than ${about}` +
      count(realised);
}

/** A quantile as the share of rows on its far side. */
function nameOf(p: number): string {
  if (p === 0.5) return "half of rows are shorter";
  const one = Math.round(1 / Math.min(p, 1 - p));
  return `one in ${one} is ${p < 0.5 ? "shorter" : "longer"}`;
}
