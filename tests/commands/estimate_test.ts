import assert from "node:assert/strict";
import { join } from "node:path";
import { estimateText, rarestOf } from "../../src/commands/estimate_text.ts";
import type { Estimate } from "../../src/run/cost/estimate.ts";
import { apiError, ok, startEndpoint } from "../endpoint.ts";
import { folderWithConfig, onlyRun, recordsIn, run } from "./command_line.ts";

const range = (estimate: number, low = estimate, high = estimate) => ({ estimate, low, high });

const estimate: Estimate = {
  rows: 2000,
  done: 0,
  tokens: { input: range(1_116_000), output: range(58_000, 40_000, 80_000) },
  cost: range(0.52, 0.44, 0.61),
  seconds: range(70, 62, 78),
  measured: 0,
  isLeast: false,
  assumptions: [],
};
const batch = { input: 0.2, output: 0.8 };
const price = { input: 0.4, output: 1.6, cachedInput: 0.1, batch, origin: "prices of 2026-07" };
const facts = {
  estimate,
  model: "gpt-4.1-mini",
  lookup: { price },
  concurrency: 64,
  rarest: null,
};

Deno.test("tokens, cost with its range and source, and time stand in one line", () => {
  assert.equal(
    estimateText(facts),
    "2,000 rows ≈ 1.1 M tokens in, 58 k out ≈ $0.52 (0.44–0.61; gpt-4.1-mini, prices of 2026-07) ≈ " +
      "1 min 10 s (1 min 2 s–1 min 18 s) at 64 in flight",
  );
});

Deno.test("what isn't known is said: time, cost, hidden tokens, what was assumed", () => {
  const text = estimateText({
    ...facts,
    lookup: { price: null, why: "azure:chat is a deployment's name" },
    estimate: {
      ...estimate,
      cost: null,
      seconds: null,
      isLeast: true,
      assumptions: ["one thing", "another"],
    },
  });
  assert.match(
    text,
    /^2,000 rows ≈ 1\.1 M tokens in, 58 k out \(40 k–80 k\) \(gpt-4\.1-mini\); how/,
  );
  assert.match(text, /how long is not known without --probe$/m);
  assert.match(text, /^The cost is not known: azure:chat is .*"price" in settings\.json/m);
  assert.match(text, /hidden tokens.*--probe 20/);
  assert.match(text, /^Assumed: one thing; another\.$/m);
  assert(!text.includes("$"));
  assert.match(
    estimateText({ ...facts, estimate: { ...estimate, isLeast: true } }),
    /≈ at least \$/,
  );
});

Deno.test("the value with the fewest rows says what the rows can tell", () => {
  const value = { share: 0.5, rows: 1000, shareMargin: 0.02, rateMargin: 0.03 };
  const few = { value: "70+", share: 0.01, rows: 20, shareMargin: 0.006, rateMargin: 0.21 };
  const rest = { largest: { ...value, value: "x" }, corrected: false };
  const rarest = rarestOf({
    count: 2000,
    length: null,
    attributes: [
      { stem: "tone", values: 2, rarest: { ...value, value: "" }, ...rest },
      { stem: "ålder", values: 4, rarest: few, ...rest },
      { stem: "language", values: 1, rarest: { ...few, rows: 1 }, ...rest },
    ],
  });
  assert.match(
    estimateText({ ...facts, rarest }),
    /\nThe rarest value, ålder = "70\+", gets 20 rows: its share is known to ±\.006, its refusal rate to ±\.21\.$/,
  );
});

