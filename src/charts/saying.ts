import * as Plot from "@observablehq/plot";
import { WORDS } from "./colours.ts";
import { labelWidth } from "./labels.ts";
import { type ChartElement, plot } from "./plot.ts";

const WIDTH = 640;
const LINE_HEIGHT = 16;

/**
 * What stands in a chart's place where there is nothing to draw: the finding, and why. The reason
 * stands in the picture, so that a picture that is kept alone says it, too.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { saying } from "./saying.ts";
 * assert(saying("No length was asked for", "Nothing to compare.").textContent?.includes("No length"));
 * ```
 */
export function saying(finding: string, why: string): ChartElement {
  const lines = Math.ceil(labelWidth(why) / (WIDTH - 40));
  return plot({
    title: finding,
    width: WIDTH,
    height: lines * LINE_HEIGHT + 16,
    margin: 0,
    style: { fontSize: "12px" },
    x: { axis: null },
    y: { axis: null },
    marks: [
      Plot.text([{ why }], {
        text: "why",
        frameAnchor: "left",
        dx: 8,
        lineWidth: WIDTH / 12 - 4,
        fill: WORDS,
      }),
    ],
  });
}
