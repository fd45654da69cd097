import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../src/error.ts";
import { plan } from "../../src/plan/plan.ts";
import { generate, type GenerateOptions } from "../../src/run/generate.ts";
import type { GenerateProgress } from "../../src/run/progress.ts";
import { readManifest } from "../../src/run/log/manifest.ts";
import { readRun } from "../../src/run/log/read.ts";
import type { RowRecord } from "../../src/run/types.ts";
import { apiError, ok, slow, startEndpoint, status } from "../endpoint.ts";
import {
  config,
  endpointModel,
  fakeModel,
  instantModel,
  record,
  reply,
  temporaryFolder,
} from "./fixtures.ts";

/** Generates into a folder of runs with a model that answers at once. */
function start(output: string, options: Partial<GenerateOptions> = {}) {
  return generate(config(), { model: instantModel(), output, ...options });
}

async function rowsOf(output: string, run: string): Promise<RowRecord[]> {
  const rows = await Array.fromAsync((await readRun(run, { output })).rows());
  return rows.toSorted((a, b) => a.row - b.row);
}

function exits(exitCode: number, message: RegExp) {
  return (error: unknown) => {
    assert(error instanceof UserError, String(error));
    assert.equal(error.exitCode, exitCode);
    assert.match(error.message, message);
    return true;
  };
}

Deno.test("a new run holds what was asked and a record of each planned row", async () => {
  await using folder = await temporaryFolder();
  const summary = await start(folder.path, { count: 300 });
  assert.match(summary.run, /^metro-1-[0-9a-f]{6}$/);
  assert.deepEqual(
    [summary.existed, summary.asked, summary.stopped, summary.counts.ok, summary.counts.pending],
    [false, 300, null, 300, 0],
  );
  assert.deepEqual([summary.cost, summary.usage], [0.036, { input: 30_000, output: 3_000 }]);
  const manifest = await readManifest(summary.folder);
  assert.deepEqual([manifest?.count, manifest?.model, manifest?.seed], [300, "openai:m", 1]);
  assert.deepEqual(manifest?.config, config());
  const draw = plan(config(), { seed: 1, sampling: "even" });
  const rows = await rowsOf(folder.path, summary.run);
  assert.deepEqual(
    rows.map(({ row, attributes, requestedWords }) => ({ row, attributes, requestedWords })),
    Array.from({ length: 300 }, (_, row) => draw(row)),
  );
  const entries = await Array.fromAsync(Deno.readDir(summary.folder), ({ name }) => name);
  assert.deepEqual(entries.toSorted(), ["records.jsonl", "run.json"]);
});

Deno.test("each row is asked with a seed of its own and room for its length", async () => {
  await using folder = await temporaryFolder();
  const seeds = new Set<number>();
  const model = fakeModel(({ seed, maxTokens, messages }) => {
    seeds.add(seed);
    assert(maxTokens !== null && maxTokens > 0);
    assert(messages.length > 0);
    return Promise.resolve({ reply: reply(), calls: 1 });
  });
  await start(folder.path, { count: 100, model });
  assert.equal(seeds.size, 100);
});

Deno.test("without a count a new run takes that of the settings, else 20", async () => {
  await using folder = await temporaryFolder();
  assert.equal((await start(folder.path)).counts.planned, 20);
  const settings = { ...config().settings, count: 7 };
  const model = instantModel();
  const summary = await generate(config({ settings }), {
    model,
    output: folder.path,
    run: "seven",
  });
  assert.equal(summary.counts.planned, 7);
});

Deno.test("the same again has nothing to do and asks nothing", async () => {
  await using folder = await temporaryFolder();
  await start(folder.path, { count: 30 });
  const model = fakeModel(() => assert.fail("asked"));
  for (const count of [{}, { count: 30 }]) {
    const { asked, existed, counts, stopped, cost } = await start(folder.path, { ...count, model });
    assert.deepEqual([asked, existed, counts.ok, stopped, cost], [0, true, 30, null, 0.0036]);
  }
});

