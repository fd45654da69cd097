import assert from "node:assert/strict";
import { join } from "node:path";
import { uniform } from "../../src/stats/random.ts";
import { modelOf } from "../../src/models/model.ts";
import { generate } from "../../src/run/generate.ts";
import { readRun } from "../../src/run/log/read.ts";
import { OUTCOMES, type RowRecord } from "../../src/run/types.ts";
import {
  apiError,
  type Behaviour,
  brokenJson,
  halfBody,
  hang,
  htmlPage,
  limited,
  ok,
  reset,
  slow,
  startEndpoint,
  status,
} from "../endpoint.ts";
import { config, temporaryFolder } from "./fixtures.ts";

const ROWS = 2_000;

/** The weather: what befalls which share of the calls. */
const STORM: [share: number, name: string, behaviour: (number: number) => Behaviour][] = [
  [0.05, "500", () => status(500)],
  [0.05, "429", (number) => limited(number % 2 === 0 ? { "retry-after-ms": "30" } : {})],
  [0.01, "filter of the prompt", () => apiError(400, "Filtered", { code: "content_filter" })],
  [0.01, "filter of the answer", () => ok("Where", { finishReason: "content_filter" })],
  [0.02, "empty", () => ok("")],
  [0.01, "broken", (number) => [brokenJson(), halfBody(), htmlPage()][number % 3] ?? brokenJson()],
  [0.01, "reset", () => reset()],
  [0.002, "hang", () => hang()],
];

Deno.test("in a storm of faults each row ends in one outcome, and no answer is lost", async () => {
  await using folder = await temporaryFolder();
  const befell = new Map<string, number>();
  /** Texts of answers with status 200 that were sent, by the row's seed. */
  const sent = new Map<number, string[]>();
  await using endpoint = await startEndpoint({
    script(asked) {
      const seed = asked.body.seed ?? -1;
      let left = uniform("storm", seed, asked.attemptOfThisRow);
      for (const [share, name, behaviour] of STORM) {
        left -= share;
        if (left >= 0) continue;
        befell.set(name, (befell.get(name) ?? 0) + 1);
        if (name === "filter of the answer") sent.set(seed, [...sent.get(seed) ?? [], "Where"]);
        return behaviour(asked.number);
      }
      const text = `Text ${asked.number} for seed ${seed}`;
      sent.set(seed, [...sent.get(seed) ?? [], text]);
      return slow(5, ok(text));
    },
  });
  const model = modelOf({ provider: "openai", name: "m", origin: "test" }, {
    env: { OPENAI_BASE_URL: endpoint.baseURL },
    settings: { ...config().settings, timeout: 2 },
    project: ".",
  });
  const told: RowRecord[] = [];
  let limitedCalls = 0;
  const summary = await generate(config(), {
    model,
    output: folder.path,
    run: "storm",
    count: ROWS,
    onRecord: (record) => told.push(record),
    onProgress: ({ limited = 0 }) => limitedCalls = limited,
  });

  assert.equal(summary.stopped, null);
  const { counts } = summary;
  assert.equal(counts.pending, 0);
  assert.equal(OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0), ROWS);
  for (const [, name] of STORM) assert.ok((befell.get(name) ?? 0) > 0, `no ${name} came`);

  const lines = (await Deno.readTextFile(join(summary.folder, "records.jsonl"))).trim().split("\n");
  assert.equal(lines.length, ROWS, "a row has two records, or none");
  const run = await readRun("storm", { output: folder.path });
  assert.deepEqual(run.counts, counts);
  const rows = await Array.fromAsync(run.rows());
  assert.equal(new Set(rows.map(({ row }) => row)).size, ROWS);
  assert.equal(told.length, ROWS);

  const seeds = new Map([...endpoint.log].map(({ body, number }) => [number, body.seed ?? -1]));
  const kept = new Set(rows.map(({ text }) => text));
  for (const [seed, texts] of sent) {
    assert.equal(texts.length, 1, `the row of seed ${seed} was paid ${texts.length} times`);
    for (const text of texts) assert.ok(kept.has(text), `"${text}" was sent and is not in the log`);
  }
  for (const { row, outcome, text, reason, attempts, calls } of rows) {
    assert.equal(outcome === "ok", reason === null, `row ${row} is ${outcome}: ${reason}`);
    if (outcome === "ok") {
      const [, number, seed] = /^Text (\d+) for seed (\d+)$/.exec(text ?? "") ?? [];
      assert.equal(seeds.get(Number(number)), Number(seed), `row ${row} has another row's text`);
    }
    assert.ok(attempts >= 1 && attempts <= 4 && calls >= attempts, `${attempts} of ${calls}`);
  }

  const filtered = (befell.get("filter of the prompt") ?? 0) +
    (befell.get("filter of the answer") ?? 0);
  assert.equal(counts.filtered, filtered, "a filtered row isn't asked again");
  assert.equal(counts.empty, befell.get("empty"));
  assert.equal(limitedCalls, befell.get("429"));
  assert.ok(counts.failed <= 2, `${counts.failed} rows failed four times`);
});
