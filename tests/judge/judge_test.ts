import assert from "node:assert/strict";
import { join } from "node:path";
import { apiError, ok, startEndpoint, status } from "../endpoint.ts";
import { record, temporaryFolder } from "../run/fixtures.ts";
import { judgeBy, linesIn, promptOf, truth, writeRun } from "./judging.ts";

Deno.test("each question of each row gets a label, blind, at temperature 0, by one call a row", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ script: ({ body }) => truth(body) });
  await writeRun(folder.path, { rows: 20 });
  const { counts, by, stopped, cost, usage } = await judgeBy(endpoint.baseURL, folder.path);
  assert.equal(by, "judge:openai:judge");
  assert.equal(stopped, null);
  assert.deepEqual([counts.questions, counts.labelled, counts.open], [40, 40, 0]);
  assert.deepEqual([cost, usage], [null, { input: 240, output: 100 }]);

  const lines = await linesIn(folder.path);
  const topics = lines.filter(({ attribute }) => attribute === "topic");
  assert(topics.every(({ row, label }) => label === ["Tickets", "Delays"][row % 2]));
  assert(lines.every(({ p, sample }) => p === 1 && sample === "random"));
  const asked = lines.filter(({ attribute }) => attribute === "instruction")
    .map(({ asked }) => asked);
  assert.deepEqual(new Set(asked), new Set(["Ask why", "Ask when"]), "not only the row's own");
  assert.equal(lines.filter(({ calls }) => calls === 1).length, 20, "what each call has cost");

  assert.equal(endpoint.requests, 20);
  const { body } = endpoint.log[0]!;
  assert.equal(body.temperature, 0);
  assert(!("frequency_penalty" in body));
  assert.match(JSON.stringify(body.response_format), /"json_schema".*"strict":true/);
  const orders = new Set(
    endpoint.log.map(({ body }) => promptOf(body).match(/- (Tickets|Delays)/)?.[1]),
  );
  assert.equal(orders.size, 2, "the order of answers is shuffled");
});

Deno.test("what is asked once is not asked again; a larger sample asks the rest, with its chances", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ script: ({ body }) => truth(body) });
  await writeRun(folder.path, { rows: 60 });
  await judgeBy(endpoint.baseURL, folder.path, { sample: 20 });
  assert.equal(endpoint.requests, 20);
  const few = await linesIn(folder.path);
  assert(few.every(({ p, sample }) => sample === "stratified" && p !== null && p < 1));
  const again = await judgeBy(endpoint.baseURL, folder.path, { sample: 20 });
  assert.deepEqual([again.asked, again.counts.labelled, endpoint.requests], [0, 40, 20]);

  await judgeBy(endpoint.baseURL, folder.path, { sample: 60 });
  assert.equal(endpoint.requests, 60);
  const newest = new Map(
    (await linesIn(folder.path)).map((line) => [`${line.row} ${line.attribute}`, line]),
  );
  assert.equal(newest.size, 120);
  assert(
    [...newest.values()].every(({ p }) => p === 1),
    "their chance is that of the larger sample",
  );
  const paid = (await linesIn(folder.path)).filter(({ calls }) => calls !== undefined);
  assert.equal(paid.length, 60, "and what they cost is told once");
});

Deno.test("an endpoint that takes no schema is asked in words, which is learned once", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({
    script: ({ body }) =>
      "response_format" in body
        ? apiError(400, "This model does not support structured outputs.")
        : truth(body),
  });
  await writeRun(folder.path, { rows: 12 });
  const said: string[] = [];
  const { counts } = await judgeBy(endpoint.baseURL, folder.path, {
    concurrency: 1,
    note: (message) => said.push(message),
  });
  assert.equal(counts.labelled, 24);
  assert.equal(endpoint.requests, 13);
  assert.match(said.join("\n"), /doesn't take response_format: it is left out/);
});

