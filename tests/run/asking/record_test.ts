import assert from "node:assert/strict";
import { recordOf } from "../../../src/run/asking/record.ts";
import { recordSchema } from "../../../src/run/log/record_fields.ts";
import { reply } from "../fixtures.ts";

const item = { row: 17, attributes: { topic: "Delays", tone: "" }, requestedWords: 4 };
const options = {
  model: "openai:m",
  price: { input: 1, output: 2 },
  at: new Date("2026-01-31T12:00:00Z"),
};

Deno.test("a record holds what was asked, what came and what it took, in the log's order", () => {
  const record = recordOf(
    { item, reply: reply(), fault: null, attempts: 2, calls: 3, ms: 812.4 },
    options,
  );
  assert.equal(
    JSON.stringify(record),
    '{"row":17,"attributes":{"topic":"Delays","tone":""},"requestedWords":4,"outcome":"ok",' +
      '"text":"Where is my train?","words":4,"reason":null,"model":"m","finishReason":"stop",' +
      '"usage":{"input":100,"output":10},"cost":0.00012,"attempts":2,"calls":3,"ms":812,' +
      '"at":"2026-01-31T12:00:00.000Z"}',
  );
  assert.deepEqual(recordSchema.parse(record), record);
});

Deno.test("a failed row's record has nulls for what didn't come", () => {
  const fault = { kind: "passing" as const, reason: "timed out", status: null, retryAfterMs: null };
  const record = recordOf({ item, reply: null, fault, attempts: 4, calls: 4, ms: 9 }, options);
  assert.deepEqual(
    [record.outcome, record.reason, record.text, record.words, record.usage, record.cost],
    ["failed", "timed out", null, null, null, null],
  );
  assert.equal(record.model, "openai:m");
  assert.deepEqual(recordSchema.parse(record), record);
});

Deno.test("the cost is null where price or usage is unknown", () => {
  const asked = { item, fault: null, attempts: 1, calls: 1, ms: 1 };
  assert.equal(recordOf({ ...asked, reply: reply() }, { ...options, price: null }).cost, null);
  assert.equal(recordOf({ ...asked, reply: reply({ usage: null }) }, options).cost, null);
});

Deno.test("a row from a batch names it and costs what batches cost", () => {
  const asked = { item, reply: reply(), fault: null, attempts: 1, calls: 1, ms: 1 };
  const price = { input: 1, output: 2, batch: { input: 0.5, output: 1 } };
  const record = recordOf({ ...asked, batch: "batch_7" }, { ...options, price });
  assert.deepEqual([record.batch, record.cost], ["batch_7", 0.00006]);
  // Readers hand a record on in the order of its fields: it is the log's.
  assert.equal(JSON.stringify(recordSchema.parse(record)), JSON.stringify(record));
  // A price that isn't known for batches is no price for them.
  assert.equal(recordOf({ ...asked, batch: "batch_7" }, options).cost, null);
});
