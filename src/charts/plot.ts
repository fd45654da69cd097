import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";

/** A node of what Plot draws, as far as it can be relied on without a browser. */
export interface ChartNode {
  readonly nodeType: number;
  readonly textContent: string | null;
}

/** What Plot draws: an `<svg>`, or a `<figure>` around it where there is a title or a legend. */
export interface ChartElement extends ChartNode {
  readonly localName: string;
  readonly outerHTML: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly childNodes: Iterable<ChartNode>;
}

const document = new DOMParser().parseFromString(
  "<!doctype html><html><body></body></html>",
  "text/html",
);

/**
 * `Plot.plot` without a browser: Plot draws into a document of its own. Legends of continuous
 * colour scales and rasters need a canvas, which isn't there.
 *
 * @param options Those of Observable Plot: marks, scales, title, …
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as Plot from "@observablehq/plot";
 * import { plot } from "./plot.ts";
 * const chart = plot({ marks: [Plot.dot([[1, 2], [3, 4]])] });
 * assert(chart.localName === "svg");
 * ```
 */
export function plot(options: Plot.PlotOptions): ChartElement {
  return Plot.plot({ ...options, document });
}
