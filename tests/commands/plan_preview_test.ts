import assert from "node:assert/strict";
import { previewText } from "../../src/commands/plan_preview.ts";
import { tallyPairs } from "../../src/plan/pairs.ts";
import { plan } from "../../src/plan/plan.ts";
import { preview } from "../../src/plan/preview.ts";
import { config } from "../run/fixtures.ts";

const item = { score: 1, factor: 1, prompt: null, when: null };

/** What `plan` says about so many rows of a config. */
function said(count: number, fields: Parameters<typeof config>[0] = {}): string[] {
  const wanted = config(fields);
  const pairs = tallyPairs(wanted);
  const planned = plan(wanted, { seed: 1, sampling: "even" });
  for (let row = 0; row < count; row++) pairs.add(planned(row));
  return previewText(preview(wanted, { count }), pairs.coverage()).split("\n");
}

Deno.test("a preview tells what so many rows buy: margins, the rarest value, lengths, pairs", () => {
  assert.deepEqual(said(400), [
    "400 rows buy:",
    '  topic   2 values, shares known to ±.05; the rarest, "Tickets", gets 200 rows: ' +
    "a rate among them is known to ±.07",
    "  tone    2 values, shares known to ±.05; the rarest, asking for nothing, gets 200 rows: " +
    "a rate among them is known to ±.07",
    "  length  nine in ten ask for 5–43 words, median 14",
    "  pairs of values: 4 of 4 occur",
  ]);
});

Deno.test("where a value gets hardly any row, no rate among them is promised", () => {
  const topic = [{ ...item, value: "Tickets", score: 99 }, { ...item, value: "Delays" }];
  const [, line = ""] = said(20, { attributes: { topic }, length: null });
  assert.match(line, /"Delays", gets 0\.2 rows$/);
  const [, fewer = ""] = said(2, { attributes: { topic }, length: null });
  assert.match(fewer, /"Delays", gets fewer than 0\.1 rows$/);
});

Deno.test("values, pairs that never occur and corrections are told safely and by name", () => {
  const lines = said(2, {
    attributes: {
      topic: [{ ...item, value: "red\x1b[31m", factor: 2 }, { ...item, value: "Delays" }],
      tone: [{ ...item, value: "" }, { ...item, value: "Angry" }],
      language: [{ ...item, value: "English" }],
    },
    length: null,
  });
  assert(!lines.join("").includes("\x1b"));
  assert.equal(lines[3], '  language  "English" in every row');
  assert.match(lines[4] ?? "", /^ {2}pairs of values: \d of \d occur; never, such as: topic "/);
  assert.match(lines[5] ?? "", /^Drawn with a correction .*: topic$/);
});
