import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../../src/error.ts";
import { plan } from "../../../src/plan/plan.ts";
import { writeManifest } from "../../../src/run/log/manifest.ts";
import { readRun } from "../../../src/run/log/read.ts";
import type { RowRecord } from "../../../src/run/types.ts";
import { manifest, record, temporaryFolder } from "../fixtures.ts";

async function writeRun(output: string, count: number, records: RowRecord[], end = "\n") {
  await Deno.mkdir(join(output, "metro"), { recursive: true });
  await writeManifest(join(output, "metro"), manifest(count));
  const lines = records.map((each) => JSON.stringify(each)).join("\n");
  await Deno.writeTextFile(join(output, "metro", "records.jsonl"), lines + end);
}

Deno.test("each row's newest record counts, in the log's order", async () => {
  await using folder = await temporaryFolder();
  await writeRun(folder.path, 2_000, [
    record(1_999),
    record(0, { outcome: "failed" }),
    record(7),
    record(0, { outcome: "refused" }),
    record(0, { text: "newest" }),
  ]);
  const run = await readRun("metro", { output: folder.path });
  const rows = await Array.fromAsync(run.rows());
  assert.deepEqual(rows.map(({ row, text }) => [row, text]), [
    [1_999, "Text of row 1999"],
    [7, "Text of row 7"],
    [0, "newest"],
  ]);
  assert.deepEqual(await Array.fromAsync(run.rows()), rows);
  assert.deepEqual(run.counts, {
    planned: 2_000,
    ok: 3,
    refused: 0,
    filtered: 0,
    truncated: 0,
    empty: 0,
    failed: 0,
    pending: 1_997,
  });
  assert.deepEqual([run.name, run.manifest.count], ["metro", 2_000]);
});

Deno.test("a torn last line is left out, told, and left in the file", async () => {
  await using folder = await temporaryFolder();
  await writeRun(folder.path, 5, [record(0), record(1)], '\n{"row":2,"att');
  const path = join(folder.path, "metro", "records.jsonl");
  const before = await Deno.readFile(path);
  const told: string[] = [];
  const run = await readRun("metro", { output: folder.path, warn: (said) => told.push(said) });
  assert.equal((await Array.fromAsync(run.rows())).length, 2);
  assert.equal(told.length, 1);
  assert.match(told[0]!, /records\.jsonl: the last line is torn \(13 bytes\)/);
  assert.deepEqual(await Deno.readFile(path), before);
});

Deno.test("a bad line stops the reading unless it is to be skipped, then it is counted", async () => {
  await using folder = await temporaryFolder();
  await writeRun(folder.path, 5, [record(0), record(9), record(1)]);
  await assert.rejects(
    readRun("metro", { output: folder.path }),
    /line 2: row 9 is none of the 5 rows of this log \(0 to 4\)/,
  );
  const told: string[] = [];
  const run = await readRun("metro", {
    output: folder.path,
    skipBadLines: true,
    warn: (said) => told.push(said),
  });
  assert.equal((await Array.fromAsync(run.rows())).length, 2);
  assert.match(told.join(), /1 line that is no record is left out/);
});

Deno.test("rows that are written while it is read are left out", async () => {
  await using folder = await temporaryFolder();
  await writeRun(folder.path, 5, [record(0)]);
  const run = await readRun("metro", { output: folder.path });
  const path = join(folder.path, "metro", "records.jsonl");
  await Deno.writeTextFile(path, JSON.stringify(record(1)) + "\n", { append: true });
  assert.deepEqual((await Array.fromAsync(run.rows())).map(({ row }) => row), [0]);
});

Deno.test("a run without records has all rows pending", async () => {
  await using folder = await temporaryFolder();
  await writeRun(folder.path, 5, []);
  await Deno.remove(join(folder.path, "metro", "records.jsonl"));
  const run = await readRun("metro", { output: folder.path });
  assert.equal(run.counts.pending, 5);
  assert.deepEqual(await Array.fromAsync(run.rows()), []);
});

Deno.test("a folder without run.json is no run", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(join(folder.path, "metro"));
  await assert.rejects(readRun("metro", { output: folder.path }), UserError);
});

Deno.test("pending() gives what the rows without a record ask for, as planned", async () => {
  await using folder = await temporaryFolder();
  await writeRun(folder.path, 6, [record(4), record(1, { outcome: "failed" }), record(4)]);
  const run = await readRun("metro", { output: folder.path });
  const { config, seed, sampling } = run.manifest;
  const planned = plan(config, { seed, sampling });
  assert.deepEqual([...run.pending()], [0, 2, 3, 5].map(planned));
  assert.deepEqual([...run.pending()], [...run.pending()]);
  assert.equal([...run.pending()].length, run.counts.pending);
});

Deno.test("files names the logs with their lengths when the reading began", async () => {
  await using folder = await temporaryFolder();
  await writeRun(folder.path, 6, [record(4)]);
  const path = join(folder.path, "metro", "records.jsonl");
  const { size } = await Deno.stat(path);
  const run = await readRun("metro", { output: folder.path });
  await Deno.writeTextFile(path, JSON.stringify(record(1)) + "\n", { append: true });
  assert.deepEqual(run.files, [{ path, bytes: size }]);
  await Deno.remove(path);
  const { files } = await readRun("metro", { output: folder.path });
  assert.deepEqual(files, [{ path, bytes: 0 }]);
});
