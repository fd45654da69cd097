import assert from "node:assert/strict";
import { join } from "node:path";
import { analyze } from "../../src/analysis/analyze.ts";
import { fileSource } from "../../src/analysis/reading/file_source.ts";
import { runSource } from "../../src/analysis/reading/run_source.ts";
import type { Sampling } from "../../src/config/types.ts";
import { plan } from "../../src/plan/plan.ts";
import { writeManifest } from "../../src/run/log/manifest.ts";
import { readRun, type Run } from "../../src/run/log/read.ts";
import { config, manifest, record, temporaryFolder } from "../run/fixtures.ts";

/** Writes a run in which rows from `done` on are pending, and reads it. */
async function runOf(
  output: string,
  { name = "metro", seed = 1, count = 40, done = 30, sampling = "even" }: {
    name?: string;
    seed?: number;
    count?: number;
    done?: number;
    sampling?: Sampling;
  } = {},
): Promise<Run> {
  await Deno.mkdir(join(output, name), { recursive: true });
  await writeManifest(join(output, name), manifest(count, { seed, sampling }));
  const planned = plan(config(), { seed, sampling });
  const lines = Array.from({ length: done }, (_, row) =>
    JSON.stringify(record(row, {
      ...planned(row),
      text: row % 2
        ? `Could you please tell me where train number ${row} of ${name} is?`
        : "Could you please tell me where my train is?",
      words: row % 2 ? 12 : 9,
    })) + "\n");
  await Deno.writeTextFile(join(output, name, "records.jsonl"), lines.join(""));
  return await readRun(name, { output });
}

const now = () => new Date("2026-01-31T12:00:00Z");

Deno.test("analyze() takes a run as it was read, and gives the same twice", async () => {
  await using folder = await temporaryFolder();
  const run = await runOf(folder.path);
  const findings = await analyze(run, { now });
  assert.deepEqual(await analyze(runSource(run), { now }), findings);
  assert.deepEqual(await analyze([run], { now }), findings);
  const { made, rows, attributes, coverage } = findings;
  assert.deepEqual([made.at, made.from], ["2026-01-31T12:00:00.000Z", ["metro"]]);
  assert.deepEqual(made.files, run.files);
  assert.deepEqual([rows.planned, rows.ok, rows.pending], [40, 30, 10]);
  // The pending rows are among those that were asked for.
  const planned = Array.from({ length: 40 }, (_, row) => row)
    .map(plan(config(), { seed: 1, sampling: "even" }));
  const tickets = planned.filter(({ attributes }) => attributes.topic === "Tickets").length;
  const [first] = attributes.topic?.values ?? [];
  assert.deepEqual([first?.value, first?.requested], ["Tickets", tickets / 40]);
  assert.deepEqual(coverage.pairs, { possible: 4, seen: 4 });
  assert.equal(findings.diversity.exactDuplicates, 14);
});

Deno.test("nothing in the findings is NaN, of no rows, one row, or rows that all are lost", async () => {
  await using folder = await temporaryFolder();
  const runs = [
    await runOf(folder.path, { name: "none", done: 0 }),
    await runOf(folder.path, { name: "one", count: 1, done: 1 }),
    await runOf(folder.path, { name: "some" }),
  ];
  const path = join(folder.path, "lost.jsonl");
  const line = { text: null, outcome: "refused", attributes: { tone: "Angry" } };
  await Deno.writeTextFile(path, JSON.stringify(line) + "\n" + JSON.stringify(line));
  for (const source of [...runs.map(runSource), await fileSource(path)]) {
    for (const [way, number] of numbersIn(await analyze(source), source.name)) {
      assert(Number.isFinite(number), `${way} is ${number}`);
    }
  }
});

/** All numbers in a value, by the way to them. */
function* numbersIn(value: unknown, way: string): Generator<[string, number]> {
  if (typeof value === "number") yield [way, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* numbersIn(inner, `${way}.${key}`);
}

Deno.test("rows of several runs are summed, and each is named with its run", async () => {
  await using folder = await temporaryFolder();
  const runs = [
    await runOf(folder.path, { name: "a" }),
    await runOf(folder.path, { name: "b", seed: 2, done: 40 }),
  ];
  const findings = await analyze(runs, { now });
  assert.deepEqual([findings.rows.planned, findings.rows.ok, findings.rows.pending], [80, 70, 10]);
  assert.deepEqual(findings.made.from, ["a", "b"]);
  assert.equal(findings.made.files.length, 2);
  assert.equal(findings.diversity.exactDuplicates, 34);
  const named = findings.diversity.nearDuplicates.largest.flatMap(({ rows }) => rows);
  const examples = findings.terms.template.flatMap(({ examples }) => examples);
  for (const rows of [named, examples]) {
    assert.deepEqual(new Set(rows.map(({ run }) => run)), new Set(["a", "b"]));
  }
  const alone = await analyze(runs[0]!, { now });
  for (const { rows } of alone.diversity.nearDuplicates.largest) {
    assert(rows.every((row) => !("run" in row)));
  }
});

Deno.test("rows of which some were drawn independently have the noise of such", async () => {
  await using folder = await temporaryFolder();
  const even = await runOf(folder.path, { name: "a" });
  const noiseWith = async (other: Run) => {
    const { attributes } = await analyze([even, other]);
    return attributes.tone?.noise95.requested ?? 0;
  };
  const alike = await noiseWith(await runOf(folder.path, { name: "b", seed: 2 }));
  const mixed = await noiseWith(await runOf(folder.path, { name: "c", sampling: "independent" }));
  assert(mixed > 0.08 && alike < 0.04, `${mixed}, ${alike}`);
});

Deno.test("where no language was asked for, the texts tell it", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.json");
  const english = "Hello there, where can I buy a ticket?";
  const texts = Array.from(
    { length: 12 },
    (_, row) => row === 0 ? english : `Hur mycket kostar biljett ${row} till tåget?`,
  );
  await Deno.writeTextFile(path, JSON.stringify(texts));
  const { languages, length } = await analyze(await fileSource(path));
  assert.deepEqual(languages, [{ language: "sv", rows: 12 }]);
  // Nor was a length asked for, and none is wanted: the lengths are told by themselves.
  assert.ok(length);
  assert.deepEqual([length.target, length.requested, length.realised, length.ratio], [
    null,
    null,
    null,
    null,
  ]);
  assert.deepEqual(length.quantiles.find(({ p }) => p === 0.5), {
    p: 0.5,
    target: null,
    requested: null,
    realised: 7,
  });
});

Deno.test("what is done is told, and how many rows are read", async () => {
  await using folder = await temporaryFolder();
  const stages: string[] = [];
  let rows = 0;
  await analyze(await runOf(folder.path), {
    onStage: (stage) => stages.push(stage),
    onProgress: (read) => rows = Math.max(rows, read),
  });
  assert(stages.includes("reading rows"));
  assert.equal(new Set(stages).size, stages.length);
  assert.equal(rows, 30);
});

Deno.test("analyze() refuses nothing at all", async () => {
  await assert.rejects(analyze([]), /Nothing to analyse/);
});
