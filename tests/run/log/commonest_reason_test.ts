import assert from "node:assert/strict";
import { commonestReason } from "../../../src/run/log/commonest_reason.ts";
import type { RowRecord } from "../../../src/run/types.ts";
import { record } from "../fixtures.ts";

function failed(row: number, reason: string, fields: Partial<RowRecord> = {}): RowRecord {
  return record(row, { outcome: "failed", text: null, reason, ...fields });
}

function streamed(records: readonly RowRecord[]): AsyncIterable<RowRecord> {
  return ReadableStream.from(records);
}

const commonestOf = (...sources: RowRecord[][]) => commonestReason(sources.map(streamed));

Deno.test("the commonest reason is that of the most rows, over all sources", async () => {
  const one = [failed(0, "500 a"), failed(1, "500 b"), record(2)];
  const another = [failed(0, "500 a"), failed(1, "500 a", { outcome: "refused" }), record(2)];
  assert.deepEqual(await commonestOf(one, another), {
    outcome: "failed",
    reason: "500 a",
    rows: 2,
  });
});

Deno.test("where all rows are ok, or there are none, there is no reason", async () => {
  assert.equal(await commonestOf([record(0), record(1)]), null);
  assert.equal(await commonestOf([]), null);
  assert.equal(await commonestOf(), null);
});

Deno.test("reasons that name their rows are no burden, and the first ones are told", async () => {
  const records = Array.from({ length: 1_500 }, (_, row) => failed(row, `500 at ${row}`));
  assert.deepEqual(await commonestOf([...records, failed(1_500, "500 at 7")]), {
    outcome: "failed",
    reason: "500 at 7",
    rows: 2,
  });
});
