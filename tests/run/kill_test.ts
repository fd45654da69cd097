import assert from "node:assert/strict";
import { join } from "node:path";
import { readRun } from "../../src/run/read.ts";
import { startEndpoint } from "../endpoint.ts";
import { temporaryFolder } from "./fixtures.ts";

const ROWS = 600;
const KILLS = 4;
/** Calls in flight at each kill at most; what the child's model says. */
const CONCURRENCY = 16;

Deno.test("kill -9 loses no row, doubles none, and pays twice only for calls in flight", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ latencyMs: 15 });
  const start = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "-A", new URL("./generating.ts", import.meta.url).pathname]
        .concat(folder.path, endpoint.baseURL, String(ROWS)),
      stdout: "null",
    }).spawn();

  let mayBePaidTwice = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = start();
    const goal = endpoint.requests + 20 + Math.floor(Math.random() * 80);
    while (endpoint.requests < goal) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGKILL");
    await child.status;
    mayBePaidTwice += CONCURRENCY;
    const { counts } = await readRun("mine", { output: folder.path });
    assert.equal(counts.ok + counts.pending, ROWS);
    assert(counts.pending > 0);
    const lost = endpoint.requests - counts.ok;
    assert(lost <= mayBePaidTwice, `${lost} calls gave no record, ${mayBePaidTwice} in flight`);
    while (endpoint.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert((await start().status).success);

  const run = await readRun("mine", { output: folder.path });
  assert.deepEqual([run.counts.ok, run.counts.pending], [ROWS, 0]);
  const rows = await Array.fromAsync(run.rows(), ({ row }) => row);
  assert.deepEqual(rows.toSorted((a, b) => a - b), Array.from({ length: ROWS }, (_, row) => row));
  const lines = (await Deno.readTextFile(join(folder.path, "mine", "records.jsonl"))).split("\n");
  assert.equal(lines.length - 1, ROWS, "a row has two records");

  const calls = new Map<number, number>();
  for (const { body } of endpoint.log) {
    calls.set(body.seed ?? -1, (calls.get(body.seed ?? -1) ?? 0) + 1);
  }
  assert.equal(calls.size, ROWS);
  const paidTwice = endpoint.requests - ROWS;
  assert(paidTwice <= mayBePaidTwice, `${paidTwice} calls paid twice, ${mayBePaidTwice} in flight`);
});
