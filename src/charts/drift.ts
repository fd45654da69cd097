import * as Plot from "@observablehq/plot";
import type { DriftPart, Findings } from "../analysis/findings.ts";
import { mannKendall } from "../stats/mann_kendall.ts";
import { count } from "../text/numbers.ts";
import { CAME, WORDS } from "./colours.ts";
import { counted, percent } from "./labels.ts";
import { type ChartElement, plot } from "./plot.ts";
import { saying } from "./saying.ts";

const PANELS = [
  { name: "repeats a row of its part", of: ({ repeats }: DriftPart) => repeats, text: percent },
  { name: "different pairs of words", of: ({ distinct2 }: DriftPart) => distinct2, text: percent },
  { name: "median words", of: ({ medianWords }: DriftPart) => medianWords, text: oneDigit },
] as const;

function oneDigit(value: number): string {
  return String(Number(value.toFixed(1)));
}

const WIDTH = 820;
const PANEL_HEIGHT = 74;
const LABELS_WIDTH = 170;

/** Fewer parts come in one order by chance too often. */
const FEWEST_PARTS = 5;
/** Three trends are looked at: each at a third of 5 %. */
const LEVEL = 0.05 / 3;
/** Smaller changes along a run, as a share of the larger end, are none to speak of. */
const LEAST_CHANGE = 0.05;
/** Likewise, of rows that repeat another one. */
const LEAST_REPEATS = 0.01;

/**
 * Along the run, in equal parts in the order in which its rows came: how many rows repeat another one
 * of their part, how varied the words are, each part at the same number of words, and the median length.
 * A trend is said where chance doesn't order the parts so (see `mannKendall`).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { driftChart } from "./drift.ts";
 * const part = { repeats: 0, medianWords: 14 };
 * const chart = driftChart({
 *   diversity: {
 *     drift: [0.7, 0.65, 0.6, 0.55, 0.5].map((distinct2, i) => ({
 *       ...part, from: 100 * i, to: 100 * (i + 1), distinct2,
 *     })),
 *   },
 * });
 * assert(chart.textContent?.startsWith("Along the run words grow less varied"));
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
    title: titleOf(parts),
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
      Plot.lineY(points, {
        fy: "name",
        x: "place",
        y: "height",
        stroke: CAME,
        z: "name",
        strokeWidth: 1.5,
      }),
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

function titleOf(parts: readonly DriftPart[]): string {
  if (parts.length < FEWEST_PARTS) {
    return `Whether the run changes on its way can't be told from ${counted(parts.length, "part")}`;
  }
  const varied = parts.map(({ distinct2 }) => distinct2).filter((share) => share !== null);
  const measured = varied.length === parts.length;
  const variety = measured ? changeOf(varied) : null;
  const words = changeOf(parts.map(({ medianWords }) => medianWords));
  const repeats = changeOf(parts.map(({ repeats }) => repeats));
  const changes = [
    ...(repeats === null || Math.abs(repeats.to - repeats.from) < LEAST_REPEATS ? [] : [
      `rows repeat each other ${repeats.to < repeats.from ? "less" : "more"}, ${
        percent(repeats.from)
      } of a part at first, ${percent(repeats.to)} at last`,
    ]),
    ...(variety === null ? [] : [
      `words grow ${variety.to < variety.from ? "less" : "more"} varied, ${
        percent(variety.from)
      } different pairs at first, ${percent(variety.to)} at last`,
    ]),
    ...(words === null ? [] : [
      `rows grow ${words.to < words.from ? "shorter" : "longer"}, median ${
        oneDigit(words.from)
      } words at first, ${oneDigit(words.to)} at last`,
    ]),
  ];
  if (changes.length > 0) return `Along the run ${changes.join("; ")}`;
  return measured
    ? "Repeats, how varied words are, and the median length don't surely change along the run"
    : "Repeats and the median length don't surely change along the run";
}

/** The means of the first and the last third, where values go from one to the other; else null. */
function changeOf(values: readonly number[]): { from: number; to: number } | null {
  const third = Math.floor(values.length / 3);
  const [from, to] = [meanOf(values.slice(0, third)), meanOf(values.slice(-third))];
  const isLarge = Math.abs(to - from) >= LEAST_CHANGE * Math.max(from, to);
  const { s, p } = mannKendall(values);
  return isLarge && p <= LEVEL && Math.sign(s) === Math.sign(to - from) ? { from, to } : null;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
