import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import * as Plot from "@observablehq/plot";
import { plot } from "../../src/charts/plot.ts";
import { bytesOf } from "../../src/notebook/jupyter.ts";
import { bundleOf, show } from "../../src/notebook/show.ts";

/** Turns the direction of writing, ends strings, starts colours. */
const HIDDEN = ["\u202e", "\u0000", "\u001b"];
const HOSTILE = `<script>alert(1)</script><img src=x onerror="alert(2)">'&${HIDDEN.join("")}[31m`;

function html(value: unknown, options = {}): string {
  const text = bundleOf(value, options)["text/html"];
  assert.ok(text !== undefined);
  return text;
}

/** The texts of all SVG images in a piece of HTML. */
function pictures(text: string): string[] {
  return Array.from(
    text.matchAll(/src="data:image\/svg\+xml;base64,([^"]*)"/g),
    ([, base64]) => new TextDecoder().decode(Uint8Array.fromBase64(base64 ?? "")),
  );
}

Deno.test("objects become a table with their keys as columns", () => {
  const table = html([{ row: 0, text: "Hi" }, { row: 1, extra: true }]);
  assert.equal(table.match(/<th /g)?.length, 3);
  assert.equal(table.match(/<tr>/g)?.length, 3);
  assert.match(table, /<td align="right"[^>]*>0<\/td><td align="left"[^>]*>Hi<\/td>/);
});

Deno.test("a table as text has its columns in line, numbers to the right", () => {
  const text = bundleOf([{ n: 5, who: "a" }, { n: 12, who: "long" }])["text/plain"];
  assert.equal(text, " n  who\n 5  a\n12  long");
});

Deno.test("a table shows 20 rows, or as many as are asked for up to 50, and says so", () => {
  const rows = Array.from({ length: 400 }, (_, row) => ({ row }));
  assert.equal(html(rows).match(/<tr>/g)?.length, 21);
  assert.match(html(rows), /20 of 400 rows/);
  assert.equal(html(rows, { maxRows: 1_000 }).match(/<tr>/g)?.length, 51);
  assert.doesNotMatch(html(rows.slice(0, 20)), / of 20 rows/);
  assert.match(bundleOf(rows)["text/plain"], /20 of 400 rows$/);
});

Deno.test("no rows are said in words", () => {
  assert.equal(bundleOf([])["text/plain"], "No rows.");
});

Deno.test("a hostile text is no markup and hides nothing, wherever it stands", () => {
  const chart = plot({
    title: HOSTILE,
    subtitle: HOSTILE,
    caption: HOSTILE,
    color: { legend: true },
    marks: [
      Plot.dot([{ x: 1, k: HOSTILE }, { x: 2, k: "b" }], { x: "x", y: "x", fill: "k" }),
      Plot.text([{ x: 1 }], { x: "x", y: "x", text: () => HOSTILE, title: () => HOSTILE }),
    ],
  });
  const shown = [
    html([{ [HOSTILE]: HOSTILE, nested: { deep: [HOSTILE] } }], { title: HOSTILE }),
    html(HOSTILE, { title: HOSTILE }),
    html({ deep: [HOSTILE] }, { title: HOSTILE }),
    html(chart, { title: HOSTILE }),
    ...pictures(html(chart)),
  ];
  assert.ok(shown.length > 5);
  for (const text of shown) {
    assert.doesNotMatch(text, /<script|<img src=x/);
    for (const hidden of HIDDEN) assert.ok(!text.includes(hidden));
  }
  for (const hidden of HIDDEN) assert.ok(!bundleOf(HOSTILE)["text/plain"].includes(hidden));
});

Deno.test("no text of a table can open a tag or end a quoted attribute", () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }));
  fc.assert(fc.property(units, (codes) => {
    const text = String.fromCharCode(...codes);
    const cell = /<td [^>]*>([^]*)<\/td>/.exec(html([{ text }]))?.[1] ?? "";
    assert.doesNotMatch(cell, /[<>"']/);
    assert.ok(cell.isWellFormed());
  }));
});

Deno.test("a chart is a picture with a white ground, its words are text of the page", () => {
  const chart = plot({
    title: "Angry is rare",
    subtitle: "Share of rows",
    caption: "of 20",
    color: { legend: true },
    marks: [Plot.dot([{ x: 1, k: "a" }, { x: 2, k: "b" }], { x: "x", y: "x", fill: "k" })],
  });
  const text = html(chart);
  assert.match(text, /^<figure><p><strong>Angry is rare<\/strong><\/p><p>Share of rows<\/p>/);
  assert.match(text, /<p><small>of 20<\/small><\/p><\/figure>$/);
  assert.doesNotMatch(text, /<svg|<style/);
  assert.match(text, /<img alt="Angry is rare. Share of rows. of 20" width="640" height="400"/);
  const [swatch, other, main] = pictures(text);
  for (const picture of [swatch, other, main]) {
    assert.match(picture ?? "", /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.match(picture ?? "", /^<svg [^>]*style="background:#fff;color:#000;/);
  }
  assert.match(text, />&nbsp;a &emsp;<img/);
  assert.equal(
    bundleOf(chart)["text/plain"],
    "Angry is rare\nShare of rows\nof 20\n[chart]",
  );
});

Deno.test("a chart too large for a cell is said, not sent", () => {
  const dots = Array.from({ length: 20_000 }, (_, x) => [x, x * x]);
  const bundle = bundleOf(plot({ marks: [Plot.dot(dots)] }));
  assert.equal(bundle["text/html"], undefined);
  assert.match(bundle["text/plain"], /not shown: 1\.\d MB is more than a cell can hold/);
});

Deno.test("whatever is shown stays about a megabyte", () => {
  const long = "<\u0000>".repeat(100_000);
  const wide = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`c${i}`, long]));
  const values: unknown[] = [long, wide, [wide, wide], Array.from({ length: 60 }, () => wide)];
  for (const value of values) {
    for (const options of [{}, { title: "T" }, { maxRows: 50 }]) {
      const bytes = bytesOf(bundleOf(value, options));
      assert.ok(bytes <= 1_000_000, `${bytes} bytes`);
    }
  }
  assert.match(bundleOf(long)["text/plain"], /the first 50,000 of 300,000 characters/);
});

Deno.test("a string is plain text; Markdown only where it is asked for", () => {
  assert.deepEqual(bundleOf("# No\nheading"), { "text/plain": "# No\nheading" });
  assert.equal(bundleOf("# Yes", { markdown: true })["text/markdown"], "# Yes");
});

Deno.test("other values are inspected, those too that a kernel shows nothing of", () => {
  for (const [value, text] of [[NaN, "NaN"], [-0, "-0"], [1n, "1n"], [null, "null"]]) {
    assert.equal(bundleOf(value)["text/plain"], text);
  }
  assert.match(bundleOf({ a: new Map([["k", 1]]) })["text/plain"], /Map\(1\)/);
  assert.match(bundleOf([1, { a: 1 }])["text/plain"], /^\[ 1, \{ a: 1 \} \]$/);
});

Deno.test("outside Jupyter text is printed", async () => {
  const lines: string[] = [];
  await show([{ a: 1 }], { title: "Rows", write: (text) => lines.push(text) });
  assert.deepEqual(lines, ["Rows\na\n1"]);
});
