import * as Plot from "@observablehq/plot";
import type { Findings, LengthFindings } from "../analysis/findings.ts";
import type { Corpus } from "../analysis/reading/rows.ts";
import { shiftedLognormal } from "../stats/shifted_lognormal.ts";
import { ASKED, CAME, GROUND, NOISE, TARGET } from "./colours.ts";
import { counted, percent } from "./labels.ts";
import { noLengths } from "./no_lengths.ts";
import { type ChartElement, plot } from "./plot.ts";

/** The chart ends where this share of rows is shorter. */
const SHOWN_SHARE = 0.995;
/** More steps than there are pixels show nothing. */
const MOST_STEPS = 400;
/** Fewer rows fit almost any distribution. */
const FEWEST_ROWS = 50;
/** Lengths are as wanted if they are off by at most this share of the wanted median, on average. */
const NEAR = 0.25;
/** Fewer rows have no twentieth on either side. */
const FEWEST_FOR_RANGE = 20;

/**
 * Lengths in words: the share of rows that are no longer than each, as wanted, as asked for, and as
 * they came. The grey band around what is wanted holds the whole line of what came 95 times of 100
 * where nothing is wrong (Dvoretzky, Kiefer and Wolfowitz: ± √(ln(2/.05)/2n)).
 *
 * @param corpus The rows that the findings were made from.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lengthDistributionChart } from "./length_distribution.ts";
 * const words = Uint32Array.of(5, 9, 14);
 * const corpus = { size: 3, words, requestedWords: words };
 * const chart = lengthDistributionChart({ length: null }, corpus);
 * assert(chart.textContent?.startsWith("No length was asked for"));
 * ```
 */
export function lengthDistributionChart(
  findings: Pick<Findings, "length">,
  corpus: Pick<Corpus, "size" | "words" | "requestedWords">,
): ChartElement {
  const { length } = findings;
  if (length === null || corpus.size === 0) return noLengths({ ok: corpus.size });
  const came = Float64Array.from(corpus.words).sort();
  const asked = Float64Array.from(corpus.requestedWords.filter((words) => words > 0)).sort();
  const target = length.target === null
    ? null
    : shiftedLognormal(length.target, { max: length.target.max });
  const last = (sorted: Float64Array) => sorted[Math.floor((sorted.length - 1) * SHOWN_SHARE)] ?? 0;
  const end = Math.max(last(came), last(asked), target?.quantile(SHOWN_SHARE) ?? 0) + 1;
  const step = Math.max(1, Math.ceil(end / MOST_STEPS));
  const places = Array.from({ length: Math.ceil(end / step) + 1 }, (_, i) => i * step);
  const half = bandOf(came.length);
  const steps = { x: "words", y: "share", curve: "step-after" } as const;
  return plot({
    title: titleOf(length, came),
    subtitle: `Share of ${counted(came.length, "ok row")} with so many words or fewer. ` +
      (target === null
        ? ""
        : "Black: wanted; grey band: where what came may lie if nothing is wrong. ") +
      (asked.length === 0 ? "" : "Dashed: asked for. ") + "Blue: what came.",
    width: 640,
    height: 300,
    marginLeft: 50,
    marginBottom: 44,
    style: { fontSize: "12px" },
    x: { label: "words", domain: [0, end] },
    y: { label: null, domain: [0, 1], tickFormat: percent, ticks: 5 },
    marks: [
      Plot.gridY({ stroke: GROUND, strokeOpacity: 1, ticks: 5 }),
      ...(target === null ? [] : [
        Plot.areaY(
          places.map((words) => ({
            words,
            low: Math.max(0, target.cdf(words) - half),
            high: Math.min(1, target.cdf(words) + half),
          })),
          { x: "words", y1: "low", y2: "high", curve: "step-after", fill: NOISE },
        ),
        Plot.lineY(places.map((words) => ({ words, share: target.cdf(words) })), {
          ...steps,
          stroke: TARGET,
          strokeWidth: 2,
        }),
      ]),
      Plot.lineY(asked.length === 0 ? [] : stepsOf(asked, places), {
        ...steps,
        stroke: ASKED,
        strokeDasharray: "4,3",
        strokeWidth: 1.5,
      }),
      Plot.lineY(stepsOf(came, places), { ...steps, stroke: CAME, strokeWidth: 2 }),
      Plot.ruleY([0]),
    ],
  });
}

/** Half of the band's height, for so many rows. */
function bandOf(rows: number): number {
  return Math.sqrt(Math.log(2 / 0.05) / (2 * rows));
}

/** The share of sorted lengths that are at most each of some places, which go upwards. */
function stepsOf(
  sorted: Float64Array,
  places: readonly number[],
): { words: number; share: number }[] {
  let below = 0;
  return places.map((words) => {
    while (below < sorted.length && (sorted[below] ?? 0) <= words) below++;
    return { words, share: below / sorted.length };
  });
}

function titleOf(length: LengthFindings, came: Float64Array): string {
  const { quantiles, realised } = length;
  const rows = came.length;
  const at = (p: number) => quantiles.find((quantile) => quantile.p === p);
  const median = at(0.5);
  if (realised === null || median === undefined) {
    const [low, high] = [at(0.05), at(0.95)];
    if (median === undefined || low === undefined || high === undefined) return "Lengths that came";
    return rows < FEWEST_FOR_RANGE
      ? `${counted(rows, "ok row has", "ok rows have")} ${came[0]} to ${came.at(-1)} words`
      : `Nine rows in ten have ${low.realised} to ${high.realised} words, median ${median.realised}`;
  }
  const off = `${words(realised.w1)} off on average (${realised.low.toFixed(1)}–${
    realised.high.toFixed(1)
  })`;
  if (realised.ks <= bandOf(rows)) {
    // That no difference is found says little where the interval leaves room for a large one.
    const isTold = rows >= FEWEST_ROWS &&
      realised.high <= Math.max(1, NEAR * (median.target ?? median.realised));
    if (isTold) return `Lengths come out as wanted: ${off}`;
    return `Whether lengths come out as wanted can't be told from ${counted(rows, "row")}` +
      (rows < FEWEST_ROWS ? "" : `: ${off}`);
  }
  const wanted = median.target ?? median.realised;
  if (median.realised === wanted) {
    const end = at(0.95) ?? median;
    const tail = end.realised < (end.target ?? 0) ? "too short" : "too long";
    return end.realised === end.target
      ? `The median length is as wanted, ${counted(wanted, "word")}, but the others aren't: ${off}`
      : `The median length is as wanted, ${
        counted(wanted, "word")
      }, but long rows are ${tail}: ${off}`;
  }
  return `Rows come out ${median.realised < wanted ? "shorter" : "longer"} than wanted: median ` +
    `${counted(median.realised, "word")} against ${wanted}, ${off}`;
}

function words(n: number): string {
  return `${n.toFixed(1)}\u00a0words`;
}
