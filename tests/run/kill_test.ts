import assert from "node:assert/strict";
import { join } from "node:path";
import { readRun } from "../../src/run/log/read.ts";
import { startEndpoint } from "../endpoint.ts";
import { temporaryFolder } from "./fixtures.ts";

const ROWS = 1_000;
const KILLS = 10;
/** After this one the log's last line is cut. */
const CUT_AFTER = Math.floor(Math.random() * KILLS);
/** Calls in flight at each kill at most; what the child's model says. */
const CONCURRENCY = 16;

Deno.test("kill -9 loses no row, doubles none, and pays twice only for calls in flight", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ latencyMs: 15 });
  const log = join(folder.path, "mine", "records.jsonl");
  const start = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "-A", new URL("./generating.ts", import.meta.url).pathname]
        .concat(folder.path, endpoint.baseURL, String(ROWS)),
      stdout: "null",
    }).spawn();

  // Calls that gave no record, and one that did but lost it again.
  let unrecorded = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = start();
    const goal = endpoint.requests + 5 + Math.floor(Math.random() * 75);
    while (endpoint.requests < goal) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGKILL");
    await child.status;
    while (endpoint.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const { counts } = await readRun("mine", { output: folder.path });
    assert.equal(counts.ok + counts.pending, ROWS);
    assert.ok(counts.pending > 0);
    const lost = endpoint.requests - unrecorded - counts.ok;
    assert.ok(lost >= 0 && lost <= CONCURRENCY, `${lost} calls without a record at kill ${kill}`);
    unrecorded += lost;
    if (kill === CUT_AFTER && counts.ok > 0) {
      const { size } = await Deno.stat(log);
      await Deno.truncate(log, size - 1 - Math.ceil(Math.random() * 100));
      const cut = await readRun("mine", { output: folder.path });
      assert.equal(cut.counts.ok, counts.ok - 1);
      unrecorded++;
    }
  }
  assert.ok((await start().status).success);

  const run = await readRun("mine", { output: folder.path });
  assert.deepEqual([run.counts.ok, run.counts.pending], [ROWS, 0]);
  const rows = await Array.fromAsync(run.rows(), ({ row }) => row);
  assert.deepEqual(rows.toSorted((a, b) => a - b), Array.from({ length: ROWS }, (_, row) => row));
  const lines = (await Deno.readTextFile(log)).split("\n");
  assert.equal(lines.length - 1, ROWS, "a row has two records");

  const asked = new Set(endpoint.log.map(({ body }) => body.seed));
  assert.equal(asked.size, ROWS);
  assert.equal(endpoint.requests - ROWS, unrecorded, "only calls without a record are paid again");
});
