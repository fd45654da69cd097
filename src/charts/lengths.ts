import * as Plot from "@observablehq/plot";
import type { LengthConfig } from "../config/types.ts";
import { lengths } from "../plan/length.ts";
import type { ShiftedLognormal } from "../stats/shifted_lognormal.ts";
import { DRAWN, GROUND, TARGET } from "./colours.ts";
import { percent } from "./labels.ts";
import { type ChartElement, plot } from "./plot.ts";

/** The chart ends where this share of rows is shorter. */
const SHOWN_SHARE = 0.995;
/** More steps than there are pixels show nothing. */
const MOST_STEPS = 400;

/**
 * The lengths that are asked for, in words: how often each, the median, and the range of nine rows
 * in ten. Where the lengths are drawn with a correction, a line shows it.
 *
 * @throws {UserError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lengthChart } from "./lengths.ts";
 * const chart = lengthChart({ mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null });
 * assert(chart.textContent?.includes("median 14"));
 * ```
 */
export function lengthChart(length: LengthConfig): ChartElement {
  const target = lengths(length, "target");
  const drawn = length.draw === null ? null : lengths(length, "draw");
  const [low, median, high] = [0.05, 0.5, 0.95].map(target.quantile);
  const end = Math.max(target.quantile(SHOWN_SHARE), drawn?.quantile(SHOWN_SHARE) ?? 0);
  const step = Math.max(1, Math.ceil(end / MOST_STEPS));
  return plot({
    title: `Nine rows in ten ask for ${low} to ${high} words, median ${median}`,
    subtitle: "Share of rows that ask for each number of words" +
      (step > 1 ? `, in steps of ${step}. ` : ". ") +
      (drawn === null ? "" : "Grey: what is wanted. Orange: what is drawn to get there."),
    width: 640,
    height: 240,
    style: { fontSize: "12px" },
    marginLeft: 50,
    marginBottom: 44,
    x: { label: "words", domain: [0, end + step] },
    y: { label: null, tickFormat: (share: number) => percent(share), ticks: 4 },
    marks: [
      Plot.gridY({ stroke: GROUND, strokeOpacity: 1 }),
      Plot.rectX([{ x1: low, x2: (high ?? 0) + 1 }], { x1: "x1", x2: "x2", fill: "#f3f3f3" }),
      Plot.rectY(bars(target, { end, step }), { x1: "from", x2: "to", y: "share", fill: "#999" }),
      ...(drawn === null ? [] : [
        Plot.lineY(bars(drawn, { end, step }), {
          x: "from",
          y: "share",
          curve: "step-after",
          stroke: DRAWN,
          strokeWidth: 2,
        }),
      ]),
      Plot.ruleX([(median ?? 0) + 0.5], { stroke: TARGET, strokeWidth: 2 }),
      Plot.ruleY([0]),
    ],
  });
}

function bars(
  words: ShiftedLognormal,
  { end, step }: { end: number; step: number },
): { from: number; to: number; share: number }[] {
  return Array.from({ length: Math.ceil(end / step) }, (_, i) => {
    const from = 1 + i * step;
    return { from, to: from + step, share: words.cdf(from + step - 1) - words.cdf(from - 1) };
  });
}
