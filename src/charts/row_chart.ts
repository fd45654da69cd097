import * as Plot from "@observablehq/plot";
import { GROUND, WORDS } from "./colours.ts";
import { BOLD, labelWidth } from "./labels.ts";
import { type ChartElement, plot } from "./plot.ts";

/** A line of a chart: its label stands to the left, the marks in the middle, its note to the right. */
export interface ChartLine {
  /** Tells it from all others: marks name it as their `y`. */
  key: string;
  label: string;
  /** A line above others, in bold, without marks. */
  heading?: boolean;
  /** What the marks say, in words and numbers. */
  note?: string;
}

/** The words around a chart of lines, and its marks. */
export interface RowChartOptions {
  title: string;
  subtitle: string;
  lines: readonly ChartLine[];
  /** From where to where the axis goes; there is room to both sides where both ends are the same. */
  domain: readonly [number, number];
  tickFormat: (value: number) => string;
  /** Values at the axis; default: some round ones, as there is room. */
  ticks?: number[];
  /** Drawn over the grid in this order; their `y` is a line's key. */
  marks: Plot.Markish[];
}

const LINE_HEIGHT = 18;
/** A page of notebooks is about so wide; the chart's middle gives way to long labels. */
const WIDTH = 880;
const WIDEST_MIDDLE = 440;
const NARROWEST_MIDDLE = 240;
const NOTE_SIZE = 11;

/**
 * A chart of lines, each with a label, marks along a common axis, and a note: it can be read without
 * hovering, whatever the labels are like and however many there are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as Plot from "@observablehq/plot";
 * import { rowChart } from "./row_chart.ts";
 * const chart = rowChart({
 *   title: "One in three",
 *   subtitle: "Share of rows",
 *   lines: [{ key: "a", label: "Angry", note: "33 %" }],
 *   domain: [0, 1],
 *   tickFormat: (share) => `${share * 100} %`,
 *   marks: [Plot.dot([{ key: "a", share: 1 / 3 }], { x: "share", y: "key" })],
 * });
 * assert(chart.outerHTML.includes("Angry"));
 * ```
 */
export function rowChart(options: RowChartOptions): ChartElement {
  const { lines } = options;
  const labels = lines.filter(({ heading }) => heading !== true);
  const notes = lines.filter(({ note }) => note !== undefined);
  const widest = (texts: (string | undefined)[]) =>
    texts.reduce((most, text) => Math.max(most, labelWidth(text ?? "")), 0);
  const headings = lines.filter(({ heading }) => heading === true);
  const marginLeft = 16 + Math.ceil(Math.max(
    widest(labels.map(({ label }) => label)),
    widest(headings.map(({ label }) => label)) * BOLD,
  ));
  const marginRight = Math.ceil(widest(notes.map(({ note }) => note)) * NOTE_SIZE / 12) + 28;
  const middle = Math.min(
    WIDEST_MIDDLE,
    Math.max(NARROWEST_MIDDLE, WIDTH - marginLeft - marginRight),
  );
  const ticks = options.ticks ?? Math.floor(middle / 80);
  const beside = {
    frameAnchor: "left",
    y: "key",
    text: "label",
    textAnchor: "end",
    dx: -8,
  } as const;
  return plot({
    title: options.title,
    subtitle: options.subtitle,
    width: marginLeft + middle + marginRight,
    height: lines.length * LINE_HEIGHT + 32,
    marginLeft,
    marginRight,
    marginTop: 24,
    marginBottom: 8,
    style: { fontSize: "12px" },
    x: {
      domain: widened(options.domain),
      axis: "top",
      label: null,
      ticks,
      tickFormat: options.tickFormat,
    },
    y: { domain: lines.map(({ key }) => key), axis: null },
    marks: [
      Plot.gridX({ stroke: GROUND, strokeOpacity: 1, ticks }),
      Plot.text(labels, beside),
      Plot.text(headings, { ...beside, fontWeight: "bold" }),
      ...options.marks,
      Plot.text(notes, {
        frameAnchor: "right",
        y: "key",
        text: "note",
        textAnchor: "start",
        dx: 12,
        fill: WORDS,
        fontSize: NOTE_SIZE,
      }),
    ],
  });
}

/** An axis has a length. */
function widened([low, high]: readonly [number, number]): [number, number] {
  return low < high ? [low, high] : [low, low + 1];
}
