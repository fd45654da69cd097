import assert from "node:assert/strict";
import { lengthChart } from "../../src/charts/lengths.ts";
import { labelWidth } from "../../src/charts/labels.ts";
import { weightsChart } from "../../src/charts/weights.ts";

const ITEM = { factor: 1, prompt: null, when: null };
const TONE = [
  { ...ITEM, value: "Angry", score: 1 },
  { ...ITEM, value: "", score: 6 },
  { ...ITEM, value: "Friendly", score: 3 },
];

/** What the elements of a tag say, in the order in which they stand. */
function texts(svg: string, pattern: RegExp): string[] {
  return Array.from(
    svg.matchAll(pattern),
    ([, text]) => (text ?? "").replaceAll("&#160;", "\u00a0"),
  );
}

const TEXT = /<text[^>]*>([^<]*)<\/text>/g;

Deno.test("the weights' title names the rarest value and its share", () => {
  const words = weightsChart({ attributes: { tone: TONE } }).textContent ?? "";
  assert.match(words, /^3 values of tone; the rarest, Angry, is 10\u00a0% of rows/);
});

Deno.test("the weights stand by size, with their shares, each attribute under its name", () => {
  const chart = weightsChart({
    attributes: { tone: TONE, language: [{ ...ITEM, value: "English", score: 1 }] },
  });
  const shown = texts(chart.outerHTML, TEXT);
  const order = ["(nothing asked)", "Friendly", "Angry", "English"];
  assert.deepEqual(shown.filter((text) => order.includes(text)), order);
  assert.deepEqual(shown.filter((text) => ["tone", "language"].includes(text)), [
    "tone",
    "language",
  ]);
  for (const share of ["60\u00a0%", "30\u00a0%", "every row"]) {
    assert.ok(shown.includes(share), share);
  }
});

Deno.test("a dot shows what is drawn only where that differs from what is wanted", () => {
  const plain = weightsChart({ attributes: { tone: TONE } }).outerHTML;
  assert.doesNotMatch(plain, /<circle/);
  const factors = [1, 2, 2].map((factor, i) => ({ ...TONE[i]!, factor }));
  const corrected = weightsChart({ attributes: { tone: factors } });
  assert.equal(corrected.outerHTML.match(/<circle/g)?.length, 3);
  assert.match(corrected.textContent ?? "", /Orange: what is drawn/);
  assert.ok(texts(corrected.outerHTML, TEXT).includes("10\u00a0% → 5.3\u00a0%"));
});

Deno.test("a long label has room beside the chart", () => {
  const value = "Ask for a promise that an application will be approved by tomorrow";
  const chart = weightsChart({ attributes: { ask: [...TONE, { ...ITEM, value, score: 1 }] } });
  assert.ok(texts(chart.outerHTML, TEXT).includes(value));
  const width = Number(/<svg[^>]* width="(\d+(?:\.\d+)?)"/.exec(chart.outerHTML)?.[1]);
  assert.ok(width >= labelWidth(value) + 240, `${width} px`);
});

Deno.test("values beyond the most are one line with their sum", () => {
  const many = Array.from({ length: 500 }, (_, i) => ({ ...ITEM, value: `v${i}`, score: 1 }));
  const shown = texts(weightsChart({ attributes: { many } }).outerHTML, TEXT);
  assert.ok(shown.includes("461 rarer values"));
  assert.ok(shown.includes("92\u00a0%"));
});

Deno.test("an attribute that isn't there is a fault that names those that are", () => {
  assert.throws(
    () => weightsChart({ attributes: { tone: TONE } }, { attributes: ["tones"] }),
    /no attribute "tones".*There are: tone\./,
  );
});

Deno.test("a config without attributes, and the empty share, are drawn all the same", () => {
  assert.match(weightsChart({ attributes: {} }).textContent ?? "", /No attributes/);
  const none = [...TONE, { ...ITEM, value: "Never", score: 0 }];
  assert.match(weightsChart({ attributes: { none } }).textContent ?? "", /the rarest, Angry/);
});

Deno.test("the lengths' title says median and range; a correction is a line", () => {
  const target = { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null };
  const plain = lengthChart(target);
  assert.match(plain.textContent ?? "", /^Nine rows in ten ask for 5 to 43 words, median 14/);
  assert.doesNotMatch(plain.textContent ?? "", /Orange/);
  const corrected = lengthChart({ ...target, draw: { mean: 2.8, sigma: 0.7, shift: 2 } });
  assert.match(corrected.textContent ?? "", /Orange: what is drawn/);
});

Deno.test("very long lengths are drawn in steps", () => {
  const chart = lengthChart({ mean: 7, sigma: 1, shift: 0, max: null, draw: null });
  assert.match(chart.textContent ?? "", /in steps of \d+/);
  assert.ok((chart.outerHTML.match(/<rect /g)?.length ?? 0) < 420);
});