Deno.test("estimate asks nothing and writes nothing, and needs no key", async () => {
  await using folder = await folderWithConfig();
  const words = ["estimate", "--config", "metro", "--count", "2000", "--output", "runs"];
  const { code, out, err } = await run([...words, "--model", "openai:gpt-4.1-mini"], {
    from: folder.path,
  });
  assert.equal(code, 0, err);
  assert.match(err, /^plumbline .* metro \(Metro chat\) · 2 attributes, 4 values/);
  assert.match(
    out,
    /^2,000 rows ≈ [\d.]+ k tokens in, [\d.]+ k out ≈ \$0\.\d\d \(0\.\d\d–0\.\d\d; gpt/,
  );
  assert.match(out, /how long is not known without --probe$/m);
  assert.match(out, /^The rarest value, topic = "Delays", gets 500 rows/m);
  assert.match(out, /deno task estimate --config metro --output runs .*--count 2000 --probe 20\n$/);
  const names = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
  assert.deepEqual(names, ["metro"]);
});

Deno.test("estimate --json gives ranges on stdout and the lines on stderr", async () => {
  await using folder = await folderWithConfig({ price: { input: 100, output: 0 } });
  const words = ["estimate", "--config", "metro", "--count", "30", "--json", "--output", "runs"];
  const { code, out, err } = await run([...words, "--model", "azure:chat"], { from: folder.path });
  assert.equal(code, 0, err);
  const { rows, tokens, cost, seconds, price, rarest, model } = JSON.parse(out);
  assert.deepEqual([rows, seconds, model], [30, null, "azure:chat"]);
  assert(Math.abs(cost.estimate - tokens.input.estimate / 1e4) < 1e-9);
  assert.match(price.origin, /settings\.json/);
  assert.equal(rarest.value, "Delays");
  assert.match(err, /30 rows ≈ /);
});

Deno.test("estimate --probe measures real rows, keeps them, and generate goes on after them", async () => {
  await using endpoint = await startEndpoint({
    script: () =>
      ok("Where is my train?", { usage: { prompt_tokens: 400, completion_tokens: 20 } }),
  });
  await using folder = await folderWithConfig({ price: { input: 1, output: 30 } });
  const env = { OPENAI_BASE_URL: endpoint.baseURL };
  const typed = { from: folder.path, env };
  const common = ["--config", "metro", "--output", "runs", "--model", "openai:m", "--count", "30"];
  const probed = await run(["estimate", ...common, "--probe", "5"], typed);
  assert.equal(probed.code, 0, probed.err);
  assert.equal(endpoint.requests, 5);
  assert.match(
    probed.err,
    /^Asking 5 rows of openai:m, about \$0\.00\d+ …\n5 of 5 rows answered.*runs\/metro-1-\w+ \(a run made in one; in shards: --shard/m,
  );
  assert.match(
    probed.out,
    /^30 rows ≈ 12 k tokens in, 600 out ≈ \$0\.03 \(m, price from settings\.json\) ≈ .* at 64 in flight\n5 of/,
  );
  assert.match(probed.out, /^Measured on 5 rows of this run/m);
  assert.match(probed.out, /^Next: deno task generate --config metro .*--count 30\n/m);

  const again = await run(["estimate", ...common, "--probe", "5"], typed);
  assert.equal(again.out, probed.out);
  assert.equal(endpoint.requests, 5);

  const made = await run(["generate", ...common], typed);
  assert.equal(made.code, 0, made.err);
  assert.equal(endpoint.requests, 30);
  assert.equal((await recordsIn(await onlyRun(join(folder.path, "runs")))).length, 30);
});

Deno.test("estimate --shard says what that shard takes, and probes its rows", async () => {
  await using endpoint = await startEndpoint({
    script: () =>
      ok("Where is my train?", { usage: { prompt_tokens: 400, completion_tokens: 20 } }),
  });
  await using folder = await folderWithConfig({ price: { input: 1, output: 30 } });
  const typed = { from: folder.path, env: { OPENAI_BASE_URL: endpoint.baseURL } };
  const common = ["estimate", "--config", "metro", "--output", "runs", "--model", "openai:m"];
  const shard = [...common, "--count", "300", "--shard", "2/4"];
  const offline = await run(shard, typed);
  assert.match(offline.out, /^64 rows \(shard 2\/4 of 300\) ≈ /);
  assert.match(offline.out, /gets 16 rows/);
  assert.match(offline.out, /deno task estimate .*--shard 2\/4 .*--count 300 --probe 20\n$/);
  const probed = await run([...shard, "--probe", "4"], typed);
  assert.equal(probed.code, 0, probed.err);
  assert.match(probed.out, /^64 rows \(shard 2\/4 of 300\) ≈ 26 k tokens in, 1\.3 k out ≈ \$0\.06/);
  const inside = join(await onlyRun(join(folder.path, "runs")), "shard-2-of-4");
  assert.match(probed.out, /\nNext: deno task generate .*--shard 2\/4 .*--count 300\n$/);
  assert.doesNotMatch(probed.err, /made in one/);
  // What is said of the whole run leads to a command that takes it.
  const { out } = await run([...common, "--count", "300"], typed);
  assert.match(out, /\nNext, for each of its 4 shards: deno task generate .* --shard 1\/4 …\n$/);
  assert.deepEqual((await recordsIn(inside)).map(({ row }) => row).sort(), [64, 65, 66, 67]);
  const none = await run([...common, "--count", "20", "--shard", "2/4"], typed);
  assert.deepEqual([none.code, none.out], [0, ""]);
  assert.match(none.err, /Shard 2\/4 of so few rows has none/);
});

Deno.test("estimate --probe tells why nothing came, and exits 3", async () => {
  await using endpoint = await startEndpoint({
    script: () => apiError(401, "Incorrect API key provided", { code: "invalid_api_key" }),
  });
  await using folder = await folderWithConfig();
  const { code, out, err } = await run(
    ["estimate", "--config", "metro", "--output", "runs", "--model", "openai:m", "--probe", "3"],
    {
      from: folder.path,
      env: { OPENAI_BASE_URL: endpoint.baseURL, OPENAI_API_KEY: "k3y-of-mine" },
    },
  );
  assert.deepEqual([code, out], [3, ""], err);
  assert.match(err, /can't be asked: .*401/);
  assert(!err.includes("k3y-of-mine"));
});

Deno.test("estimate --batch halves the money and says that it takes up to a day", async () => {
  await using from = await folderWithConfig({ price: { input: 1, output: 2 } });
  const words = ["estimate", "--config", "metro", "--count", "200", "--json"];
  const typed = { from: from.path, env: { OPENAI_API_KEY: "k3y-for-tests" } };
  const [live, batch] = await Promise.all([run(words, typed), run([...words, "--batch"], typed)]);
  const [cost, half] = [live, batch].map(({ out }) => JSON.parse(out).cost.estimate);
  assert(cost > 0 && Math.abs(half - cost / 2) < 1e-9, `${cost} ${half}`);
  assert.match(batch.err, /deno task estimate .*--count 200 --batch --probe 20$/m);
  assert.match(batch.err, /half of price from settings\.json.*; by batch within 24 hours$/m);
  const local = await run([...words, "--batch", "--model", "simulated:faithful"], typed);
  assert.equal(local.code, 2);
  assert.match(local.err, /has no batches/);
});
