import assert from "node:assert/strict";
import { join } from "node:path";
import type { Config } from "../../../src/config/types.ts";
import { openTokenCounter } from "../../../src/models/cost/tokens.ts";
import type { ModelChoice } from "../../../src/models/types.ts";
import { plan } from "../../../src/plan/plan.ts";
import { prompter } from "../../../src/prompt/prompt.ts";
import { estimateRun } from "../../../src/run/cost/estimate.ts";
import { studentQuantile } from "../../../src/stats/student.ts";
import { generate } from "../../../src/run/generate.ts";
import { type Measured, measuredRows, runningMean } from "../../../src/run/cost/measured.ts";
import {
  type OfflineOptions,
  type OfflineTokens,
  offlineTokens,
} from "../../../src/run/cost/offline_tokens.ts";
import { probe } from "../../../src/run/probe.ts";
import { readManifest } from "../../../src/run/log/manifest.ts";
import { normalQuantile } from "../../../src/stats/normal.ts";
import { uniform } from "../../../src/stats/random.ts";
import type { ChatRequest } from "../../../src/models/types.ts";
import { config, fakeModel, instantModel, reply, temporaryFolder } from "../fixtures.ts";

const openai: ModelChoice = { provider: "openai", name: "gpt-4.1-mini", origin: "test" };
const counter = await openTokenCounter(openai);

function offlineOf(fields: Partial<Config> = {}, options: Partial<OfflineOptions> = {}) {
  return offlineTokens(config(fields), {
    count: 100,
    seed: 1,
    sampling: "even",
    form: "full",
    counter,
    ...options,
  });
}

function languageConfig(values: string[]): Partial<Config> {
  const item = { score: 1, factor: 1, prompt: null, when: null };
  return { attributes: { language: values.map((value) => ({ ...item, value })) } };
}

Deno.test("offline, the prompts of the plan are counted token by token", () => {
  const draw = plan(config(), { seed: 1, sampling: "even" });
  const messagesOf = prompter(config(), { form: "full", seed: 1 });
  let tokens = 0;
  for (let row = 0; row < 100; row++) tokens += counter.messages(messagesOf(draw(row)));
  const { input } = offlineOf();
  assert(Math.abs(input.estimate - tokens / 100) < 1e-9);
  assert.deepEqual([input.low, input.high], [input.estimate, input.estimate]);
});

Deno.test("offline, many rows are told from the first ones, within the margin", () => {
  const { input } = offlineOf({}, { count: 5_000 });
  const draw = plan(config(), { seed: 1, sampling: "even" });
  const messagesOf = prompter(config(), { form: "full", seed: 1 });
  let tokens = 0;
  for (let row = 0; row < 5_000; row++) tokens += counter.messages(messagesOf(draw(row)));
  assert(input.low < tokens / 5_000 && tokens / 5_000 < input.high);
  assert(input.low < input.estimate && input.high - input.low < 0.02 * input.estimate);
});

Deno.test("offline, answers are reckoned from the words asked for and their language", () => {
  const english = offlineOf(languageConfig(["English"]));
  const draw = plan(config(languageConfig(["English"])), { seed: 1, sampling: "even" });
  let words = 0;
  for (let row = 0; row < 100; row++) words += draw(row).requestedWords ?? 0;
  assert(Math.abs(english.output.estimate - 1.14 * words / 100) < 1e-9);
  assert(english.output.low < 0.8 * english.output.estimate);
  assert(english.output.high > 1.3 * english.output.estimate);
  assert.match(english.assumptions.join(), /1\.1 tokens a word \(1\.0–1\.4\)/);

  const hungarian = offlineOf(languageConfig(["magyar"]));
  assert(hungarian.output.estimate > 2 * english.output.estimate);
  const unknown = offlineOf(languageConfig(["Zulu"]));
  assert(
    unknown.output.high / unknown.output.low > 3 * english.output.high / english.output.low / 2,
  );
});

Deno.test("offline, without a language the config's own texts say how many tokens a word takes", () => {
  const swedish =
    "Chatten hör till en bank för privatkunder i Sverige och svarar på frågor om lån.";
  const english = "The chat belongs to a bank in Sweden and answers questions about loans.";
  assert(
    offlineOf({ context: swedish }).output.estimate >
      offlineOf({ context: english }).output.estimate,
  );
});

Deno.test("offline, no answer is longer than its cap, and a length that isn't asked for is assumed", () => {
  const settings = { ...config().settings, max_tokens: 5 };
  assert(Math.abs(offlineOf({ settings }).output.high - 5) < 1e-9);
  const free = offlineOf({ length: null });
  assert.match(free.assumptions.join(), /no length is asked for/);
  assert(free.output.high > 5 * free.output.low);
});