Deno.test("a larger count extends the run and asks only for what is new", async () => {
  await using folder = await temporaryFolder();
  const first = await start(folder.path, { count: 10 });
  const before = await rowsOf(folder.path, first.run);
  const summary = await start(folder.path, { count: 25 });
  assert.deepEqual([summary.run, summary.asked, summary.counts.ok], [first.run, 15, 25]);
  assert.equal((await readManifest(summary.folder))?.count, 25);
  const rows = await rowsOf(folder.path, first.run);
  assert.deepEqual(rows.slice(0, 10), before);
  assert.deepEqual(rows.map(({ row }) => row), Array.from({ length: 25 }, (_, row) => row));
});

Deno.test("a smaller count is refused and changes nothing", async () => {
  await using folder = await temporaryFolder();
  const { run } = await start(folder.path, { count: 10 });
  await assert.rejects(
    start(folder.path, { count: 9 }),
    exits(2, /has 10 rows planned; --count 9 is fewer[^]*--run/),
  );
  assert.equal((await rowsOf(folder.path, run)).length, 10);
  assert.equal((await start(folder.path)).asked, 0);
});

Deno.test("another seed, model or config is a run of its own", async () => {
  await using folder = await temporaryFolder();
  const runs = [
    await start(folder.path),
    await start(folder.path, { seed: 2 }),
    await start(folder.path, { sampling: "independent" }),
    await start(folder.path, { model: instantModel({ name: "openai:other" }) }),
    await generate(config({ context: "Another" }), { model: instantModel(), output: folder.path }),
  ];
  assert.equal(new Set(runs.map(({ run }) => run)).size, runs.length);
  assert(runs.every(({ existed, asked }) => !existed && asked === 20));
});

Deno.test("the same run isn't gone on with another seed, model or config: what differs is told", async () => {
  await using folder = await temporaryFolder();
  await start(folder.path, { run: "mine", count: 5 });
  const before = await Deno.readTextFile(join(folder.path, "mine", "run.json"));
  const { attributes, settings } = config();
  const other = config({
    attributes: { topic: attributes.topic!.slice(0, 1), mood: attributes.tone! },
    prompt: "{{guidelines}}",
    settings: { ...settings, temperature: 0.5 },
  });
  await assert.rejects(
    generate(other, {
      model: instantModel({ name: "openai:n" }),
      seed: 2,
      output: folder.path,
      run: "mine",
    }),
    exits(
      2,
      new RegExp(
        [
          "model: openai:m, now openai:n",
          "seed: 1, now 2",
          "temperature: 0.9, now 0.5",
          "injections/mood.json is new",
          "injections/tone.json is gone",
          "injections/topic.json has changed",
          "prompt.md is new",
        ].join("\n  "),
      ),
    ),
  );
  assert.equal(await Deno.readTextFile(join(folder.path, "mine", "run.json")), before);
  assert.equal((await start(folder.path, { run: "mine" })).asked, 0);
});

Deno.test("rows that ended badly are asked again only with retry, and the newest record counts", async () => {
  await using folder = await temporaryFolder();
  const fault = {
    kind: "filtered" as const,
    reason: "content filter",
    status: 400,
    retryAfterMs: null,
  };
  let calls = 0;
  const bad = fakeModel(() => {
    calls += 1;
    if (calls % 3 === 0) return Promise.resolve({ fault, calls: 1 });
    return Promise.resolve({ reply: reply({ text: calls % 3 === 1 ? "" : "Hi" }), calls: 1 });
  });
  const first = await start(folder.path, { count: 30, model: bad, concurrency: 1 });
  assert.deepEqual([first.counts.ok, first.counts.empty, first.counts.filtered], [10, 10, 10]);
  assert.equal((await start(folder.path)).asked, 0);
  const again = await start(folder.path, { retry: ["empty", "failed"] });
  assert.deepEqual([again.asked, again.counts.ok, again.counts.filtered], [10, 20, 10]);
  const last = await start(folder.path, { retry: ["filtered"], model: bad, concurrency: 1 });
  assert.deepEqual([last.asked, last.stopped, last.counts.planned], [10, null, 30]);
  assert.equal((await rowsOf(folder.path, first.run)).length, 30);
});

Deno.test("a torn last line is cut off, said, and its row asked again", async () => {
  await using folder = await temporaryFolder();
  const { run, folder: path } = await start(folder.path, { count: 10 });
  const log = join(path, "records.jsonl");
  await Deno.truncate(log, (await Deno.stat(log)).size - 20);
  const said: string[] = [];
  const summary = await start(folder.path, { note: (message) => said.push(message) });
  assert.deepEqual([summary.asked, summary.counts.ok], [1, 10]);
  assert.match(said.join(), /records\.jsonl: a torn last line \(\d+ bytes\) was cut off/);
  assert.equal((await rowsOf(folder.path, run)).length, 10);
});

