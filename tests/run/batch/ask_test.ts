import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../../src/error.ts";
import { modelOf } from "../../../src/models/model.ts";
import { generate, type GenerateOptions } from "../../../src/run/generate.ts";
import { readRun } from "../../../src/run/log/read.ts";
import type { RowRecord } from "../../../src/run/types.ts";
import {
  type BatchEndpoint,
  type BatchRequest,
  completionFor,
  errorFor,
  type HeldBatch,
  startBatchEndpoint,
} from "../../batch_endpoint.ts";
import { config, endpointModel, temporaryFolder } from "../fixtures.ts";

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

/** Every row has one record, and no row was answered twice. */
async function checkWhole(output: string, endpoint: BatchEndpoint, rows: number): Promise<void> {
  const lines = (await Deno.readTextFile(join(output, "mine", "records.jsonl"))).trim().split("\n");
  const numbers = lines.map((line) => JSON.parse(line).row).sort((a, b) => a - b);
  assert.deepEqual(numbers, Array.from({ length: rows }, (_, row) => row));
  assert.deepEqual([endpoint.paid.size, ...new Set(endpoint.paid.values())], [rows, 1]);
}

Deno.test("rows are split into files by requests and by bytes, and all batches are open at once", async () => {
  await using endpoint = await startBatchEndpoint({ looks: 2 });
  await using folder = await temporaryFolder();
  let mostOpen = 0;
  const summary = await start(folder.path, endpoint, {
    count: 26,
    batchLimits: { requests: 10 },
    onProgress: ({ batches }) => mostOpen = Math.max(mostOpen, batches?.open ?? 0),
  });
  assert.equal(summary.counts.ok, 26);
  assert.deepEqual(endpoint.batches.map(({ requests }) => requests.length), [10, 10, 5]);
  assert.equal(mostOpen, 3);
  await checkWhole(folder.path, endpoint, 26);

  const bytes = endpoint.uploads[0]!.length;
  const more = { count: 60, batchLimits: { bytes } };
  assert.equal((await start(folder.path, endpoint, more)).counts.ok, 60);
  assert(endpoint.uploads.slice(3).every((text) => text.length <= bytes));
  assert(endpoint.batches.length >= 6);
  await checkWhole(folder.path, endpoint, 60);
});

Deno.test("requests that expired, failed or went missing are asked again in a next batch", async () => {
  const mishaps = new Map<string, "expired" | "missing" | { status: number; body: unknown }>([
    ["row-3", "expired"],
    ["row-4", "missing"],
    ["row-5", errorFor(500, "The server had an error")],
    ["row-6", errorFor(429, "Rate limit reached", { code: "rate_limit_exceeded" })],
  ]);
  await using endpoint = await startBatchEndpoint({
    answer: ({ id, attempt }) => attempt === 1 ? mishaps.get(id) : undefined,
    end: ({ number }) => number === 1 ? "expired" : "completed",
  });
  await using folder = await temporaryFolder();
  const { counts } = await start(folder.path, endpoint, { count: 12 });
  assert.deepEqual([counts.ok, counts.pending], [12, 0]);
  assert.deepEqual(endpoint.batches[1]?.requests.map(({ id }) => id), [...mishaps.keys()]);
  const rows = await rowsOf(folder.path);
  assert.deepEqual(rows.map(({ attempts }) => attempts), [1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 1]);
  assert.equal(rows[5]?.batch, "batch_2");
  await checkWhole(folder.path, endpoint, 12);
});

Deno.test("a row that is never answered while others are fails after four tries", async () => {
  await using endpoint = await startBatchEndpoint({
    answer: ({ id }) => id === "row-3" ? errorFor(500, "The server had an error") : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts, stopped } = await start(folder.path, endpoint, { count: 6 });
  assert.deepEqual([counts.ok, counts.failed, stopped], [5, 1, null]);
  assert.equal(endpoint.batches.length, 4);
  const row = (await rowsOf(folder.path))[3];
  assert.deepEqual([row?.attempts, row?.reason], [4, "500 The server had an error"]);
  // Nothing that ended is asked again, but where it is asked for, and then with four tries anew.
  assert.equal((await start(folder.path, endpoint)).asked, 0);
  const again = await start(folder.path, endpoint, { retry: ["failed"] });
  assert.deepEqual([again.asked, again.counts.failed, endpoint.batches.length], [1, 1, 8]);
});

Deno.test("rows that are never answered fail after four tries, though they are many", async () => {
  await using endpoint = await startBatchEndpoint({
    looks: 2,
    answer: ({ body, batch }) =>
      batch > 0 && Number(body.seed) % 3 === 0
        ? errorFor(500, "The server had an error")
        : undefined,
  });
  await using folder = await temporaryFolder();
  // What a batch answered counts in a later start too.
  const first = await interrupted(folder.path, endpoint, { count: 60 });
  assert.deepEqual(first.openBatches, ["batch_1"]);
  const stop = new AbortController();
  const second = await start(folder.path, endpoint, {
    signal: stop.signal,
    note: (message) => message.startsWith("Batch batch_3") && stop.abort(),
  });
  assert.deepEqual(second.openBatches, ["batch_3"]);
  const { counts, stopped } = await start(folder.path, endpoint);
  assert(counts.failed > 10 && counts.ok > 30, `${counts.failed} failed`);
  assert.deepEqual([counts.pending, stopped, endpoint.batches.length], [0, null, 4]);
});

Deno.test("an endpoint that answers no row of a batch leaves them pending, exit 3", async () => {
  await using endpoint = await startBatchEndpoint({
    answer: ({ batch }) => batch > 0 ? errorFor(500, "The server had an error") : undefined,
  });
  await using folder = await temporaryFolder();
  const first = { count: 1, batch: false };
  await start(folder.path, endpoint, first);
  // The one row that was answered live doesn't tell that batches are.
  const { counts, stopped, openBatches } = await start(folder.path, endpoint, { count: 9 });
  assert.deepEqual([counts.ok, counts.pending, openBatches], [1, 8, undefined]);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /answered no row of batch batch_4[^]*500[^]*pending/);
});