Deno.test("offline, another model's tokens are a range, and it says so", async () => {
  const other = await openTokenCounter({ ...openai, name: "llama-3" });
  const own = offlineOf();
  const { input, output, assumptions } = offlineOf({}, { counter: other });
  assert(input.low < own.input.estimate && own.input.estimate < input.high);
  assert(output.low < own.output.low && own.output.high < output.high);
  assert.match(assumptions.join(), /this model takes 0\.9–1\.4 times as many/);
});

const offline: OfflineTokens = {
  input: { estimate: 500, low: 450, high: 600 },
  output: { estimate: 30, low: 20, high: 45 },
  assumptions: ["something"],
};

/** Rows that were asked: tokens in and out, and USD at the price below. */
function measuredOf(rows: [number, number][], fields: Partial<Measured> = {}): Measured {
  const [input, output, cost, seconds] = [
    runningMean(),
    runningMean(),
    runningMean(),
    runningMean(),
  ];
  for (const [tokensIn, tokensOut] of rows) {
    input.add(tokensIn);
    output.add(tokensOut);
    cost.add((tokensIn + 2 * tokensOut) / 1e6);
    seconds.add(2);
  }
  const spent = cost.sum;
  const all = { shards: null, inAll: 1000, planned: 1000, done: rows.length };
  return { ...all, input, output, cost, spent, seconds, ...fields };
}

const options = { count: 1000, price: { input: 1, output: 2 }, concurrency: 10 };

Deno.test("without measured rows tokens and cost are the offline ones and the time is unknown", () => {
  const estimate = estimateRun(offline, { ...options, measured: null });
  assert.deepEqual(estimate, {
    rows: 1000,
    done: 0,
    tokens: {
      input: { estimate: 500_000, low: 450_000, high: 600_000 },
      output: { estimate: 30_000, low: 20_000, high: 45_000 },
    },
    cost: { estimate: 0.56, low: 0.49, high: 0.69 },
    seconds: null,
    measured: 0,
    isLeast: false,
    assumptions: ["something"],
  });
  assert.equal(estimateRun(offline, { ...options, price: null, measured: null }).cost, null);
  assert(estimateRun(offline, { ...options, measured: null, thinks: true }).isLeast);
  // One row has no spread.
  assert.equal(estimateRun(offline, { ...options, measured: measuredOf([[1, 1]]) }).measured, 0);
});

Deno.test("measured rows count as they are and their means for the rows to come", () => {
  const rows: [number, number][] = [[400, 20], [420, 30], [410, 10], [430, 40]];
  const { tokens, cost, seconds, ...rest } = estimateRun(offline, {
    ...options,
    measured: measuredOf(rows),
    thinks: true,
  });
  assert.deepEqual(rest, { rows: 1000, done: 4, measured: 4, isLeast: false, assumptions: [] });
  assert.equal(tokens.input.estimate, 415_000);
  assert.equal(tokens.output.estimate, 25_000);
  assert(Math.abs((cost?.estimate ?? 0) - 0.465) < 1e-9);
  // mean ± t(3) · s · √(1/4 + 1/996), for 996 rows.
  const margin = 996 * 3.182446 * 12.909944 * Math.sqrt(1 / 4 + 1 / 996);
  assert(Math.abs(tokens.input.high - 415_000 - margin) < 0.005 * margin);
  assert(Math.abs(415_000 - tokens.input.low - margin) < 0.005 * margin);
  assert(Math.abs((seconds?.estimate ?? 0) - 2 * 996 / 10) < 1e-9);
});

Deno.test("a run that is done costs what it cost, and no time", () => {
  const measured = measuredOf([[400, 20], [420, 30]], { planned: 2, done: 2 });
  const { tokens, cost, seconds } = estimateRun(offline, { ...options, count: 2, measured });
  assert.deepEqual(tokens.input, { estimate: 820, low: 820, high: 820 });
  assert(Math.abs((cost?.low ?? 0) - 0.00092) < 1e-12 && cost?.low === cost?.high);
  assert.deepEqual(seconds, { estimate: 0, low: 0, high: 0 });
});

Deno.test("the last rows take as long as an answer, however many could be in flight", () => {
  const measured = measuredOf([[400, 20], [420, 30]], { planned: 3 });
  const { seconds } = estimateRun(offline, { ...options, count: 3, concurrency: 64, measured });
  assert.equal(seconds?.estimate, 2);
});

Deno.test("fewer rows than the run has are reckoned as a run of their own", () => {
  const measured = measuredOf([[400, 20], [420, 30]], { planned: 2000, done: 900 });
  const { done, tokens } = estimateRun(offline, { ...options, count: 100, measured });
  assert.deepEqual([done, tokens.input.estimate], [0, 41_000]);
});