Deno.test("a bad line stops before anything is asked, unless it is to be skipped", async () => {
  await using folder = await temporaryFolder();
  const { folder: path } = await start(folder.path, { count: 3 });
  const log = join(path, "records.jsonl");
  await Deno.writeTextFile(log, "}{\n" + await Deno.readTextFile(log));
  const model = fakeModel(() => assert.fail("asked"));
  await assert.rejects(start(folder.path, { count: 9, model }), exits(2, /line 1: not JSON/));
  assert.equal((await readManifest(path))?.count, 3);
  const said: string[] = [];
  const summary = await start(folder.path, {
    count: 9,
    skipBadLines: true,
    note: (message) => said.push(message),
  });
  assert.deepEqual([summary.asked, summary.counts.ok], [6, 9]);
  assert.match(said.join(), /1 line that is no record is left out/);
});

Deno.test("records without run.json aren't gone on with", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(join(folder.path, "mine"));
  await Deno.writeTextFile(
    join(folder.path, "mine", "records.jsonl"),
    JSON.stringify(record(0)) + "\n",
  );
  await assert.rejects(start(folder.path, { run: "mine" }), exits(2, /but no run\.json/));
});

Deno.test("a signal lets the calls in flight end, and the same call finishes the run", async () => {
  await using folder = await temporaryFolder();
  const stop = new AbortController();
  let answered = 0;
  const model = fakeModel(async (_, signal) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    signal.throwIfAborted();
    if (++answered === 20) stop.abort();
    return { reply: reply(), calls: 1 };
  });
  const first = await start(folder.path, { count: 100, model, signal: stop.signal });
  assert.equal(first.stopped, "interrupted");
  assert.equal(first.asked, answered, "an answer was lost");
  assert(first.asked >= 20 && first.asked <= 20 + 8);
  assert.equal(first.counts.ok + first.counts.pending, 100);
  const second = await start(folder.path, { count: 100 });
  assert.deepEqual([second.asked, second.stopped], [100 - first.asked, null]);
});

Deno.test("a signal that comes with the last answers stops nothing", async () => {
  await using folder = await temporaryFolder();
  const stop = new AbortController();
  const model = fakeModel(() => {
    stop.abort();
    return Promise.resolve({ reply: reply(), calls: 1 });
  });
  const summary = await start(folder.path, { count: 1, model, signal: stop.signal });
  assert.deepEqual([summary.counts.ok, summary.stopped], [1, null]);
});

Deno.test("a cut leaves the calls in flight, whose rows stay pending", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({
    script: ({ number }) => number <= 10 ? ok() : slow(60_000),
  });
  const [stop, cut] = [new AbortController(), new AbortController()];
  const summary = await start(folder.path, {
    count: 100,
    model: endpointModel(endpoint.baseURL),
    signal: stop.signal,
    cut: cut.signal,
    onRecord(_, { asked }) {
      if (asked < 10) return;
      stop.abort();
      cut.abort();
    },
  });
  assert.deepEqual([summary.stopped, summary.counts.ok, summary.counts.pending], [
    "interrupted",
    10,
    90,
  ]);
  assert.equal((await start(folder.path)).counts.pending, 0);
});

Deno.test("a refused key stops with exit code 3: what was in flight is recorded, the rest is pending", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({
    script: ({ number }) =>
      number === 30 ? apiError(401, "Incorrect API key provided") : slow(number > 20 ? 30 : 0),
  });
  const model = endpointModel(endpoint.baseURL);
  const first = await start(folder.path, { count: 200, model });
  assert(typeof first.stopped === "object" && first.stopped !== null);
  assert.equal(first.stopped.exitCode, 3);
  assert.match(first.stopped.message, /Incorrect API key provided/);
  assert.equal(first.counts.ok, endpoint.requests - 1, "an answer was lost");
  assert.equal(first.counts.pending, 200 - first.counts.ok);
  const second = await start(folder.path, { count: 200, model });
  assert.deepEqual([second.counts.ok, second.stopped], [200, null]);
});

