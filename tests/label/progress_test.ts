import assert from "node:assert/strict";
import { progressOf } from "../../src/label/progress.ts";
import { withLabel } from "../../src/label/sheet.ts";
import { labelled, SHEET } from "./sheets.ts";

Deno.test("withLabel() and progressOf() count texts that have all their labels", () => {
  assert.deepEqual(progressOf(SHEET), { done: 0, rows: 2, labels: 1 });
  const about = { attribute: "additional_instruction", label: "no" };
  const more = withLabel(SHEET, labelled(4, about));
  assert.deepEqual(progressOf(more), { done: 1, rows: 2, labels: 2 });
  const less = withLabel(more, labelled(4, { ...about, label: null }));
  assert.deepEqual(less, SHEET);
});
