import assert from "node:assert/strict";
import * as Plot from "@observablehq/plot";
import { labelWidth } from "../../src/charts/labels.ts";
import { rowChart } from "../../src/charts/row_chart.ts";
import { drawn } from "./drawn.ts";

function chartOf(labels: string[], domain: [number, number], x = 0) {
  return rowChart({
    title: "Title",
    subtitle: "Subtitle",
    lines: labels.map((label, i) => ({ key: String(i), label, note: `note ${i}` })),
    domain,
    tickFormat: String,
    marks: [Plot.dot(labels.map((_, i) => ({ i: String(i) })), { x: () => x, y: "i" })],
  });
}

Deno.test("rowChart() has a place on its axis where all is zero", () => {
  const chart = drawn(chartOf(["a"], [0, 0]));
  const [place] = chart.attributes("dot", "circle", "cx");
  const left = labelWidth("a") + 16;
  assert.ok(Math.abs(Number(place) - left) < 2, `${place} px from the left, not ${left}`);
});

Deno.test("rowChart() gives labels the room they need and keeps within a page's width", () => {
  const label = "Ask for a promise that an application will be approved soon";
  for (const labels of [["a"], [label]]) {
    const chart = chartOf(labels, [0, 1], 1);
    const width = Number(/<svg[^>]* width="(\d+)"/.exec(chart.outerHTML)?.[1]);
    assert.ok(width <= 880 && width >= labelWidth(labels[0] ?? "") + 240, `${width} px`);
  }
});

Deno.test("rowChart() keeps lines of the same label apart", () => {
  const [one, two] = drawn(chartOf(["same", "same"], [0, 1])).attributes("dot", "circle", "cy");
  assert.notEqual(one, two);
});
