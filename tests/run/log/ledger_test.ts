import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "npm:fast-check@4.10.2";
import { UserError } from "../../../src/error.ts";
import { shardRows } from "../../../src/plan/shard.ts";
import { BATCHES_FILE, openLedger, readLedger } from "../../../src/run/log/ledger.ts";
import { rangesOf, rowsIn, sizeOf } from "../../../src/run/log/row_ranges.ts";
import { temporaryFolder } from "../fixtures.ts";

const rows = shardRows(100, null);
const options = { rows, now: () => Date.UTC(2026, 0, 31) };

function batchOf(key: string, first: number, last: number) {
  return {
    key,
    rows: [[first, last]] as [number, number][],
    sent: { parameters: ["seed", "max_tokens"], allowance: 0 },
    address: "http://127.0.0.1:8000/v1",
    plannedAt: options.now(),
  };
}

Deno.test("ranges hold just the rows that they were made of", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.nat(60)), (some) => {
    const ranges = rangesOf(some);
    assert.deepEqual([...rowsIn(ranges)], some.toSorted((a, b) => a - b));
    assert.equal(sizeOf(ranges), some.length);
  }));
});

Deno.test("a ledger tells which batches are open and how often rows were tried", async () => {
  await using folder = await temporaryFolder();
  const ledger = await openLedger(folder.path, options);
  assert.deepEqual([ledger.isEmpty, ledger.open], [true, []]);
  const planned = await ledger.planned(batchOf("a", 0, 9));
  // Nothing was sent of it: it is as if it weren't.
  assert.deepEqual((await readLedger(folder.path, rows)).open, []);
  await ledger.uploaded(planned, "file-1");
  assert.deepEqual((await readLedger(folder.path, rows)).open, [
    { ...batchOf("a", 0, 9), file: "file-1", batch: null },
  ]);
  await ledger.submitted(planned, "batch_1");
  const [open] = (await readLedger(folder.path, rows)).open;
  assert.equal(open?.batch, "batch_1");
  await ledger.ended(planned, "expired", [[3, 4]]);
  const again = await ledger.planned(batchOf("b", 3, 4));
  await ledger.uploaded(again, "file-2");
  await ledger.submitted(again, "batch_2");
  await ledger.ended(again, "completed", [[4, 4]]);
  // A batch that wasn't taken tried nothing.
  const failed = await ledger.planned(batchOf("c", 4, 4));
  await ledger.uploaded(failed, "file-3");
  await ledger.ended(failed, "failed", []);
  const read = await readLedger(folder.path, rows);
  assert.deepEqual([read.isEmpty, read.open, [...read.tries]], [false, [], [[4, 2]]]);
  assert.deepEqual([...ledger.tries], [[4, 2]]);
  ledger.close();
});

Deno.test("a torn last line is a step that wasn't taken, and is cut off by the next writer", async () => {
  await using folder = await temporaryFolder();
  const ledger = await openLedger(folder.path, options);
  const planned = await ledger.planned(batchOf("a", 0, 9));
  await ledger.uploaded(planned, "file-1");
  await ledger.submitted(planned, "batch_1");
  ledger.close();
  const path = join(folder.path, BATCHES_FILE);
  const { size } = await Deno.stat(path);
  await Deno.truncate(path, size - 9);
  assert.equal((await readLedger(folder.path, rows)).open[0]?.batch, null);
  const next = await openLedger(folder.path, options);
  await next.submitted(next.open[0]!, "batch_1");
  next.close();
  assert.equal((await readLedger(folder.path, rows)).open[0]?.batch, "batch_1");
});

Deno.test("a line that can't be understood stops with its number, exit 2", async () => {
  await using folder = await temporaryFolder();
  const ledger = await openLedger(folder.path, options);
  await ledger.planned(batchOf("a", 0, 9));
  ledger.close();
  const path = join(folder.path, BATCHES_FILE);
  const good = await Deno.readTextFile(path);
  const bad: [string, RegExp][] = [
    ["not JSON\n", /line 2: not JSON/],
    ['{"step": "flown", "key": "a"}\n', /line 2: no step of a batch/],
    ['{"step": "uploaded", "key": "z", "file": "f", "at": ""}\n', /no batch z was planned/],
    [good.replace("[[0,9]]", "[[0,100]]"), /row 100 is none of the 100 rows/],
  ];
  for (const [line, expected] of bad) {
    await Deno.writeTextFile(path, good + line);
    await assert.rejects(
      readLedger(folder.path, rows),
      (error) =>
        error instanceof UserError && error.exitCode === 2 && expected.test(error.message) &&
        error.message.includes(BATCHES_FILE),
    );
  }
});
