import * as Plot from "@observablehq/plot";
import type { LengthFindings } from "../analysis/findings.ts";
import { medianMargin } from "../analysis/lengths/median_margin.ts";
import type { Corpus } from "../analysis/reading/rows.ts";
import { count } from "../text/numbers.ts";
import { CAME, CAME_LIGHT, GROUND, TARGET } from "./colours.ts";
import { counted, percent, percentRange } from "./labels.ts";
import { noLengths } from "./no_lengths.ts";
import { type ChartElement, plot } from "./plot.ts";
import { saying } from "./saying.ts";

/** What of the lengths is needed. */
type AskedGot = Pick<LengthFindings, "ratio" | "byRequest" | "onTarget" | "onTargetInterval">;

/** More dots than this hide each other. */
const MOST_DOTS = 1_500;
/** Fewer rows say little about a median. */
const FEWEST_ROWS = 10;
/** Medians of lengths that are this near to what was asked for are as asked. */
const NEAR = 0.1;

/**
 * Words asked for against words that came, a dot for each row, with the median and the middle half of
 * rows along the way, and the line where both are equal. Both axes are logarithmic.
 *
 * @param corpus The rows that the findings were made from. Of many rows some are drawn, evenly along
 * the run.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { askedGotChart } from "./asked_got.ts";
 * const corpus = {
 *   size: 20,
 *   requestedWords: new Uint32Array(20).fill(40),
 *   words: new Uint32Array(20).fill(24),
 * };
 * const byRequest = [{ from: 40, to: 40, rows: 20, asked: 40, got: 24, q25: 24, q75: 24 }];
 * const ratio = { median: 0.6, q25: 0.6, q75: 0.6 };
 * const length = { ratio, byRequest, onTarget: 0, onTargetInterval: { low: 0, high: 0.16 } };
 * const chart = askedGotChart({ length }, corpus);
 * assert(chart.textContent?.startsWith("Lengths: rows come out 40\u00a0% short"));
 * ```
 */
export function askedGotChart(
  findings: { length: AskedGot | null },
  corpus: Pick<Corpus, "size" | "words" | "requestedWords">,
): ChartElement {
  const { length } = findings;
  if (length === null || length.ratio === null) {
    return noLengths({ ok: corpus.size });
  }
  const rows = Array.from(corpus.requestedWords, (asked, row) => ({
    asked,
    got: Math.max(1, corpus.words[row] ?? 0),
  })).filter(({ asked }) => asked > 0);
  const shown = rows.length <= MOST_DOTS
    ? rows
    : Array.from({ length: MOST_DOTS }, (_, i) => rows[Math.floor(i * rows.length / MOST_DOTS)])
      .filter((row) => row !== undefined);
  const bins = length.byRequest.filter(({ rows }) => rows >= FEWEST_ROWS).map((bin) => ({
    ...bin,
    got: Math.max(1, bin.got),
    low: Math.max(1, bin.q25),
    high: Math.max(1, bin.q75),
  }));
  const all = [...shown.flatMap(({ asked, got }) => [asked, got])];
  if (all.length === 0) return saying("No lengths to compare", "No ok row was asked for a length.");
  const least = all.reduce((a, b) => Math.min(a, b));
  const most = Math.max(all.reduce((a, b) => Math.max(a, b)), least + 1);
  const axis = { type: "log", domain: [least * 0.9, most * 1.1], tickFormat: count } as const;
  const ticks = TICKS.filter((tick) => tick >= least * 0.9 && tick <= most * 1.1);
  return plot({
    title: titleOf(length, rows.length),
    subtitle: (length.onTarget === null
      ? ""
      : `${percent(length.onTarget)}${
        length.onTargetInterval === null ? "" : ` (${percentRange(length.onTargetInterval)})`
      } of rows are within a fifth of what was asked for. `) +
      "Black line: as asked. " +
      (bins.length === 0 ? "" : "Blue line and band: median and middle half of rows. ") +
      "Each dot is a row" +
      (shown.length < rows.length ? ` (${count(shown.length)} of ${count(rows.length)}).` : "."),
    width: 640,
    height: 420,
    marginLeft: 50,
    marginBottom: 44,
    style: { fontSize: "12px" },
    x: { ...axis, label: "words asked for", ticks },
    y: { ...axis, label: "words that came", ticks },
    marks: [
      Plot.gridX({ stroke: GROUND, strokeOpacity: 1, ticks }),
      Plot.gridY({ stroke: GROUND, strokeOpacity: 1, ticks }),
      Plot.areaY(bins, { x: "asked", y1: "low", y2: "high", fill: CAME_LIGHT, fillOpacity: 0.7 }),
      Plot.dot(shown, { x: "asked", y: "got", r: 2, fill: "#444", fillOpacity: 0.25 }),
      Plot.line([[least, least], [most, most]], { stroke: TARGET, strokeWidth: 1.5 }),
      Plot.lineY(bins, { x: "asked", y: "got", stroke: CAME, strokeWidth: 2 }),
      Plot.dot(bins, { x: "asked", y: "got", r: 4, fill: CAME, stroke: "#fff" }),
    ],
  });
}