Deno.test("what is none of the answers is asked once more, plainly, and then stands as other", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({
    script({ body }) {
      const prompt = promptOf(body);
      const isPlain = prompt.includes("exactly one of these answers");
      if (prompt.includes("Message 0 ")) {
        return ok(isPlain ? "It is Trains." : '{"topic": "Trains"}');
      }
      if (prompt.includes("Message 1 ")) {
        return isPlain ? ok("Delays.") : ok('{"topic": "Late", "instruction": "no"}');
      }
      return truth(body);
    },
  });
  await writeRun(folder.path, { rows: 4 });
  const { counts } = await judgeBy(endpoint.baseURL, folder.path);
  assert.deepEqual(counts.why, { "outside again": 1 });
  assert.equal(counts.outside, 1);
  assert.deepEqual([counts.questions, counts.labelled, counts.unlabelled, counts.open], [
    8,
    7,
    1,
    0,
  ]);
  // Four rows; of row 0 both questions again, of row 1 one.
  assert.equal(endpoint.requests, 4 + 3);
  const last = (row: number, stem: string) => (line: { row: number; attribute: string }) =>
    line.row === row && line.attribute === stem;
  const lines = await linesIn(folder.path);
  const trains = lines.findLast(last(0, "topic"));
  assert.equal(trains?.label, "other");
  assert.equal(trains?.note, 'answered "It is Trains."');
  assert.equal(lines.findLast(last(1, "topic"))?.label, "Delays");
  assert.equal(lines.findLast(last(1, "instruction"))?.label, "no");
  await judgeBy(endpoint.baseURL, folder.path);
  assert.equal(endpoint.requests, 7, "nothing is asked a third time");
});

Deno.test("a judge that declines gives no label, whatever the text says of itself", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({
    script({ body }) {
      const prompt = promptOf(body);
      if (prompt.includes("Message 0 ")) return ok("I'm sorry, but I can't help with that.");
      if (prompt.includes("Message 1 ")) return ok(null, { finishReason: "content_filter" });
      if (prompt.includes("Message 2 ")) {
        return apiError(400, "Bad text", { code: "content_filter" });
      }
      return truth(body);
    },
  });
  await writeRun(folder.path, { rows: 6 });
  const { counts } = await judgeBy(endpoint.baseURL, folder.path);
  assert.deepEqual(counts.why, { refused: 2, filtered: 4 });
  assert.deepEqual([counts.labelled, counts.unlabelled, counts.open], [6, 6, 0]);
  const { asked } = await judgeBy(endpoint.baseURL, folder.path);
  assert.equal(asked, 0);
});

Deno.test("a row that was made anew since is judged anew", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ script: ({ body }) => truth(body) });
  await writeRun(folder.path, { rows: 3 });
  await judgeBy(endpoint.baseURL, folder.path);
  const anew = record(1, {
    attributes: { topic: "Delays", instruction: "Ask why" },
    text: "Message 1 about Tickets",
    at: new Date(Date.now() + 60_000).toISOString(),
  });
  await Deno.writeTextFile(join(folder.path, "records.jsonl"), JSON.stringify(anew) + "\n", {
    append: true,
  });
  const { asked } = await judgeBy(endpoint.baseURL, folder.path, {
    now: () => Date.now() + 120_000,
  });
  assert.equal(asked, 1);
  const lines = await linesIn(folder.path);
  assert.equal(
    lines.findLast(({ row, attribute }) => row === 1 && attribute === "topic")?.label,
    "Tickets",
  );
});