Deno.test("an endpoint that is down leaves all rows pending", async () => {
  await using folder = await temporaryFolder();
  const fault = { kind: "stop" as const, reason: "404 no model", status: 404, retryAfterMs: null };
  const model = fakeModel(() => Promise.resolve({ fault, calls: 1 }));
  const { counts, stopped, asked } = await start(folder.path, { count: 50, model });
  assert.deepEqual([counts.pending, asked], [50, 0]);
  assert(typeof stopped === "object" && stopped?.exitCode === 3);
});

Deno.test("what a filter takes is recorded, and what fails while others succeed is failed", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({
    script: ({ number, body }) =>
      number % 10 === 0
        ? apiError(400, "The response was filtered", { code: "content_filter" })
        : (body.seed ?? 0) % 10 === 3
        ? apiError(400, "This model's maximum context length is 10 tokens", {
          code: "context_length_exceeded",
        })
        : ok(),
  });
  const { counts } = await start(folder.path, {
    count: 100,
    model: endpointModel(endpoint.baseURL),
  });
  assert(counts.filtered > 0 && counts.failed > 0 && counts.ok > 0);
  assert.equal(counts.filtered + counts.failed + counts.ok, 100);
});

Deno.test("what is learned about parameters is kept in run.json and known to the next start", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({
    script: ({ body }) =>
      "frequency_penalty" in body
        ? apiError(400, "Unsupported parameter: 'frequency_penalty'", {
          param: "frequency_penalty",
          code: "unsupported_parameter",
        })
        : ok(),
  });
  const model = endpointModel(endpoint.baseURL);
  const said: string[] = [];
  const first = await start(folder.path, {
    count: 20,
    model,
    note: (message) => said.push(message),
  });
  assert.equal(first.counts.ok, 20);
  assert.deepEqual(said, ["openai:m doesn't take frequency_penalty: it is left out."]);
  const { parameters } = (await readManifest(first.folder))!;
  assert.deepEqual([parameters.dropped, parameters.frequency_penalty], [
    ["frequency_penalty"],
    0.5,
  ]);
  const before = endpoint.requests;
  const second = await start(folder.path, { count: 40, model });
  assert.equal(second.counts.ok, 40);
  assert.equal(endpoint.requests - before, 20, "it was learned again");
  assert.deepEqual((await readManifest(first.folder))?.parameters, parameters);
});

Deno.test("where the system message goes is kept in run.json and known to the next start", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({
    script: ({ body }) =>
      body.messages?.some(({ role }) => role === "system")
        ? apiError(400, "System role not supported")
        : ok(),
  });
  const model = endpointModel(endpoint.baseURL);
  const said: string[] = [];
  const first = await start(folder.path, { count: 9, model, note: (text) => said.push(text) });
  assert.equal(first.counts.ok, 9);
  assert.deepEqual(said, [
    "openai:m doesn't take system messages: their text is sent before the user's.",
  ]);
  assert.deepEqual((await readManifest(first.folder))?.parameters.replaced, { system: "user" });
  const before = endpoint.requests;
  await start(folder.path, { count: 18, model });
  assert.equal(endpoint.requests - before, 9);
});

Deno.test("rows whose answers break off are asked again; where that doesn't help they fail", async () => {
  await using folder = await temporaryFolder();
  const broken = status(200, {
    choices: [{
      message: { content: "Where is" },
      finish_reason: "error",
      error: { code: 502, message: "The line was cut" },
    }],
  });
  const bad = new Set<unknown>();
  const seen = new Set<unknown>();
  await using endpoint = await startEndpoint({
    script: ({ body, number }) => {
      if (number === 7) bad.add(body.seed);
      const isFirst = !seen.has(body.seed);
      seen.add(body.seed);
      return (isFirst && number % 3 === 0) || bad.has(body.seed) ? broken : ok();
    },
  });
  const { run, counts } = await start(folder.path, {
    count: 20,
    model: endpointModel(endpoint.baseURL),
  });
  assert.deepEqual([counts.ok, counts.failed], [19, 1]);
  const rows = await rowsOf(folder.path, run);
  assert(rows.every(({ finishReason }) => finishReason !== "error"));
  assert.deepEqual(
    rows.filter(({ outcome }) => outcome === "failed").map(({ reason, text }) => [reason, text]),
    [["502 The line was cut", null]],
  );
});

