import assert from "node:assert/strict";
import { join } from "node:path";
import { generate, type GenerateOptions } from "../../src/run/generate.ts";
import { readRun } from "../../src/run/read.ts";
import type { RowRecord } from "../../src/run/types.ts";
import { type BatchEndpoint, startBatchEndpoint } from "../batch_endpoint.ts";
import { config, endpointModel, temporaryFolder } from "./fixtures.ts";

/** Sleeps that take no time but let others work. */
const quick = {
  shortestWait: 5,
  longestWait: 20,
  listedAfter: 5,
  sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 0)),
};

async function start(
  output: string,
  endpoint: BatchEndpoint,
  options: Partial<GenerateOptions> = {},
) {
  const notes: string[] = [];
  const summary = await generate(config(), {
    model: endpointModel(endpoint.baseURL),
    output,
    run: "mine",
    batch: true,
    note: (message) => notes.push(message),
    ...options,
    batchLimits: { ...quick, ...options.batchLimits },
  });
  return { ...summary, notes: notes.join("\n") };
}

async function rowsOf(output: string): Promise<RowRecord[]> {
  const rows = await Array.fromAsync((await readRun("mine", { output })).rows());
  return rows.toSorted((a, b) => a.row - b.row);
}

Deno.test("a batch makes the rows that live calls make, at half the price", async () => {
  await using endpoint = await startBatchEndpoint();
  await using folder = await temporaryFolder();
  await using other = await temporaryFolder();
  const byBatch = await start(folder.path, endpoint, { count: 30 });
  assert.deepEqual([byBatch.stopped, byBatch.counts.ok, byBatch.openBatches], [
    null,
    30,
    undefined,
  ]);
  assert.equal(endpoint.batches.length, 1);
  const live = await start(other.path, endpoint, { count: 30, batch: false });
  const bare = ({ row, attributes, requestedWords, outcome, text, usage }: RowRecord) => ({
    row,
    attributes,
    requestedWords,
    outcome,
    text,
    usage,
  });
  const rows = await rowsOf(folder.path);
  assert.deepEqual(rows.map(bare), (await rowsOf(other.path)).map(bare));
  const [first, ...rest] = rows;
  assert.deepEqual([first?.batch, first?.cost], [undefined, 120e-6], "one row is asked live");
  for (const { batch, cost, ms } of rest) {
    assert.deepEqual([batch, cost, ms], ["batch_1", 60e-6, 60_000]);
  }
  assert.equal(byBatch.cost, 1_860e-6);
  assert.equal(live.cost, 3_600e-6);
  const sent = endpoint.batches[0]!.requests.map(({ id, body }) => ({ id, body }));
  const { stream: _, ...body } = endpoint.live[6]!;
  assert.deepEqual(sent.find(({ body: { seed } }) => seed === body.seed)?.body, body);
  assert.deepEqual([...new Set(endpoint.paid.values())], [2]);
});
