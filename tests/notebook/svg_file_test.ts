import assert from "node:assert/strict";
import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";
import { plot } from "../../src/charts/plot.ts";
import { svgFile } from "../../src/notebook/svg_file.ts";

function chart(title: string, subtitle?: string) {
  return plot({
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    color: { legend: true },
    marks: [Plot.dot([{ x: 1, k: "a" }, { x: 2, k: "b" }], { x: "x", y: "x", fill: "k" })],
  });
}

Deno.test("svgFile() puts the chart, its title and the words below it into one picture", () => {
  const svg = svgFile(chart("Angry is rare", "Share of rows"));
  assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="672" height="\d+"/);
  assert.match(svg, /<rect width="100%" height="100%" fill="#fff"\/>/);
  assert.match(svg, /font-weight="bold">Angry is rare<\/text><text[^>]*>Share of rows<\/text>/);
  assert.equal(svg.match(/<circle/g)?.length, 2, "the chart and not the legend");
});

Deno.test("svgFile() breaks long titles where words end, and makes room for them", () => {
  const height = (svg: string) => Number(/ height="(\d+)"/.exec(svg)?.[1]);
  const long = svgFile(chart("word ".repeat(60).trim()));
  const lines = Array.from(long.matchAll(/font-weight="bold">([^<]*)</g), ([, line]) => line ?? "");
  assert.ok(lines.length > 2 && lines.every((line) => /^(word ?)+$/.test(line)));
  assert.equal(lines.join(" "), "word ".repeat(60).trim());
  assert.ok(height(long) > height(svgFile(chart("word"))) + 15 * (lines.length - 1));
});

Deno.test("svgFile() shows hostile words as text", () => {
  const svg = svgFile(chart(`<script>alert(1)</script>"&\u202e`));
  assert.doesNotMatch(svg, /<script|\u202e/);
  assert.match(svg, /&lt;script&gt;/);
});

Deno.test("svgFile() of something without a chart is a fault", () => {
  const document = new DOMParser().parseFromString("<p>Hi</p>", "text/html");
  assert.throws(() => svgFile(document.querySelector("p")), /no chart/);
});
