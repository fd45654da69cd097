import assert from "node:assert/strict";
import { join } from "node:path";
import { type BatchEndpoint, errorFor, startBatchEndpoint } from "../batch_endpoint.ts";
import {
  childrenOf,
  folderWithConfig,
  onlyRun,
  recordsIn,
  run,
  start,
  type Typed,
  until,
} from "./command_line.ts";

const ROWS = 30;
const WORDS = ["generate", "--config", "metro", "--output", "out", "--model", "openai:m"]
  .concat("--count", String(ROWS));
const price = { input: 1, output: 2 };
const windows = Deno.build.os === "windows";

function typedIn(folder: string, endpoint: BatchEndpoint): Typed {
  return { from: folder, env: { OPENAI_BASE_URL: endpoint.baseURL } };
}

/** Each row is there once and was paid once, in one batch. */
async function checkWhole(folder: string, endpoint: BatchEndpoint): Promise<void> {
  const rows = (await recordsIn(await onlyRun(join(folder, "out")))).map(({ row }) => row);
  assert.deepEqual(rows.sort((a, b) => a - b), [...Array(ROWS).keys()]);
  assert.deepEqual([endpoint.paid.size, ...new Set(endpoint.paid.values())], [ROWS, 1]);
  assert.equal(endpoint.batches.length, 1);
}

Deno.test({
  name: "Ctrl-C while a batch is waited for: exit 130, and the same command collects it",
  ignore: windows,
  async fn() {
    await using from = await folderWithConfig({ price });
    await using endpoint = await startBatchEndpoint({ looks: Infinity });
    const typed = typedIn(from.path, endpoint);
    const started = start([...WORDS, "--batch"], { ...typed, inGroup: true });
    await until("the batch is looked at", () => endpoint.counts.retrieve > 0);
    Deno.kill(-started.pid, "SIGINT");
    const { code, err } = await started.ended;
    assert.equal(code, 130, err);
    assert.match(err, /^One row is asked live first/m);
    assert.match(
      err,
      /^Interrupted\. The batch goes on at the endpoint and nothing is lost\. To collect: the same command\.$/m,
    );
    assert.match(err, /^30 planned = 1 ok \+ 29 pending/m);

    const live = await run(WORDS, typed);
    assert.equal(live.code, 2, live.err);
    assert.match(
      live.err,
      /has 1 batch open at the endpoint[^]*paid twice[^]*--batch[^]*--cancel-batch/,
    );

    endpoint.finish();
    const { code: second, err: said } = await run([...WORDS, "--batch"], typed);
    assert.equal(second, 0, said);
    assert.match(said, /^Going on with a batch of 29 rows\.$/m);
    assert.match(said, /^30 planned = 30 ok \+ 0 pending · \$0\.0019 →/m);
    await checkWhole(from.path, endpoint);
  },
});

Deno.test({
  name: "kill -9 while a batch is waited for: the same command collects it, with --json",
  ignore: windows,
  async fn() {
    await using from = await folderWithConfig({ price });
    await using endpoint = await startBatchEndpoint({ looks: Infinity });
    const typed = typedIn(from.path, endpoint);
    const started = start([...WORDS, "--batch"], typed);
    await until("the batch is looked at", () => endpoint.counts.retrieve > 0);
    const [child] = await childrenOf(started.pid);
    assert(child !== undefined);
    Deno.kill(child, "SIGKILL");
    assert.equal((await started.ended).code, 137);
    endpoint.finish();
    const { code, out, err } = await run([...WORDS, "--batch", "--json"], typed);
    assert.equal(code, 0, err);
    const { counts, cost } = JSON.parse(out);
    assert.deepEqual([counts.ok, counts.pending, cost], [ROWS, 0, 120e-6 + 29 * 60e-6]);
    await checkWhole(from.path, endpoint);
  },
});

Deno.test("--cancel-batch keeps what was answered and says how to go on", async () => {
  await using from = await folderWithConfig();
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  const typed = typedIn(from.path, endpoint);
  const started = start([...WORDS, "--batch"], typed);
  await until("the batch is looked at", () => endpoint.counts.retrieve > 0);
  started.kill("SIGTERM");
  assert.equal((await started.ended).code, 130);
  const { code, err } = await run([...WORDS, "--cancel-batch"], typed);
  assert.equal(code, 0, err);
  assert.match(err, /^Batch batch_1 is being cancelled/m);
  assert.match(err, /^30 planned = 16 ok \+ 14 pending/m);
  assert.match(err, /^15 rows that batches had answered were kept\.$/m);
  assert.match(err, /^For the pending ones: the same with --batch .*half price.*live calls\.$/m);
  assert.equal((await run(WORDS, typed)).code, 0);
  await checkWhole(from.path, endpoint);
});

Deno.test("a batch of rows that are asked again is told where nothing else is to do", async () => {
  await using from = await folderWithConfig();
  await using endpoint = await startBatchEndpoint({
    looks: Infinity,
    answer: ({ batch, body }) => batch === 0 && isOdd(body) ? errorFor(400, "Odd") : undefined,
  });
  const typed = typedIn(from.path, endpoint);
  await run(WORDS, typed);
  const started = start([...WORDS, "--batch", "--retry", "failed"], typed);
  await until("the batch is looked at", () => endpoint.counts.retrieve > 0);
  started.kill("SIGTERM");
  assert.equal((await started.ended).code, 130);
  const { err } = await run(WORDS, typed);
  assert.match(
    err,
    /^Nothing to do: 30 of 30 rows are there[^]*^1 batch is open.* add --batch\.$/m,
  );
});

Deno.test("models without batches are refused before anything is asked, exit 2", async () => {
  await using from = await folderWithConfig();
  for (const model of ["simulated:faithful", "local:smollm2-135m"]) {
    const words = ["generate", "--config", "metro", "--model", model, "--batch"];
    const { code, err } = await run(words, { from: from.path });
    assert.equal(code, 2, err);
    assert.match(err, new RegExp(`${model} has no batches[^]*Leave --batch out`));
  }
});

/** A third of the rows, by what they ask. */
function isOdd({ messages }: { messages?: unknown }): boolean {
  return JSON.stringify(messages).length % 3 === 0;
}
