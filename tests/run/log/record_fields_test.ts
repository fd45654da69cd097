import assert from "node:assert/strict";
import { OWN_COLUMNS, RECORD_COLUMNS, recordSchema } from "../../../src/run/log/record_fields.ts";
import { record } from "../fixtures.ts";

/** With every field that a record may have. */
const whole = record(3, { batch: "batch_7" });

Deno.test("each field of a record has its column, in the record's order, but for the attributes", () => {
  const { attributes: _, ...rest } = whole;
  assert.deepEqual(
    RECORD_COLUMNS.map(({ prop: [field] }) => field),
    Object.keys(rest).flatMap((field) => field === "usage" ? [field, field] : [field]),
  );
  assert.deepEqual(RECORD_COLUMNS.map(({ header }) => header), [
    "row",
    "requested_words",
    "outcome",
    "text",
    "words",
    "reason",
    "model",
    "finish_reason",
    "input_tokens",
    "output_tokens",
    "cost",
    "attempts",
    "calls",
    "ms",
    "at",
    "batch",
  ]);
});

Deno.test("every field is checked, under its own name", () => {
  for (const field of Object.keys(whole)) {
    const wrong = recordSchema.safeParse({ ...whole, [field]: Symbol(field) });
    assert.deepEqual(wrong.error?.issues[0]?.path, [field]);
    const without = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== field));
    assert.equal(recordSchema.safeParse(without).success, field === "batch", field);
  }
});

Deno.test("our own columns are known by both their names", () => {
  const both = ["finishReason", "finish_reason", "usage", "input_tokens", "attributes", "part"];
  for (const name of both) assert(OWN_COLUMNS.has(name), name);
  assert(!OWN_COLUMNS.has("topic"));
});
