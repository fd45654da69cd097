import assert from "node:assert/strict";
import { join } from "node:path";
import { linesIn, promptOf, truth, writeRun } from "../judge/judging.ts";
import { ok, startEndpoint } from "../endpoint.ts";
import { childrenOf, folder as newFolder, run, start, until, write } from "./command_line.ts";
import { configFiles } from "./command_line.ts";

const RUN = "runs/metro-1";
const WORDS = ["judge", "metro-1", "--output", "runs", "--model", "openai:judge"];

Deno.test({
  name: "kill -9 of the process that judges: the same command goes on, nothing is asked twice",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using from = await newFolder();
    await writeRun(join(from.path, RUN), { rows: 60 });
    await using endpoint = await startEndpoint({
      script: ({ body }) => truth(body),
      latencyMs: 20,
    });
    const typed = { from: from.path, env: { OPENAI_BASE_URL: endpoint.baseURL } };
    const words = [...WORDS, "--concurrency", "4"];
    const started = start(words, typed);
    await until("some rows are judged", () => endpoint.requests > 20);
    const [child] = await childrenOf(started.pid);
    assert(child !== undefined);
    Deno.kill(child, "SIGKILL");
    assert.equal((await started.ended).code, 137);

    const { code, out, err } = await run([...words, "--json"], typed);
    assert.equal(code, 0, err);
    const { counts, name } = JSON.parse(out);
    assert.deepEqual([name, counts.labelled, counts.open], ["metro-1", 120, 0]);
    assert.match(
      err,
      /120 questions = 120 labelled \+ 0 unlabelled \+ 0 open → runs\/metro-1\/labels/,
    );
    assert.match(
      err,
      /Next: deno task analyze runs\/metro-1\nSurer: deno task label runs\/metro-1/,
    );
    assert(endpoint.requests <= 60 + 4, "more than the calls in flight were paid twice");
    const lines = await linesIn(join(from.path, RUN));
    const keys = lines.map(({ row, attribute }) => `${row} ${attribute}`);
    assert.equal(new Set(keys).size, 120);
    assert(keys.length <= 120 + 4);
  },
});

Deno.test("judge says what it will cost, who judges, and where it can't", async () => {
  await using from = await newFolder();
  await writeRun(join(from.path, RUN), { rows: 8 });
  const typed = { from: from.path };
  const dry = await run([...WORDS, "--dry-run", "--price", "1,2"], typed);
  assert.equal(dry.code, 0, dry.err);
  assert.match(dry.out, /=== row 0 for openai:judge\n--- system\nYou label messages/);
  assert.match(dry.err, /8 of 8 ok rows, 2 questions each: 8 calls ≈ \d+(\.\d+)? k tokens in/);
  assert.match(dry.err, /≈ \$0\.00\d+ .*Nothing was asked and nothing was written/s);

  const local = await run([...WORDS.slice(0, 4), "--model", "local:smollm2-135m"], typed);
  assert.deepEqual([local.code, local.out], [2, ""]);
  assert.match(local.err, /local:smollm2-135m can't judge: it is too small/);
  const unknown = await run([...WORDS, "--attribute", "tone"], {
    ...typed,
    env: { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://127.0.0.1:9/v1" },
  });
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /"tone" is no attribute of metro-1 that can be labelled/);
});

Deno.test("judge labels the rows of a file beside it, by a config's values", async () => {
  await using from = await newFolder();
  await using endpoint = await startEndpoint({
    script: ({ body }) =>
      ok(
        JSON.stringify({
          topic: promptOf(body).includes("late") ? "Delays" : "Tickets",
          tone: "Angry",
        }),
      ),
  });
  const files = { "chats.csv": "message\nWhy so late?\nA ticket!\n", ...configFiles("metro") };
  await write(from.path, files);
  const typed = { from: from.path, env: { OPENAI_BASE_URL: endpoint.baseURL } };
  const words = ["judge", "chats.csv", "--text", "message", "--config", "metro"]
    .concat("--model", "openai:judge");
  const { code, err } = await run(words, typed);
  assert.equal(code, 0, err);
  assert.match(err, /4 questions = 4 labelled .* → chats\.csv\.labels\.jsonl/);
  const path = join(from.path, "chats.csv.labels.jsonl");
  const lines = (await Deno.readTextFile(path)).trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.filter(({ attribute }) => attribute === "topic").map(({ label }) => label).toSorted(),
    ["Delays", "Tickets"],
  );
  const again = await run(words, typed);
  assert.match(again.err, /Nothing to do/);
  assert.equal(endpoint.requests, 2);
  // Another text in its place is judged anew.
  await Deno.writeTextFile(join(from.path, "chats.csv"), "message\nWhy so late?\nSo late!\n");
  await run(words, typed);
  assert.equal(endpoint.requests, 3);
});

Deno.test("judge --model hand learns from labels by hand, without network or key", async () => {
  await using from = await newFolder();
  await writeRun(join(from.path, RUN), { rows: 160 });
  const labels = Array.from({ length: 120 }, (_, row) =>
    JSON.stringify({
      ...{ row, attribute: "topic", label: ["Tickets", "Delays"][row % 2], by: "person" },
      ...{ sample: "random", p: 0.75, at: new Date().toISOString() },
    }));
  await write(from.path, { [`${RUN}/labels.jsonl`]: labels.join("\n") + "\n" });
  const words = ["judge", "metro-1", "--output", "runs", "--model", "hand"];
  const { code, err } = await run(words, { from: from.path });
  assert.equal(code, 0, err);
  assert.match(err, /topic: right about 1[12]\d of 120 texts that it hadn't seen/);
  assert.match(err, /160 new labels of 160 ok rows → runs\/metro-1\/labels\.jsonl/);
  const own = (await linesIn(join(from.path, RUN))).filter(({ by }) => by === "judge:hand");
  assert(own.every(({ row, label }) => label === ["Tickets", "Delays"][row % 2]));

  await write(from.path, { [`${RUN}/labels.jsonl`]: labels.slice(0, 40).join("\n") + "\n" });
  const few = await run(words, { from: from.path });
  assert.deepEqual([few.code, few.out], [2, ""]);
  assert.match(few.err, /topic has 40 labels by hand.*deno task label RUN --n 100/s);
});