Deno.test("reasons that aren't known are kept, told once and counted at the end", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ script: () => ok("Hi", { finishReason: "tired" }) });
  const said: string[] = [];
  const { run, counts } = await start(folder.path, {
    count: 5,
    model: endpointModel(endpoint.baseURL),
    note: (text) => said.push(text),
  });
  assert.equal(counts.ok, 5);
  assert((await rowsOf(folder.path, run)).every(({ finishReason }) => finishReason === "tired"));
  assert.deepEqual(said, [
    `openai:m ended an answer for a reason that isn't known, "tired": its text is kept.`,
    `openai:m ended 5 answers for the reason "tired".`,
  ]);
});

Deno.test("passing faults are tried again within the row", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({
    script: ({ number }) => number === 5 ? status(500) : ok(),
  });
  const { run } = await start(folder.path, { count: 20, model: endpointModel(endpoint.baseURL) });
  const rows = await rowsOf(folder.path, run);
  assert.deepEqual(rows.map(({ outcome }) => outcome), Array(20).fill("ok"));
  assert.equal(rows.reduce((sum, { attempts }) => sum + attempts, 0), 21);
});

// The shell's limit on the size of a file stands for a disk that fills up in the middle of a line.
const limited = { ignore: Deno.build.os === "windows" };

Deno.test(
  "a disk that fills up stops with exit code 3, and the run goes on later",
  limited,
  async () => {
    await using folder = await temporaryFolder();
    await using endpoint = await startEndpoint();
    const script = new URL("./generating.ts", import.meta.url).pathname;
    const words = [Deno.execPath(), "run", "--no-lock", "--no-check", "-A", script];
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", `trap '' XFSZ; ulimit -f 64; exec "$@"`, "sh"]
        .concat(words, folder.path, endpoint.baseURL, "500"),
    }).output();
    const { counts, stopped, folder: path } = JSON.parse(new TextDecoder().decode(stdout));
    assert.equal(stopped.exitCode, 3);
    assert.match(stopped.message, /records\.jsonl can't be written: File too large/);
    assert(counts.ok > 50 && counts.pending > 50);
    assert.equal(counts.ok + counts.pending, 500);

    // The limit may fall between two lines.
    const isTorn = !/(^|"})\n?$/.test(await Deno.readTextFile(join(path, "records.jsonl")));
    const said: string[] = [];
    const summary = await start(folder.path, {
      run: "mine",
      model: endpointModel(endpoint.baseURL),
      note: (message) => said.push(message),
    });
    assert.equal(/torn last line/.test(said.join()), isTorn);
    assert.deepEqual([summary.folder, summary.counts.ok], [path, 500]);
    assert.equal(summary.asked, counts.pending);
  },
);

Deno.test("each record is told once, after it was written, with sums that are always right", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "mine", "records.jsonl");
  const told: GenerateProgress[] = [];
  const rows = new Set<number>();
  let told0: GenerateProgress | null = null;
  await start(folder.path, {
    run: "mine",
    count: 200,
    onProgress: (progress) => told0 ??= progress,
    onRecord(record, progress) {
      assert(isInFile(path, record));
      rows.add(record.row);
      told.push(progress);
    },
  });
  assert.deepEqual([told.length, rows.size], [200, 200]);
  assert.deepEqual(told.map(({ asked }) => asked), Array.from({ length: 200 }, (_, i) => i + 1));
  for (const { counts: { planned, ...others } } of [...told, told0!]) {
    assert.equal(planned, Object.values(others).reduce((a, b) => a + b));
  }
});

function isInFile(path: string, record: RowRecord): boolean {
  return Deno.readTextFileSync(path).includes(JSON.stringify(record) + "\n");
}

Deno.test("what a listener throws ends the run, unlocked, with the record written", async () => {
  await using folder = await temporaryFolder();
  const onRecord = () => {
    throw new RangeError("a listener's own fault");
  };
  await assert.rejects(start(folder.path, { count: 50, onRecord }), RangeError);
  const { asked, counts } = await start(folder.path, { count: 50 });
  assert(asked < 50);
  assert.equal(counts.ok, 50);
});