Deno.test("rows that a person labelled before are judged, too: they tell how often the judge errs", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ script: ({ body }) => truth(body) });
  await writeRun(folder.path, { rows: 200 });
  const hand = Array.from({ length: 20 }, (_, i) => ({
    row: i * 7,
    attribute: "topic",
    label: "Tickets",
    by: "person",
    sample: "random",
    p: 0.1,
    at: new Date().toISOString(),
  }));
  await Deno.writeTextFile(
    join(folder.path, "labels.jsonl"),
    hand.map((label) => JSON.stringify(label) + "\n").join(""),
  );
  const { counts } = await judgeBy(endpoint.baseURL, folder.path, { sample: 50 });
  assert(counts.rows <= 50);
  const judged = (await linesIn(folder.path)).filter(({ by }) => by !== "person");
  const rows = new Set(judged.map(({ row }) => row));
  assert(hand.every(({ row }) => rows.has(row)));
  // 30 of 200 drawn, evenly over two equal values, or else by hand.
  const chance = 1 - (1 - 30 / 200) * (1 - 0.1);
  assert(judged.every(({ p }) => Math.abs((p ?? 0) - chance) < 1e-9));
});

Deno.test("a limit of money ends it with what was answered, and counts earlier starts", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ script: ({ body }) => truth(body) });
  await writeRun(folder.path, { rows: 100 });
  // 12 tokens in and 5 out: 22 millionths a call.
  const price = { input: 1, output: 2 };
  const start = (maxCost: number) =>
    judgeBy(endpoint.baseURL, folder.path, { maxCost, price, concurrency: 2 });
  const first = await start(0.0015);
  assert(typeof first.stopped === "object" && first.stopped?.exitCode === 3);
  assert.match(first.stopped.message, /--max-cost 0\.0015/);
  assert(first.cost !== null && first.cost <= 0.0015 && first.counts.open > 0);
  const again = await start(0.0015);
  assert(again.cost !== null && again.cost >= first.cost && again.cost <= 0.0015);
  const whole = await start(1);
  assert.deepEqual([whole.stopped, whole.counts.open, endpoint.requests], [null, 0, 100]);
  assert.equal(whole.cost, 0.0022);
});

Deno.test("an endpoint that refuses the key leaves all open, exit 3", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ script: () => status(401) });
  await writeRun(folder.path, { rows: 5 });
  const { stopped, counts } = await judgeBy(endpoint.baseURL, folder.path);
  assert(typeof stopped === "object" && stopped?.exitCode === 3);
  assert.deepEqual([counts.open, counts.labelled], [10, 0]);
});

Deno.test("separately: a call for each question, and still nothing is asked twice", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ script: ({ body }) => truth(body) });
  await writeRun(folder.path, { rows: 5 });
  const { counts } = await judgeBy(endpoint.baseURL, folder.path, { separately: true });
  assert.deepEqual([counts.labelled, endpoint.requests], [10, 10]);
  const topics = endpoint.log.map(({ body }) => promptOf(body))
    .filter((prompt) => prompt.includes('"topic"'));
  assert.equal(topics.length, 5);
  assert.equal((await judgeBy(endpoint.baseURL, folder.path)).asked, 0);
});

Deno.test("labels of a run in parts stand in the part of their row", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ script: ({ body }) => truth(body) });
  for (const index of [1, 2]) {
    const part = join(folder.path, `shard-${index}-of-2`);
    await writeRun(part, { rows: 128 });
    const manifest = JSON.parse(await Deno.readTextFile(join(part, "run.json")));
    await Deno.writeTextFile(
      join(part, "run.json"),
      JSON.stringify({ ...manifest, shard: `${index}/2` }),
    );
    // Shards take blocks of 64 rows in turn.
    const lines = (await Deno.readTextFile(join(part, "records.jsonl"))).trim().split("\n");
    const own = lines.slice((index - 1) * 64, index * 64);
    await Deno.writeTextFile(join(part, "records.jsonl"), own.join("\n") + "\n");
  }
  const { counts, places } = await judgeBy(endpoint.baseURL, folder.path, { sample: 40 });
  assert.deepEqual([counts.rows, counts.open, places.length], [40, 0, 2]);
  for (const index of [1, 2]) {
    const rows = (await linesIn(join(folder.path, `shard-${index}-of-2`))).map(({ row }) => row);
    assert(rows.length > 0 && rows.every((row) => Math.floor(row / 64) === index - 1));
  }
});
