import assert from "node:assert/strict";
import { join } from "node:path";
import { findingsText, jsonText } from "../../src/analysis/findings_text.ts";
import { soundFindings } from "./findings_fixture.ts";

Deno.test("findingsText() keeps the order of keys and is the same for the same findings", () => {
  const text = findingsText(soundFindings(400));
  assert.equal(text, findingsText(soundFindings(400)));
  assert(text.endsWith("}\n"));
  assert.deepEqual(JSON.parse(text), soundFindings(400));
  assert.deepEqual(Object.keys(JSON.parse(text)), Object.keys(soundFindings(400)));
});

Deno.test("numbers have six digits, whole ones all of theirs, and none is NaN", () => {
  assert.deepEqual(
    JSON.parse(jsonText([1 / 3, 1234567.891, 98765432101, 1e-9 / 3, NaN, -Infinity, 0, -0.5])),
    [0.333333, 1234570, 98765432101, 3.33333e-10, null, null, 0, -0.5],
  );
});

Deno.test("what could act on a terminal is escaped and reads back as it was", () => {
  const hostile = '\u001b[31m \u009b1m \u202e \u200b \u2028 \ufff9 \u{e0041} \u007f å 🚂 \n\t"\\';
  const value = { [hostile]: hostile };
  const text = jsonText(value);
  assert.deepEqual(JSON.parse(text), value);
  assert.match(text, /^[\P{C}\n]+$/u);
  assert(text.includes("å 🚂"));
  assert.deepEqual(JSON.parse(jsonText("a\ud800b")), "a\ufffdb");
});

Deno.test("files are named from the folder that the findings are written to", () => {
  const made = {
    ...soundFindings(1).made,
    files: [
      { path: join("/runs", "metro", "shard-1-of-2", "records.jsonl"), bytes: 5 },
      { path: join("/runs", "metro-2", "records.jsonl"), bytes: 7 },
    ],
  };
  const text = findingsText(soundFindings(1, { made }), { folder: join("/runs", "metro") });
  assert.deepEqual(JSON.parse(text).made.files, [
    { path: "shard-1-of-2/records.jsonl", bytes: 5 },
    { path: "../metro-2/records.jsonl", bytes: 7 },
  ]);
});
