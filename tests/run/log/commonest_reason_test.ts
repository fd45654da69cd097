import assert from "node:assert/strict";
import { join } from "node:path";
import { commonestReason } from "../../../src/run/log/commonest_reason.ts";
import type { RowRecord } from "../../../src/run/types.ts";
import { record, temporaryFolder } from "../fixtures.ts";

function failed(row: number, reason: string, fields: Partial<RowRecord> = {}): RowRecord {
  return record(row, { outcome: "failed", text: null, reason, ...fields });
}

async function commonestOf(records: RowRecord[]) {
  await using folder = await temporaryFolder();
  const lines = records.map((each) => JSON.stringify(each) + "\n").join("");
  await Deno.writeTextFile(join(folder.path, "records.jsonl"), lines);
  return await commonestReason(folder.path);
}

Deno.test("the commonest reason is that of the most rows, by their newest records", async () => {
  assert.deepEqual(
    await commonestOf([
      failed(0, "500 a"),
      failed(1, "500 b"),
      failed(2, "500 b"),
      // Asked again, two rows have another reason.
      failed(1, "500 c"),
      failed(2, "500 c"),
      failed(3, "500 c", { outcome: "refused" }),
    ]),
    { outcome: "failed", reason: "500 c", rows: 2 },
  );
});

Deno.test("where all rows became ok, or there are none, there is no reason", async () => {
  assert.equal(await commonestOf([failed(0, "500 a"), record(0), record(1)]), null);
  assert.equal(await commonestOf([]), null);
});

Deno.test("reasons that name their rows are no burden, and the first ones are told", async () => {
  const records = Array.from({ length: 1_500 }, (_, row) => failed(row, `500 at ${row}`));
  assert.deepEqual(await commonestOf([...records, failed(1_500, "500 at 7")]), {
    outcome: "failed",
    reason: "500 at 7",
    rows: 2,
  });
});
