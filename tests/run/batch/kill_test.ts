import assert from "node:assert/strict";
import { join } from "node:path";
import { readRun } from "../../../src/run/log/read.ts";
import { type Mishap, startBatchEndpoint, type Step } from "../../batch_endpoint.ts";
import { temporaryFolder } from "../fixtures.ts";

const ROWS = 120;
/** Rows of one batch. */
const REQUESTS = 60;

/** Where a process is killed: at the call named, once its work is done or before. */
const KILLS: { at: string; step: Step; mishap: Mishap }[] = [
  { at: "an upload that isn't noted", step: "upload", mishap: "hang after" },
  { at: "a batch that isn't made", step: "create", mishap: "reset" },
  { at: "a batch that is made but not noted", step: "create", mishap: "hang after" },
  { at: "the second batch, made but not noted", step: "create", mishap: "hang after" },
  { at: "a look at an open batch", step: "retrieve", mishap: "hang after" },
  { at: "the middle of its results", step: "content", mishap: "stall" },
  { at: "the same results, asked for once more", step: "content", mishap: "hang after" },
];

Deno.test("kill -9 at any step: no row is lost or doubled, no batch is made twice", async () => {
  await using folder = await temporaryFolder();
  const log = join(folder.path, "mine", "records.jsonl");
  let armed: { step: Step; mishap: Mishap; reached: () => void } | null = null;
  await using endpoint = await startBatchEndpoint({
    mishap(step) {
      if (armed === null || armed.step !== step) return;
      const { mishap, reached } = armed;
      armed = null;
      reached();
      return mishap;
    },
  });
  const start = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "-A", new URL("./batching.ts", import.meta.url).pathname]
        .concat(folder.path, endpoint.baseURL, String(ROWS), String(REQUESTS)),
      stdout: "null",
    }).spawn();
  const recorded = async () =>
    await Deno.readTextFile(log).then((text) => text.split("\n").length - 1, () => 0);

  for (const { at, step, mishap } of KILLS) {
    const before = await recorded();
    const { promise, resolve } = Promise.withResolvers<void>();
    armed = { step, mishap, reached: resolve };
    const child = start();
    await promise;
    // The call's work is done; what came of half a file is being recorded.
    do await new Promise((resolve) => setTimeout(resolve, 20)); while (
      mishap === "stall" && await recorded() <= before
    );
    child.kill("SIGKILL");
    await child.status;
    const { counts } = await readRun("mine", { output: folder.path });
    assert.equal(counts.ok + counts.pending, ROWS);
    assert(counts.pending > 0, `nothing was left to do after the kill at ${at}`);
  }
  assert((await start().status).success);

  const lines = (await Deno.readTextFile(log)).trim().split("\n");
  const rows = lines.map((line) => JSON.parse(line).row).sort((a, b) => a - b);
  assert.deepEqual(rows, Array.from({ length: ROWS }, (_, row) => row));
  assert.deepEqual([endpoint.paid.size, ...new Set(endpoint.paid.values())], [ROWS, 1]);
  assert.deepEqual(endpoint.batches.map(({ requests }) => requests.length), [60, 59]);
});