Deno.test("two can't write one run at once", async () => {
  await using folder = await temporaryFolder();
  let open = () => {};
  const opened = new Promise<void>((resolve) => open = resolve);
  const model = fakeModel(async () => {
    await opened;
    return { reply: reply(), calls: 1 };
  });
  const first = start(folder.path, {
    run: "mine",
    model,
    async onProgress({ asked }) {
      if (asked > 0) return;
      await assert.rejects(start(folder.path, { run: "mine" }), exits(2, /is being written by/));
      open();
    },
  });
  assert.equal((await first).counts.ok, 20);
});

Deno.test("a folder of runs that can't be written is a fault of exit code 2", async () => {
  await using folder = await temporaryFolder();
  const output = join(folder.path, "file");
  await Deno.writeTextFile(output, "");
  await assert.rejects(start(output), exits(2, /can't be made[^]*--output/));
  await assert.rejects(start(folder.path, { run: "../elsewhere" }), exits(2, /--run/));
});

Deno.test("a new run says which runs of the same config folder are unfinished", async () => {
  await using folder = await temporaryFolder();
  const stop = new AbortController();
  const model = fakeModel(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { reply: reply(), calls: 1 };
  });
  const first = await start(folder.path, {
    model,
    concurrency: 1,
    signal: stop.signal,
    onRecord: () => stop.abort(),
  });
  assert.equal(first.stopped, "interrupted");
  const said: string[] = [];
  const note = (message: string) => said.push(message);
  await start(folder.path, { seed: 2, note });
  assert.equal(said.length, 1);
  assert(said[0]!.includes(`${first.run} (${first.counts.ok} of 20 rows)`));
  await start(folder.path, { seed: 2, note });
  await start(folder.path, { note });
  await start(folder.path, { seed: 3, note });
  assert.equal(said.length, 1);
});

Deno.test("options that can't be are refused before anything is made", async () => {
  const output = await Deno.makeTempDir();
  try {
    for (
      const wrong of [{ count: 1.5 }, { count: -1 }, { concurrency: 0 }, { seed: NaN }, {
        concurrency: NaN,
      }]
    ) {
      await assert.rejects(
        generate(config(), { model: instantModel(), output, ...wrong }),
        (error) => error instanceof UserError && error.exitCode === 2,
      );
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(output)), []);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});

Deno.test("progress is told while nothing comes", async () => {
  const output = await Deno.makeTempDir();
  try {
    const answer = Promise.withResolvers<void>();
    const model = fakeModel(() => answer.promise.then(() => ({ reply: reply(), calls: 1 })));
    let told = 0;
    await generate(config(), {
      model,
      output,
      count: 1,
      onProgress({ inFlight }) {
        if (inFlight === 1 && ++told === 2) answer.resolve();
      },
    });
    assert.ok(told >= 2);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});

Deno.test("progress tells until when a limit holds all calls, where that is long", async () => {
  await using folder = await temporaryFolder();
  const stop = new AbortController();
  const seen: (number | undefined)[] = [];
  const model = fakeModel(() =>
    Promise.resolve({
      // One that is longer than there is patience would end the asking.
      fault: { kind: "limited", reason: "429", status: 429, retryAfterMs: 240_000 },
      calls: 1,
    })
  );
  await generate(config(), {
    model,
    output: folder.path,
    count: 1,
    now: () => 1_000_000,
    signal: stop.signal,
    onProgress({ heldUntil }) {
      seen.push(heldUntil);
      if (heldUntil !== undefined) stop.abort();
    },
  });
  assert.equal(seen[0], undefined);
  assert.equal(Math.round(seen.at(-1)! / 1000), 1240);
});

Deno.test("with no answer for as long as patience says, the run ends with its rows pending", async () => {
  await using folder = await temporaryFolder();
  const fault = { kind: "busy" as const, reason: "503 all slots are taken", status: 503 };
  const { stopped, counts } = await generate(config(), {
    model: fakeModel(() => Promise.resolve({ fault: { ...fault, retryAfterMs: 20 }, calls: 1 })),
    output: folder.path,
    count: 3,
    patience: 1 / 600,
  });
  assert(stopped !== null && stopped !== "interrupted");
  assert.deepEqual([stopped.exitCode, counts.pending], [3, 3]);
  assert.match(stopped.message, /503 all slots are taken/);
});
