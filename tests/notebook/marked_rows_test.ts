import assert from "node:assert/strict";
import { markedRows } from "../../src/notebook/marked_rows.ts";
import { markedText } from "../../src/notebook/marked_text.ts";
import { bundleOf } from "../../src/notebook/show.ts";

const row = (text: string | null, row = 0) => ({ row, text, attributes: { tone: "Angry" } });

/** The stretches of the shown texts that are marked. */
function marked(...args: Parameters<typeof markedRows>): string[] {
  const html = bundleOf(markedRows(...args))["text/html"] ?? "";
  return Array.from(html.matchAll(/<mark[^>]*>([^<]*)<\/mark>/g), ([, text]) => text ?? "");
}

Deno.test("markedRows() marks terms as they are written, wherever they stand", () => {
  const rows = [row("I don’t know. I DON'T KNOW what a loan’s for; unknown")];
  assert.deepEqual(marked(rows, ["i don't know"]), ["I don’t know", "I DON&#39;T KNOW"]);
  assert.deepEqual(marked(rows, ["know"]), ["know", "KNOW"]);
  assert.deepEqual(marked([row("Could you, please, help")], ["could you please"]), [
    "Could you, please",
  ]);
});

Deno.test("markedRows() makes one mark of those that overlap", () => {
  assert.deepEqual(marked([row("how do I do")], ["how do i", "do i do"]), ["how do I do"]);
  assert.deepEqual(marked([row("a loan, a loan")], ["a", "loan"]), ["a", "loan", "a", "loan"]);
});

Deno.test("markedRows() takes the rows that have a term, evenly from the first to the last", () => {
  const rows = Array.from({ length: 100 }, (_, i) => row(i % 2 === 0 ? "a loan" : "a card", i));
  assert.deepEqual(markedRows(rows, ["loan"]).map((line) => line.row), [0, 20, 40, 60, 80]);
  assert.deepEqual(markedRows(rows, ["loan"], { most: 2 }).map((line) => line.row), [0, 50]);
  assert.deepEqual(markedRows(rows, ["mortgage"]), []);
  assert.deepEqual(markedRows([row(null), row("")], ["loan", ""]), []);
});

Deno.test("markedRows() leaves out rows that aren't ok", () => {
  const refused = { ...row("I can't help with a loan"), outcome: "refused" as const };
  const ok = { ...row("a loan", 1), outcome: "ok" as const };
  assert.deepEqual(markedRows([refused, ok, row("my loan", 2)], ["loan"]).map((line) => line.row), [
    1,
    2,
  ]);
});

Deno.test("markedRows() shows row, text and what was asked", () => {
  const [line] = markedRows([{ row: 3, text: "A loan", attributes: { text: "SMS", tone: "" } }], [
    "loan",
  ]);
  assert.deepEqual(Object.keys(line ?? {}), ["row", "text", "text asked", "tone"]);
});

Deno.test("markedRows() lower-cases by the language that a row was asked in", () => {
  const rows = [{ row: 0, text: "IRAK", attributes: { language: "Turkish" } }];
  assert.deepEqual(marked(rows, ["ırak"]), ["IRAK"]);
});

Deno.test("a hostile text with marks is no markup", () => {
  const text = `<script>loan</script> loan"onload='x' \u202e<mark>loan`;
  const { "text/html": html = "", "text/plain": plain } = bundleOf(
    markedRows([row(text)], ["loan"]),
  );
  assert.equal(html.match(/<mark /g)?.length, 3);
  assert.doesNotMatch(html, /<script|<mark>|\u202e|onload='/);
  assert.ok(!plain.includes("\u202e"));
  assert.match(plain, /<script>»loan«<\/script> »loan«"/);
});

Deno.test("a long text with marks is cut as any other", () => {
  const rows = [row(`loan ${"x".repeat(700)} loan`)];
  assert.deepEqual(marked(rows, ["loan"]), ["loan"]);
  const html = bundleOf(markedRows(rows, ["loan"]))["text/html"] ?? "";
  assert.match(html, /x…<\/td>/);
  assert.deepEqual(marked([row(`${"loan ".repeat(20_000)}`)], ["loan"]).length, 120);
});

Deno.test("marked texts stand in tables beside other cells", () => {
  const line = { row: 0, text: markedText("a loan", [{ start: 2, end: 6 }]) };
  assert.equal(
    bundleOf([line, { row: 1, text: "plain" }])["text/plain"].split("\n")[1],
    "  0  a »loan«",
  );
});