Deno.test("intervals from probed rows hold the true total 95 times of 100", () => {
  let held = 0;
  const runs = 2_000;
  for (let run = 0; run < runs; run++) {
    const rows = Array.from(
      { length: 20 },
      (_, row): [number, number] => [
        500 + 40 * normalQuantile(uniform(run, "in", row)),
        30,
      ],
    );
    const truth = rows.reduce((sum, [input]) => sum + input, 0);
    const { tokens } = estimateRun(offline, {
      ...options,
      count: 20,
      measured: measuredOf(rows.slice(0, 8), { planned: 20 }),
    });
    if (tokens.input.low - 1 <= truth && truth <= tokens.input.high + 1) held += 1;
  }
  assert(held / runs > 0.935 && held / runs < 0.965, `${held / runs}`);
});

Deno.test("Student's quantiles are those of the tables", () => {
  const table = [[1, 12.7062], [2, 4.30265], [3, 3.18245], [5, 2.57058], [19, 2.09302]];
  for (const [df, t] of table) {
    assert(Math.abs(studentQuantile(0.975, df!) / t! - 1) < 0.005, `${df}`);
  }
  assert(Math.abs(studentQuantile(0.975, 1e6) - 1.959966) < 1e-5);
});

/** A model that counts its calls; `faults` of them, from the first, fail for a passing cause. */
function countingModel(faults = 0) {
  const seeds: number[] = [];
  const model = fakeModel((request: ChatRequest) => {
    seeds.push(request.seed);
    const fault = {
      kind: "passing" as const,
      reason: "HTTP 500",
      status: 500,
      retryAfterMs: 0,
    };
    return Promise.resolve(
      seeds.length <= faults
        ? { fault, calls: 1 }
        : { reply: reply({ usage: { input: 100 + seeds.length, output: 10 } }), calls: 1 },
    );
  });
  return { model, seeds };
}

Deno.test("a probe keeps its rows in the run, and generate goes on after them", async () => {
  await using folder = await temporaryFolder();
  const { model, seeds } = countingModel();
  const where = { output: folder.path, run: "mine" };
  const summary = await probe(config(), { ...where, model, calls: 5, count: 40, concurrency: 3 });
  assert.deepEqual([summary.asked, summary.stopped, seeds.length], [5, null, 5]);
  assert.equal((await readManifest(join(folder.path, "mine")))?.count, 40);

  const whole = await generate(config(), { ...where, model });
  assert.deepEqual([whole.counts.ok, whole.counts.pending], [40, 0]);
  assert.deepEqual([seeds.length, new Set(seeds).size], [40, 40]);
});

Deno.test("a probe asks no more calls than told, however many may be in flight", async () => {
  await using folder = await temporaryFolder();
  const { model, seeds } = countingModel();
  await probe(config(), { output: folder.path, model, calls: 5, count: 40, concurrency: 64 });
  assert.equal(seeds.length, 5);
});

Deno.test("a probe asks another row for one that failed for a passing cause", async () => {
  await using folder = await temporaryFolder();
  const { model } = countingModel(2);
  const options = { output: folder.path, model, calls: 5, count: 40, concurrency: 1 };
  const { counts, stopped } = await probe(config(), options);
  assert.deepEqual([counts.ok, counts.pending, stopped], [5, 35, null]);
});

Deno.test("what stops every row stops a probe, and so does its caller", async () => {
  await using folder = await temporaryFolder();
  const refusing = fakeModel(() => {
    const fault = { kind: "stop" as const, reason: "key refused", status: 401, retryAfterMs: null };
    return Promise.resolve({ fault, calls: 1 });
  });
  const options = { output: folder.path, calls: 5, count: 40 };
  const { stopped } = await probe(config(), { ...options, run: "a", model: refusing });
  assert(stopped !== null && stopped !== "interrupted");
  assert.equal(stopped.exitCode, 3);
  assert.match(stopped.message, /127\.0\.0\.1:1\/v1 can't be asked: key refused/);

  const signal = AbortSignal.abort();
  const left = await probe(config(), { ...options, run: "b", model: instantModel(), signal });
  assert.deepEqual([left.stopped, left.asked], ["interrupted", 0]);
});

Deno.test("the rows of a run are measured; another config's are not", async () => {
  await using folder = await temporaryFolder();
  const { model } = countingModel();
  const where = { output: folder.path, run: "mine" };
  await probe(config(), { ...where, model, calls: 3, count: 40, concurrency: 1 });
  const which = {
    ...where,
    seed: 1,
    sampling: "even" as const,
    model: model.name,
    price: { input: 1, output: 2 },
  };
  const measured = await measuredRows(config(), which);
  assert.deepEqual(
    [measured?.planned, measured?.done, measured?.input.mean, measured?.output.sum],
    [40, 3, 102, 30],
  );
  assert(Math.abs((measured?.cost.sum ?? 0) - (306 + 60) / 1e6) < 1e-12);
  assert.equal((await measuredRows(config(), { ...which, price: null }))?.cost.n, 0);
  assert.equal(await measuredRows(config(), { ...which, seed: 2 }), null);
  assert.equal(await measuredRows(config({ context: "Another." }), which), null);
  assert.equal(await measuredRows(config(), { ...which, run: "none" }), null);
});