Deno.test("where the row that is asked live is rejected, no batch is made and all stay pending", async () => {
  await using endpoint = await startBatchEndpoint({
    answer: () => ({ status: 400, body: { error: { message: "This account is not set up" } } }),
  });
  await using folder = await temporaryFolder();
  const { counts, stopped } = await start(folder.path, endpoint, { count: 31 });
  assert.deepEqual([counts.pending, endpoint.batches.length], [31, 0]);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /rejected the only row: .*This account is not set up/);
});

Deno.test("a refused parameter is learned from one row live, before a batch is made", async () => {
  await using endpoint = await startBatchEndpoint({
    answer: ({ body }) => "seed" in body ? unsupported("seed") : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts, notes } = await start(folder.path, endpoint, { count: 5 });
  assert.equal(counts.ok, 5);
  assert.match(notes, /One row is asked live first[^]*openai:m doesn't take seed: it is left out/);
  assert.equal(endpoint.batches.length, 1);
});

Deno.test("a parameter that only batches refuse is learned once, kept, and the rows asked again", async () => {
  await using endpoint = await startBatchEndpoint({
    answer: ({ body, batch }) =>
      batch > 0 && "max_tokens" in body
        ? unsupported("max_tokens", "max_completion_tokens")
        : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts, notes } = await start(folder.path, endpoint, { count: 9 });
  assert.deepEqual([counts.ok, counts.pending, endpoint.batches.length], [9, 0, 2]);
  assert.equal(notes.match(/doesn't take max_tokens/g)?.length, 1);
  const { parameters } = JSON.parse(
    await Deno.readTextFile(join(folder.path, "mine", "run.json")),
  );
  assert.deepEqual(parameters.replaced, { max_tokens: "max_completion_tokens" });
  const rows = await rowsOf(folder.path);
  assert.deepEqual([...new Set(rows.map(({ attempts }) => attempts))], [1]);
});

Deno.test("a batch that is refused as a whole for a parameter is made again without it", async () => {
  await using endpoint = await startBatchEndpoint({
    refuse: ({ requests }) =>
      "top_p" in requests[0]!.body || "frequency_penalty" in requests[0]!.body
        ? [{ code: "invalid_request", message: "Unsupported", param: "frequency_penalty", line: 1 }]
        : null,
  });
  await using folder = await temporaryFolder();
  const { counts } = await start(folder.path, endpoint, { count: 9 });
  assert.deepEqual([counts.ok, endpoint.batches.length], [9, 2]);
});

Deno.test("a model without a system role gets one message in batch lines too, once it is learned", async () => {
  const roles: string[][] = [];
  await using endpoint = await startBatchEndpoint({
    answer: ({ body, batch }) => {
      const each = body.messages?.map(({ role }) => role) ?? [];
      if (batch > 0) roles.push(each);
      return batch > 0 && each.includes("system")
        ? errorFor(400, "System role not supported")
        : undefined;
    },
  });
  await using folder = await temporaryFolder();
  const { counts, notes } = await start(folder.path, endpoint, { count: 4 });
  assert.deepEqual([counts.ok, endpoint.batches.length], [4, 2]);
  assert.deepEqual(roles, [...Array(3).fill(["system", "user"]), ...Array(3).fill(["user"])]);
  assert.match(notes, /doesn't take system messages/);
});

Deno.test("an answer of a batch that isn't whole is asked again, never ok", async () => {
  let broken = 0;
  await using endpoint = await startBatchEndpoint({
    answer: ({ id, body, batch }) =>
      batch === 1 && id === "row-2" && ++broken > 0
        ? { status: 200, body: completionFor(body, { text: "Where", finishReason: "abort" }) }
        : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts } = await start(folder.path, endpoint, { count: 4 });
  assert.deepEqual([counts.ok, broken, endpoint.batches.length], [4, 1, 2]);
});

Deno.test("a model that turns out to think gets wider caps in the next batch", async () => {
  const thinking = ({ body, batch }: BatchRequest) =>
    batch > 0 && Number(body.max_tokens) < 8000
      ? {
        status: 200,
        body: completionFor(body, {
          text: "",
          finishReason: "length",
          usage: {
            prompt_tokens: 9,
            completion_tokens: 9,
            completion_tokens_details: { reasoning_tokens: 9 },
          },
        }),
      }
      : undefined;
  await using endpoint = await startBatchEndpoint({ answer: thinking });
  await using folder = await temporaryFolder();
  const { counts, notes } = await start(folder.path, endpoint, { count: 4 });
  assert.deepEqual([counts.ok, counts.truncated, endpoint.batches.length], [4, 0, 2]);
  assert.match(notes, /8192 for hidden reasoning/);
});

Deno.test("filters and rejected rows end where they are", async () => {
  const filter = errorFor(400, "The response was filtered", { code: "content_filter" });
  await using endpoint = await startBatchEndpoint({
    answer: ({ id }) =>
      id === "row-2" ? filter : id === "row-3" ? errorFor(400, "This row is odd") : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts } = await start(folder.path, endpoint, { count: 8 });
  assert.deepEqual([counts.ok, counts.filtered, counts.failed], [6, 1, 1]);
  assert.equal(endpoint.batches.length, 1);
  const rows = await rowsOf(folder.path);
  assert.match(rows[2]?.reason ?? "", /filtered/);
  assert.match(rows[3]?.reason ?? "", /400 This row is odd/);
});

Deno.test("where nearly all rows of a batch are rejected they stay pending, exit 3", async () => {
  await using endpoint = await startBatchEndpoint({
    answer: ({ batch }) => batch > 0 ? errorFor(400, "No batch rows here") : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts, stopped } = await start(folder.path, endpoint, { count: 40 });
  assert.deepEqual([counts.ok, counts.failed, counts.pending], [1, 0, 39]);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /rejected 39 of the 39 rows of batch batch_1[^]*No batch rows/);
});

Deno.test("a fault that no row comes past stops the run after the batch is collected, exit 3", async () => {
  await using endpoint = await startBatchEndpoint({
    answer: ({ id }) =>
      id === "row-5" ? errorFor(401, "Incorrect API key", { code: "invalid_api_key" }) : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts, stopped } = await start(folder.path, endpoint, { count: 9 });
  assert.deepEqual([counts.ok, counts.pending], [8, 1]);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /OPENAI_API_KEY/);
});

Deno.test("odd lines, foreign and doubled results and huge lines change nothing", async () => {
  await using endpoint = await startBatchEndpoint({
    results: (lines, kind) =>
      kind === "error" ? lines : [
        "not JSON",
        '{"custom_id": 7}',
        '{"custom_id": "row-0", "response": {"status_code": 200, "body": {}}}',
        '{"custom_id": "row-999", "response": null, "error": {"code": "x"}}',
        '{"custom_id": "row-01", "response": null, "error": {"code": "x"}}',
        JSON.stringify({ custom_id: "row-1", text: "x".repeat(20 * 1024 * 1024) }),
        "",
        ...lines.map((line) => line.replace(/,"usage":\{[^}]*\}/, "")),
        lines[0]!.replace("Text for", "Another text for"),
      ],
  });
  await using folder = await temporaryFolder();
  const { counts, notes } = await start(folder.path, endpoint, { count: 5 });
  assert.deepEqual([counts.ok, counts.failed], [5, 0]);
  assert.match(notes, /batch_1: 4 lines of its results are none/);
  const rows = await rowsOf(folder.path);
  assert(rows.every(({ text }) => text?.startsWith("Text for")));
  assert.deepEqual(rows.slice(1).map(({ usage, cost }) => usage ?? cost), [null, null, null, null]);
  await checkWhole(folder.path, endpoint, 5);
});

Deno.test("an endpoint that is away while it has a batch is waited for, also with its results", async () => {
  await using endpoint = await startBatchEndpoint({
    mishap: (step, times) => {
      if (step === "retrieve" && times <= 12) return { status: times % 2 ? 500 : 429 };
      if (step === "content" && times <= 4) return times % 2 ? "half" : { status: 503 };
      return step === "retrieve" && times === 13 ? "reset" : undefined;
    },
  });
  await using folder = await temporaryFolder();
  const { counts, notes } = await start(folder.path, endpoint, { count: 20 });
  assert.deepEqual([counts.ok, endpoint.batches.length], [20, 1]);
  assert.match(notes, /doesn't answer now \(429 Scripted 429\)\. Waiting for it: nothing is lost/);
  await checkWhole(folder.path, endpoint, 20);
});

Deno.test("Retry-After is kept to while a batch is looked at", async () => {
  const slept: number[] = [];
  await using endpoint = await startBatchEndpoint({
    mishap: (step, times) =>
      step === "retrieve" && times === 1
        ? { status: 429, headers: { "retry-after": "77" } }
        : undefined,
  });
  await using folder = await temporaryFolder();
  const sleep = (milliseconds: number) => {
    slept.push(milliseconds);
    return Promise.resolve();
  };
  await start(folder.path, endpoint, { count: 3, batchLimits: { sleep } });
  assert(slept.includes(77_000));
});

Deno.test("a long Retry-After is kept to whole, told at once, and counts as no fault", async () => {
  const slept: number[] = [];
  const held: (number | undefined)[] = [];
  const limited: string[] = [];
  await using endpoint = await startBatchEndpoint({
    mishap: (step) => {
      if (step === "upload" || step === "create") limited.push(step);
      return (step === "upload" || step === "create") && limited.length % 11 !== 0
        ? { status: 429, headers: { "retry-after": "7200" } }
        : undefined;
    },
  });
  await using folder = await temporaryFolder();
  const { counts, notes } = await start(folder.path, endpoint, {
    count: 3,
    now: () => Date.UTC(2026, 0, 31, 12),
    onProgress: ({ heldUntil }) => held.push(heldUntil),
    batchLimits: {
      sleep: (milliseconds) => {
        slept.push(milliseconds);
        return Promise.resolve();
      },
    },
  });
  assert.deepEqual([counts.ok, limited.length], [3, 22]);
  assert.equal(slept.filter((milliseconds) => milliseconds === 7_200_000).length, 20);
  assert.match(notes, /asks to wait until \d\d:\d\d:\d\d \(429/);
  assert(held.includes(Date.UTC(2026, 0, 31, 14)));
  assert.equal(held.at(-1), undefined);
});

Deno.test("a batch that the endpoint put off is no open one", async () => {
  await using endpoint = await startBatchEndpoint({
    mishap: (step) => step === "create" ? { status: 429 } : undefined,
  });
  await using folder = await temporaryFolder();
  const first = await interrupted(folder.path, endpoint, { count: 9 });
  assert.deepEqual([first.stopped, first.openBatches], ["interrupted", undefined]);
  const second = await start(folder.path, endpoint, { batch: false });
  assert.deepEqual([second.counts.ok, endpoint.batches.length], [9, 0]);
});

Deno.test("looks at a batch grow rarer from five seconds to a minute", async () => {
  const slept: number[] = [];
  await using endpoint = await startBatchEndpoint({ looks: 12 });
  await using folder = await temporaryFolder();
  const sleep = (milliseconds: number) => {
    slept.push(milliseconds);
    return Promise.resolve();
  };
  const model = endpointModel(endpoint.baseURL);
  await generate(config(), {
    model,
    output: folder.path,
    count: 3,
    batch: true,
    batchLimits: { sleep },
  });
  assert.deepEqual([slept[0], slept[1], slept.at(-1), slept.length], [5_000, 7_500, 60_000, 11]);
});

for (const mishap of ["reset after", "reset", "hang after"] as const) {
  Deno.test(`a batch is made once where the call that makes it ends in a ${mishap}`, async () => {
    await using endpoint = await startBatchEndpoint({
      mishap: (step, times) => step === "create" && times === 1 ? mishap : undefined,
    });
    await using folder = await temporaryFolder();
    const settings = { ...config().settings, timeout: 0.2 };
    const model = modelOf({ provider: "openai", name: "m", origin: "test" }, {
      env: { OPENAI_BASE_URL: endpoint.baseURL },
      settings,
      project: ".",
    });
    const { counts } = await start(folder.path, endpoint, { count: 7, model });
    assert.deepEqual([counts.ok, endpoint.batches.length], [7, 1]);
    await checkWhole(folder.path, endpoint, 7);
  });
}

Deno.test("a batch is found by its key among others, page by page", async () => {
  await using endpoint = await startBatchEndpoint({
    looks: Infinity,
    mishap: (step, times) => step === "create" && times === 2 ? "reset after" : undefined,
    // What tells of its file isn't there: only the key does.
    told: (batch) => ({ ...batch, input_file_id: null }),
  });
  await using folder = await temporaryFolder();
  const progress = () => {
    if (endpoint.batches.length === 7) endpoint.finish();
  };
  const limits = { requests: 3, sleep: () => Promise.resolve(progress()) };
  const { counts } = await start(folder.path, endpoint, { count: 22, batchLimits: limits });
  assert.deepEqual([counts.ok, endpoint.batches.length], [22, 7]);
  await checkWhole(folder.path, endpoint, 22);
});

Deno.test("an upload that fails is tried again, and a slow file is waited for", async () => {
  await using endpoint = await startBatchEndpoint({
    slowFiles: true,
    mishap: (step, times) => step === "upload" && times < 3 ? { status: 502 } : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts } = await start(folder.path, endpoint, { count: 4 });
  assert.deepEqual([counts.ok, endpoint.batches.length], [4, 1]);
});

Deno.test("a full line makes batches wait for others, and smaller where there are none", async () => {
  const limit = (batch: HeldBatch, all: readonly HeldBatch[]) => {
    const open = all.filter(({ status, number }) =>
      status === "in_progress" && number !== batch.number
    );
    const rows = open.reduce((sum, { requests }) => sum + requests.length, batch.requests.length);
    const message = "Enqueued token limit reached for m. Please try again once some are done.";
    return rows > 8 ? [{ code: "token_limit_exceeded", message, line: null }] : null;
  };
  await using endpoint = await startBatchEndpoint({ refuse: limit, looks: 2 });
  await using folder = await temporaryFolder();
  const waits = { requests: 6, ...quick };
  const one = await start(folder.path, endpoint, { count: 19, batchLimits: waits });
  assert.deepEqual([one.counts.ok, one.stopped], [19, null]);
  assert.match(one.notes, /takes no more in its line now: the next batch waits/);
  await checkWhole(folder.path, endpoint, 19);
  const two = await start(folder.path, endpoint, { count: 60 });
  assert.deepEqual([two.counts.ok, two.stopped], [60, null]);
  assert.match(two.notes, /the next batch has 21 rows/);
  await checkWhole(folder.path, endpoint, 60);
});

Deno.test("a line that has no room for one row ends the run, exit 3", async () => {
  await using endpoint = await startBatchEndpoint({
    mishap: (step) =>
      step === "create"
        ? { status: 429, body: errorFor(429, "Enqueued token limit reached for m.").body }
        : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts, stopped } = await start(folder.path, endpoint, { count: 9 });
  assert.deepEqual([counts.ok, counts.pending], [1, 8]);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /no batch of even one row/);
});

Deno.test("a batch that fails as a whole leaves its rows pending, exit 3, with the reason", async () => {
  const refusals = [
    [{ code: "model_not_found", message: "The model m doesn't exist" }, /check --model/],
    [{ code: "billing_hard_limit_reached", message: "Billing" }, /no credit is left/],
    [
      { code: "invalid_json_line", message: "This line is odd", line: 3 },
      /odd \(line 3 of its file\)/,
    ],
  ] as const;
  for (const [error, expected] of refusals) {
    await using endpoint = await startBatchEndpoint({ refuse: () => [error] });
    await using folder = await temporaryFolder();
    const { counts, stopped, openBatches } = await start(folder.path, endpoint, { count: 9 });
    assert.deepEqual([counts.ok, counts.pending, openBatches], [1, 8, undefined]);
    assert(stopped !== null && stopped !== "interrupted");
    assert.match(stopped.message, expected);
  }
});

Deno.test("an endpoint without files or batches is told, exit 3, and nothing but one row was asked", async () => {
  for (const step of ["upload", "create"]) {
    await using endpoint = await startBatchEndpoint({
      mishap: (each) => each === step ? { status: 404, body: { detail: "Not Found" } } : undefined,
    });
    await using folder = await temporaryFolder();
    const { stopped, counts } = await start(folder.path, endpoint, { count: 9 });
    assert(stopped !== null && stopped !== "interrupted");
    assert.match(stopped.message, /offers no batches[^]*Leave --batch out/);
    assert.deepEqual([counts.ok, counts.pending], [1, 8]);
    assert.equal((await start(folder.path, endpoint, { batch: false })).counts.ok, 9);
  }
});

Deno.test("a refused key stops before a batch is made; at a look the batch stays open", async () => {
  await using endpoint = await startBatchEndpoint({
    mishap: (step, times) => step === "retrieve" && times === 1 ? { status: 401 } : undefined,
  });
  await using folder = await temporaryFolder();
  const { stopped, openBatches } = await start(folder.path, endpoint, { count: 9 });
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /OPENAI_API_KEY/);
  assert.deepEqual(openBatches, ["batch_1"]);
  const { counts, notes } = await start(folder.path, endpoint);
  assert.deepEqual([counts.ok, endpoint.batches.length], [9, 1]);
  assert.match(notes, /Going on with a batch of 8 rows/);
});

Deno.test("a batch that was cancelled elsewhere is collected, its rest pending, exit 3", async () => {
  await using endpoint = await startBatchEndpoint({
    looks: Infinity,
  });
  await using folder = await temporaryFolder();
  const sleep = () => {
    endpoint.batches[0]!.status = "cancelling";
    return Promise.resolve();
  };
  const { counts, stopped } = await start(folder.path, endpoint, {
    count: 21,
    batchLimits: { sleep },
  });
  assert.deepEqual([counts.ok, counts.pending], [11, 10]);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /batch_1 was cancelled at the endpoint[^]*same command/);
  endpoint.finish();
  assert.equal((await start(folder.path, endpoint)).counts.ok, 21);
  await checkWhole(folder.path, endpoint, 21);
});

/** A run that was stopped while its batch was open. */
async function interrupted(
  output: string,
  endpoint: BatchEndpoint,
  options: Partial<GenerateOptions> = {},
) {
  const stop = new AbortController();
  return await start(output, endpoint, {
    signal: stop.signal,
    ...options,
    batchLimits: {
      ...options.batchLimits,
      sleep: () => {
        stop.abort();
        return Promise.resolve();
      },
    },
  });
}

Deno.test("a stop leaves the batch to the endpoint, and the same call collects it", async () => {
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  await using folder = await temporaryFolder();
  const first = await interrupted(folder.path, endpoint, { count: 9 });
  assert.deepEqual([first.stopped, first.openBatches, first.counts.ok], [
    "interrupted",
    ["batch_1"],
    1,
  ]);
  // More rows may be wanted meanwhile.
  endpoint.finish();
  const second = await start(folder.path, endpoint, { count: 15 });
  assert.deepEqual([second.counts.ok, second.openBatches], [15, undefined]);
  assert.deepEqual(endpoint.batches.map(({ requests }) => requests.length), [8, 6]);
  await checkWhole(folder.path, endpoint, 15);
});

Deno.test("a stop in the middle of the results loses none and asks none again", async () => {
  await using endpoint = await startBatchEndpoint();
  await using folder = await temporaryFolder();
  const stop = new AbortController();
  const first = await start(folder.path, endpoint, {
    count: 20,
    signal: stop.signal,
    onRecord: (_, { asked }) => asked === 8 && stop.abort(),
  });
  assert.deepEqual([first.stopped, first.counts.ok], ["interrupted", 8]);
  const second = await start(folder.path, endpoint);
  assert.deepEqual([second.counts.ok, endpoint.batches.length], [20, 1]);
  await checkWhole(folder.path, endpoint, 20);
});

Deno.test("rows asked again by a batch are collected, also by a start that doesn't retry", async () => {
  let works = false;
  await using endpoint = await startBatchEndpoint({
    answer: ({ body, batch }) =>
      !works && batch > 0 && Number(body.seed) % 2 === 0 ? errorFor(400, "Odd") : undefined,
  });
  await using folder = await temporaryFolder();
  const { counts } = await start(folder.path, endpoint, { count: 40 });
  assert(counts.failed > 10 && counts.pending === 0, `${counts.failed}`);
  works = true;
  const stop = new AbortController();
  const first = await start(folder.path, endpoint, {
    retry: ["failed"],
    signal: stop.signal,
    onRecord: (_, { asked }) => asked === 3 && stop.abort(),
  });
  assert.deepEqual([first.stopped, first.openBatches], ["interrupted", ["batch_2"]]);
  // Nothing is left to ask live, and the batch is told.
  const live = await start(folder.path, endpoint, { batch: false });
  assert.deepEqual([live.asked, live.stopped, live.openBatches], [0, null, ["batch_2"]]);
  const second = await start(folder.path, endpoint);
  assert.deepEqual([second.asked, second.counts.ok], [counts.failed - 3, 40]);
  assert.deepEqual([second.stopped, second.openBatches], [null, undefined]);
  assert.deepEqual([...new Set(endpoint.paid.values())], [1]);
});

Deno.test("a run with an open batch isn't asked live; --cancel-batch keeps what is answered", async () => {
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  await using folder = await temporaryFolder();
  await interrupted(folder.path, endpoint, { count: 21 });
  await assert.rejects(
    start(folder.path, endpoint, { batch: false }),
    (error) =>
      error instanceof UserError && error.exitCode === 2 &&
      /1 batch open[^]*paid twice[^]*--batch[^]*--cancel-batch/.test(error.message),
  );
  assert.equal(endpoint.live.length, 1);
  // A refused start changes nothing, whatever count it was given.
  const manifest = () => Deno.readTextFile(join(folder.path, "mine", "run.json"));
  const before = await manifest();
  await assert.rejects(
    start(folder.path, endpoint, { batch: false, count: 5_000 }),
    /1 batch open/,
  );
  assert.equal(await manifest(), before);
  const cancelled = await start(folder.path, endpoint, { batch: false, cancelBatch: true });
  assert.deepEqual([cancelled.stopped, cancelled.counts.ok, cancelled.counts.pending], [
    null,
    11,
    10,
  ]);
  assert.deepEqual([cancelled.openBatches, endpoint.batches.length], [undefined, 1]);
  // Nothing is left to cancel then, and the rest may be asked live.
  assert.equal((await start(folder.path, endpoint, { cancelBatch: true })).asked, 0);
  assert.equal((await start(folder.path, endpoint, { batch: false })).counts.ok, 21);
  await checkWhole(folder.path, endpoint, 21);
});

Deno.test("a batch of a config that has changed is told of, and ended as it was asked for", async () => {
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  await using folder = await temporaryFolder();
  await interrupted(folder.path, endpoint, { count: 21 });
  const before = await rowsOf(folder.path);
  const changed = { ...config(), context: "Another bank", length: null };
  const again = (options: Partial<GenerateOptions>) => {
    const notes: string[] = [];
    return generate(changed, {
      model: endpointModel(endpoint.baseURL),
      output: folder.path,
      run: "mine",
      batchLimits: quick,
      note: (message) => notes.push(message),
      ...options,
    }).then((summary) => ({ ...summary, notes: notes.join("\n") }));
  };
  await assert.rejects(
    again({ batch: true }),
    /otherwise[^]*1 batch open[^]*--run mine --cancel-batch/,
  );
  const other = await again({ run: "new", count: 1 });
  assert.match(other.notes, /to be paid as well, of: mine\./);
  const { stopped, counts, openBatches } = await again({ cancelBatch: true });
  assert.deepEqual([stopped, counts.ok, counts.pending, openBatches], [null, 11, 10, undefined]);
  const { config: kept } = (await readRun("mine", { output: folder.path })).manifest;
  assert.deepEqual(kept, config());
  // What was asked for is told as it was, not as the config says by now.
  const rows = await rowsOf(folder.path);
  assert.deepEqual(rows.filter(({ row }) => row === 0), before);
  assert(rows.every(({ requestedWords }) => requestedWords !== null));
});

Deno.test("where there is no run there is no batch to cancel: exit 2, and nothing is made", async () => {
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  await using folder = await temporaryFolder();
  const cancel = (run: string) => start(folder.path, endpoint, { cancelBatch: true, run });
  const isRefused = (pattern: RegExp) => (error: unknown) =>
    error instanceof UserError && error.exitCode === 2 && pattern.test(error.message);
  await assert.rejects(cancel("other"), isRefused(/no run other in [^]*No run of the same config/));
  await interrupted(folder.path, endpoint, { count: 21 });
  await assert.rejects(cancel("other"), isRefused(/batches open in: mine\./));
  const names = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
  assert.deepEqual(names, ["mine"]);
});

Deno.test("a batch that its endpoint doesn't know is given up only where that is asked for", async () => {
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  await using folder = await temporaryFolder();
  await interrupted(folder.path, endpoint, { count: 9 });
  await using other = await startBatchEndpoint();
  const { stopped } = await start(folder.path, other);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /doesn't know batch batch_1, which was submitted at http/);
  assert.equal(other.batches.length, 0);
  const given = await start(folder.path, other, { cancelBatch: true });
  assert.deepEqual([given.openBatches, given.counts.pending], [undefined, 8]);
  assert.equal((await start(folder.path, other)).counts.ok, 9);
});

/** A run whose process ended while its batch was being made: whether it was, isn't noted. */
async function endedInMaking(
  output: string,
  endpoint: BatchEndpoint,
  options: Partial<GenerateOptions> = {},
) {
  await interrupted(output, endpoint, options);
  const ledger = join(output, "mine", "batches.jsonl");
  const lines = (await Deno.readTextFile(ledger)).split("\n");
  await Deno.writeTextFile(ledger, lines.filter((line) => !line.includes("submitted")).join("\n"));
}

Deno.test("a batch that may have been made at another address isn't made once more", async () => {
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  await using folder = await temporaryFolder();
  await endedInMaking(folder.path, endpoint, { count: 9 });
  await using other = await startBatchEndpoint();
  const { stopped, counts } = await start(folder.path, other);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /file file-1 was made isn't known[^]*--cancel-batch/);
  assert(stopped.message.includes(endpoint.baseURL), stopped.message);
  assert.deepEqual([counts.pending, other.batches.length, other.live.length], [8, 0, 0]);
  await using copy = await temporaryFolder();
  await Deno.mkdir(join(copy.path, "mine"));
  for await (const { name } of Deno.readDir(join(folder.path, "mine"))) {
    await Deno.copyFile(join(folder.path, "mine", name), join(copy.path, "mine", name));
  }
  endpoint.finish();
  assert.equal((await start(folder.path, endpoint)).counts.ok, 9);
  await checkWhole(folder.path, endpoint, 9);
  const given = await start(copy.path, other, { cancelBatch: true });
  assert.match(given.notes, /file file-1 [^\n]* It is given up/);
  assert.deepEqual([given.stopped, given.openBatches, given.counts.pending], [null, undefined, 8]);
});

Deno.test("of a batch that may have been made no more is said before a run is asked live", async () => {
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  await using folder = await temporaryFolder();
  await endedInMaking(folder.path, endpoint, { count: 9 });
  await assert.rejects(
    start(folder.path, endpoint, { batch: false }),
    /has 1 batch that may have been submitted: asked live/,
  );
});

Deno.test("a batch whose endpoint has no list of batches any more can be given up", async () => {
  let absent = false;
  await using endpoint = await startBatchEndpoint({
    looks: Infinity,
    mishap: (step) => absent && step === "list" ? { status: 404 } : undefined,
  });
  await using folder = await temporaryFolder();
  await endedInMaking(folder.path, endpoint, { count: 9 });
  absent = true;
  const { stopped } = await start(folder.path, endpoint);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /file file-1 [^]*--cancel-batch/);
  const given = await start(folder.path, endpoint, { cancelBatch: true });
  assert.match(given.notes, /file file-1 [^\n]* It is given up/);
  assert.deepEqual([given.stopped, given.openBatches], [null, undefined]);
});

Deno.test("a batch that wasn't made is made by a later start only as far as the money goes", async () => {
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  await using folder = await temporaryFolder();
  await endedInMaking(folder.path, endpoint, { count: 300 });
  endpoint.batches.length = 0;
  endpoint.finish();
  const { cost, stopped } = await start(folder.path, endpoint, { maxCost: 100 * 60e-6 });
  assert(cost !== null && cost <= 100 * 60e-6, `${cost}`);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /^--max-cost/);
});

Deno.test("results that never come are waited for and then told, and can be given up", async () => {
  await using endpoint = await startBatchEndpoint({
    told: (batch) => ({ ...batch, output_file_id: null }),
  });
  await using folder = await temporaryFolder();
  const { stopped, openBatches, notes } = await start(folder.path, endpoint, { count: 9 });
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /counts answers, but .* names no file/);
  assert.match(stopped.message, /--cancel-batch/);
  assert.equal(notes.match(/names no file of them[^\n]* waited for/g)?.length, 1);
  assert.deepEqual([openBatches, endpoint.batches.length], [["batch_1"], 1]);
  const left = await start(folder.path, endpoint, { cancelBatch: true });
  assert.match(left.notes, /batch_1 names no file of its answers: it is given up/);
  assert.deepEqual([left.stopped, left.openBatches, left.counts.pending], [null, undefined, 8]);

  await using gone = await startBatchEndpoint({
    mishap: (step) => step === "content" ? { status: 404 } : undefined,
  });
  await using second = await temporaryFolder();
  const told = await start(second.path, gone, { count: 9 });
  assert(told.stopped !== null && told.stopped !== "interrupted");
  assert.match(told.stopped.message, /results of batch batch_1 can't be had[^]*--cancel-batch/);
  const given = await start(second.path, gone, { cancelBatch: true });
  assert.deepEqual([given.openBatches, given.counts.pending], [undefined, 8]);
});

Deno.test("a batch that can't be collected keeps none of the others from it", async () => {
  await using endpoint = await startBatchEndpoint({
    mishap: (step, _, url) =>
      step === "content" && url.includes("file-output-1/") ? { status: 404 } : undefined,
  });
  await using folder = await temporaryFolder();
  const run = { count: 31, batchLimits: { requests: 10 } };
  const { counts, stopped, openBatches } = await start(folder.path, endpoint, run);
  assert.deepEqual([counts.ok, counts.pending, openBatches], [21, 10, ["batch_1"]]);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /batch_1 can't be had/);
});

Deno.test("an endpoint that can't tell whether a file is ready is given a batch all the same", async () => {
  await using endpoint = await startBatchEndpoint({
    mishap: (step) => step === "file" ? { status: 500 } : undefined,
  });
  await using folder = await temporaryFolder();
  assert.equal((await start(folder.path, endpoint, { count: 5 })).counts.ok, 5);
});

Deno.test("ids that could rewrite a terminal's line are no ids", async () => {
  await using endpoint = await startBatchEndpoint({
    told: (batch) => ({ ...batch, id: "batch\u001b[2J" }),
  });
  await using folder = await temporaryFolder();
  const { stopped, counts } = await start(folder.path, endpoint, { count: 5 });
  assert.deepEqual([counts.ok, endpoint.batches.length], [1, 1]);
  assert(stopped !== null && stopped !== "interrupted");
  assert(!stopped.message.includes("\u001b"), stopped.message);
});

Deno.test("a limit of money holds for batches: rows beyond it stay pending, exit 3", async () => {
  await using endpoint = await startBatchEndpoint();
  await using folder = await temporaryFolder();
  const row = 60e-6;
  const run = { count: 500, maxCost: 200 * row };
  const { counts, cost, stopped } = await start(folder.path, endpoint, run);
  assert(cost !== null && cost <= 200 * row, `${cost}`);
  assert(counts.ok > 180, `${counts.ok} rows`);
  assert(counts.pending > 0);
  assert(stopped !== null && stopped !== "interrupted");
  assert.match(stopped.message, /^--max-cost 0\.012: /);
  assert(endpoint.batches.length < 8, `${endpoint.batches.length} batches`);
  const more = await start(folder.path, endpoint, { count: 500, maxCost: 1 });
  assert.deepEqual([more.counts.ok, more.stopped], [500, null]);
  await checkWhole(folder.path, endpoint, 500);
});

Deno.test("shards that plan their batches at once keep the run's limit together", async () => {
  await using endpoint = await startBatchEndpoint({ looks: 3 });
  await using folder = await temporaryFolder();
  const row = 60e-6;
  const run = { count: 2048, maxCost: 300 * row, batchLimits: { requests: 64 } };
  const shards = await Promise.all(
    ["1/4", "2/4", "3/4", "4/4"].map((shard) => start(folder.path, endpoint, { ...run, shard })),
  );
  const cost = shards.reduce((sum, each) => sum + (each.cost ?? 0), 0);
  assert(cost <= 300 * row, `${cost / row} of 300 rows`);
  assert(cost > 250 * row, `${cost / row} of 300 rows`);
  for (const { stopped, openBatches } of shards) {
    assert(stopped !== null && stopped !== "interrupted");
    assert.match(stopped.message, /^--max-cost 0\.018: /);
    assert.equal(openBatches, undefined);
  }
  assert((await Array.fromAsync(Deno.readDir(join(folder.path, "mine")))).length === 4);
});

Deno.test("what another shard has left in a batch counts against the limit, also if it was killed", async () => {
  await using endpoint = await startBatchEndpoint({ looks: Infinity });
  await using folder = await temporaryFolder();
  const row = 60e-6;
  const run = { count: 640, maxCost: 340 * row };
  const first = await interrupted(folder.path, endpoint, {
    ...run,
    maxCost: 1,
    shard: "1/2",
  });
  assert.deepEqual([first.counts.ok, first.openBatches], [1, ["batch_1"]]);
  const second = await start(folder.path, endpoint, { ...run, shard: "2/2" });
  assert(second.stopped !== null && second.stopped !== "interrupted");
  assert.match(second.stopped.message, /\$0\.02 are expected of what they have in batches/);
  assert.equal(endpoint.batches.length, 1);
  const live = await start(folder.path, endpoint, { ...run, shard: "2/2", batch: false });
  assert(live.counts.ok <= 12, `${live.counts.ok} rows live`);
  endpoint.finish();
  assert.equal((await start(folder.path, endpoint, { ...run, shard: "1/2" })).counts.ok, 320);
  const ledger = join(folder.path, "mine", "shard-1-of-2", "batches.jsonl");
  const [planned] = (await Deno.readTextFile(ledger)).split("\n");
  const more = planned!.replace(/"key":"[^"]*"/, '"key":"k"') + "\n";
  await Deno.writeTextFile(ledger, more, { append: true });
  const blocked = { ...run, maxCost: 400 * row, shard: "2/2" };
  assert.equal((await start(folder.path, endpoint, blocked)).asked, 0);
  await start(folder.path, endpoint, { ...run, shard: "1/2", count: 704, maxCost: 600 * row });
  const freed = await start(folder.path, endpoint, { ...blocked, count: 704, maxCost: 600 * row });
  assert(freed.asked > 10, `${freed.asked} rows`);
});

Deno.test("each shard has batches of its own", async () => {
  await using endpoint = await startBatchEndpoint();
  await using folder = await temporaryFolder();
  const run = { count: 300, batchLimits: { requests: 50 } };
  const shards = await Promise.all(
    ["1/2", "2/2"].map((shard) => start(folder.path, endpoint, { ...run, shard })),
  );
  assert.deepEqual(shards.map(({ counts }) => counts.pending), [0, 0]);
  assert.equal((await rowsOf(folder.path)).length, 300);
  assert.deepEqual([endpoint.paid.size, ...new Set(endpoint.paid.values())], [300, 1]);
});

Deno.test("a model without batches is refused before anything is made, exit 2", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(
    generate(config(), { model: "simulated:faithful", output: folder.path, batch: true }),
    (error) =>
      error instanceof UserError && error.exitCode === 2 && /has no batches/.test(error.message),
  );
  assert.deepEqual(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("Azure's batches go to its own paths; a deployment that answers none live is no fault", async () => {
  await using endpoint = await startBatchEndpoint({
    mishap: (step) =>
      step === "chat"
        ? { status: 400, body: errorFor(400, "OperationNotSupported: batch only").body }
        : undefined,
  });
  await using folder = await temporaryFolder();
  const model = modelOf({ provider: "azure", name: "my-deployment", origin: "test" }, {
    env: { AZURE_OPENAI_ENDPOINT: endpoint.url, AZURE_OPENAI_API_KEY: "k3y-for-tests" },
    settings: { ...config().settings, timeout: 10 },
    project: ".",
  });
  const { counts, stopped } = await start(folder.path, endpoint, { count: 6, model });
  assert.deepEqual([counts.ok, stopped], [6, null]);
  const version = "api-version=2024-10-21";
  for (
    const url of [
      `POST /openai/files?${version}`,
      `POST /openai/batches?${version}`,
      `GET /openai/batches/batch_1?${version}`,
      `GET /openai/files/file-output-1/content?${version}`,
    ]
  ) assert(endpoint.urls.includes(url), `${url} in ${endpoint.urls}`);
  assert.equal(endpoint.batches[0]?.given.endpoint, "/chat/completions");
  assert.equal(endpoint.batches[0]?.requests[0]?.body.model, "my-deployment");
});

/** Refuses a parameter as OpenAI does. */
function unsupported(name: string, instead?: string) {
  const use = instead === undefined ? "" : ` Use '${instead}' instead.`;
  return errorFor(400, `Unsupported parameter: '${name}' is not supported with this model.${use}`, {
    param: name,
    code: "unsupported_parameter",
  });
}
