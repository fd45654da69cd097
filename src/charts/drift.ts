import * as Plot from "@observablehq/plot";
import type { DriftPart, Findings } from "../analysis/findings.ts";
import { wilson } from "../stats/intervals.ts";
import { CAME, WORDS } from "./colours.ts";
import { count, percent, percentRange } from "./labels.ts";
import { type ChartElement, plot } from "./plot.ts";
import { saying } from "./saying.ts";

const PANELS = [
  { name: "repeats an earlier row", of: ({ repeats }: DriftPart) => repeats, text: percent },
  { name: "different pairs of words", of: ({ distinct2 }: DriftPart) => distinct2, text: percent },
  { name: "median words", of: ({ medianWords }: DriftPart) => medianWords, text: oneDigit },
] as const;

function oneDigit(value: number): string {
  return String(Number(value.toFixed(1)));
}

const WIDTH = 820;
const PANEL_HEIGHT = 74;
const LABELS_WIDTH = 170;

/**
 * Along the run, in equal parts in the order in which its rows came: the share of rows that repeat an
 * earlier one, how varied the words are, and the median length. A model that runs out of ideas
 * repeats itself more and more.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { driftChart } from "./drift.ts";
 * const part = { distinct2: 0.7, medianWords: 14 };
 * const chart = driftChart({
 *   diversity: {
 *     drift: [
 *       { from: 0, to: 500, repeats: 0.01, ...part },
 *       { from: 500, to: 1_000, repeats: 0.09, ...part },
 *     ],
 *   },
 * });
 * assert(chart.textContent?.startsWith("Repeats rise along the run"));
 * ```
 */
export function driftChart(
  findings: { diversity: Pick<Findings["diversity"], "drift"> },
): ChartElement {
  const parts = findings.diversity.drift;
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined || parts.length < 2) {
    return saying("How the run changes on its way can't be told", "There are too few rows.");
  }
  const points = PANELS.flatMap(({ name, of, text }) => {
    const values = parts.map(of);
    const most = values.reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
    return values.flatMap((value, place) =>
      value === null
        ? []
        : [{ name, place, height: most === 0 ? 0 : value / most, text: text(value) }]
    );
  });
  const names = PANELS.map(({ name }) => name);
  const unmeasured = names.filter((name) => points.every((point) => point.name !== name));
  return plot({
    title: titleOf(first, last),
    subtitle:
      `The run in ${parts.length} equal parts of about ${count(last.to - last.from)} rows, ` +
      "in the order in which they came. Each panel has its own scale from 0.",
    width: WIDTH,
    height: PANEL_HEIGHT * names.length + 44,
    marginLeft: LABELS_WIDTH,
    marginRight: 24,
    marginBottom: 34,
    marginTop: 10,
    style: { fontSize: "12px" },
    x: {
      label: "part of the run",
      type: "point",
      domain: parts.map((_, i) => i),
      padding: 0.4,
      tickFormat: (i: number) => String(i + 1),
      labelArrow: "none",
    },
    y: { axis: null, domain: [0, 1.5] },
    fy: { domain: names, axis: null, padding: 0.12 },
    marks: [
      Plot.ruleY([0], { stroke: "#bbb" }),
      Plot.text(names, {
        fy: (name: string) => name,
        text: (name: string) => name,
        frameAnchor: "left",
        textAnchor: "end",
        dx: -10,
      }),
      Plot.text(unmeasured, {
        fy: (name: string) => name,
        text: () => "not measured",
        frameAnchor: "middle",
        fill: WORDS,
        fontSize: 11,
      }),
      Plot.lineY(points, { fy: "name", x: "place", y: "height", stroke: CAME, strokeWidth: 1.5 }),
      Plot.dot(points, { fy: "name", x: "place", y: "height", r: 3.5, fill: CAME }),
      Plot.text(points, {
        fy: "name",
        x: "place",
        y: "height",
        text: "text",
        dy: -11,
        fill: WORDS,
        fontSize: 11,
      }),
    ],
  });
}

function titleOf(first: DriftPart, last: DriftPart): string {
  const intervals = [first, last].map(({ repeats, from, to }) =>
    wilson(Math.round(repeats * (to - from)), to - from)
  );
  const [early, late] = intervals;
  if (early === undefined || late === undefined) return "Along the run";
  const text = `${percent(first.repeats)} (${percentRange(early)}) of the first part's rows, ` +
    `${percent(last.repeats)} (${percentRange(late)}) of the last part's`;
  if (late.low > early.high) return `Repeats rise along the run: ${text}`;
  if (late.high < early.low) return `Repeats fall along the run: ${text}`;
  return `Repeats don't surely rise or fall along the run: ${text}`;
}