const TICKS = [0, 1, 2, 3, 4].flatMap((power) => [1, 2, 5].map((n) => n * 10 ** power));

type Bin = LengthFindings["byRequest"][number];

/** Whether requests of some length surely come out otherwise; a word more or less is nothing. */
function isOff(bin: Bin): boolean {
  return Math.abs(bin.got - bin.asked) > Math.max(NEAR * bin.asked, 1, medianMargin(bin));
}

/** @param pairs Rows that were asked for a length. */
function titleOf({ byRequest, ratio }: AskedGot, pairs: number): string {
  if (ratio === null || pairs < FEWEST_ROWS) return untold(pairs);
  const bins = byRequest.filter(({ rows, asked }) => rows >= FEWEST_ROWS && asked > 0);
  const [first, last] = [bins[0], bins.at(-1)];
  const { median } = ratio;
  const half = `half of rows have ${ratio.q25.toFixed(2)} to ${ratio.q75.toFixed(2)} words for ` +
    "each word asked for";
  const margin = medianMargin({ ...ratio, rows: pairs });
  if (first === undefined || last === undefined || !bins.some(isOff)) {
    // Medians of lengths may be as asked where that of the ratios isn't.
    const areNear = bins.length > 0 &&
      bins.every(({ got, asked }) => Math.abs(got / asked - 1) <= NEAR);
    if (!areNear && Math.abs(median - 1) > Math.max(NEAR, margin)) {
      return `Lengths: rows come out ${changed(median)}`;
    }
    return margin > NEAR || bins.length === 0
      ? `${untold(pairs)}: ${half}`
      : `Lengths come out as asked: ${half}`;
  }
  const [short, long] = [first.got / first.asked, last.got / last.asked];
  if (bins.length === 1 || (Math.abs(short - long) <= NEAR && Math.abs(median - 1) > NEAR)) {
    return `Lengths: rows come out ${changed(median)}, whatever length is asked for`;
  }
  const parts = [
    ...(!isOff(last)
      ? []
      : [`long requests come out ${changed(long)} (${of(last.got)} for ${of(last.asked)} words)`]),
    ...(!isOff(first)
      ? []
      : [`short ones ${changed(short)} (${of(first.got)} for ${of(first.asked)})`]),
  ];
  return parts.length === 0
    ? "Lengths: short and long requests come out as asked, those between them don't"
    : `Lengths: ${parts.join(", ").replace(/^short ones/, "short requests come out")}`;
}

function untold(pairs: number): string {
  return `Whether lengths come out as asked can't be told from ${counted(pairs, "row")}`;
}

function changed(share: number): string {
  if (share < 1) return `${percent(1 - share)} short`;
  return share < 2
    ? `${percent(share - 1)} too long`
    : `${Number(share.toPrecision(2))} times as long`;
}

function of(words: number): string {
  return String(Number(words.toFixed(1)));
}
