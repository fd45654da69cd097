import assert from "node:assert/strict";
import { join } from "node:path";
import type { RowRecord } from "../../src/run/types.ts";
import { plan } from "../../src/plan/plan.ts";
import { config, manifest, record } from "../run/fixtures.ts";
import { folder as newFolder, run, write } from "./command_line.ts";
import { runHere } from "./in_process.ts";

/** The metro's topics and tones, without lengths; tickets are drawn for twice as often as wanted. */
const METRO = {
  ...config(),
  attributes: {
    topic: [
      { value: "Tickets", score: 1, factor: 2, prompt: null, when: null },
      { value: "Delays", score: 2, factor: 1, prompt: null, when: null },
    ],
    tone: config().attributes["tone"]!,
  },
  length: null,
};

/** A run `runs/metro-1` of which each row comes out by its number and what it asks for. */
async function runOf(
  rows: number,
  outcomeOf: (row: number, topic: string) => RowRecord["outcome"] | "pending" = () => "ok",
  labels: readonly object[] = [],
): Promise<{ path: string; files: string } & AsyncDisposable> {
  const made = await newFolder();
  const ask = plan(METRO, { seed: 1, sampling: "even" });
  const records = Array.from({ length: rows }, (_, row) => {
    const { attributes } = ask(row);
    const outcome = outcomeOf(row, attributes["topic"] ?? "");
    return outcome === "pending" ? [] : [record(row, { attributes, outcome })];
  }).flat();
  await write(made.path, {
    "runs/metro-1/run.json": manifest(rows, { config: METRO }),
    "runs/metro-1/records.jsonl": linesOf(records),
    ...(labels.length > 0 ? { "runs/metro-1/labels.jsonl": linesOf(labels) } : {}),
  });
  return { ...made, files: join(made.path, "runs/metro-1") };
}

function linesOf(items: readonly object[]): string {
  return items.map((item) => JSON.stringify(item) + "\n").join("");
}

/** Labels of the first rows: what was asked, or what else is found. */
function labelled(rows: number, found: (topic: string, row: number) => string, by = "person") {
  const ask = plan(METRO, { seed: 1, sampling: "even" });
  return Array.from({ length: rows }, (_, row) => ({
    row,
    attribute: "topic",
    label: found(ask(row).attributes["topic"] ?? "", row),
    by,
    sample: "random",
    p: 1,
    at: "2026-02-01T12:00:00.000Z",
  }));
}

const CHECK = ["check", "metro-1", "--output", "runs"];

Deno.test("check passes a run that is as drawn for, and says what isn't measured", async () => {
  await using from = await runOf(400);
  // Tickets are wanted half as often as they are drawn for.
  const { code, out, err } = await run(CHECK, { from: from.path });
  assert.deepEqual([code, out], [0, ""], err);
  assert.match(err, /^400 planned = 400 ok \+ 0 pending\n/m);
  assert.match(
    err,
    /^topic: \.0\d\d from what was drawn for, within \.05 \+ \.0\d\d of error \(ok rows, not measured\)$/m,
  );
  assert.match(
    err,
    /^Not measured: (topic, tone|tone, topic)\..* deno task label runs\/metro-1\.$/m,
  );
  assert.match(err, /\nPasses: /);
  const required = await run([...CHECK, "--require", "measured"], { from: from.path });
  assert.equal(required.code, 1, required.err);
  assert.match(required.err, /\nFails: not measured: (topic, tone|tone, topic)\.\n$/);
});

Deno.test("check fails where losses leave other shares, naming attribute and values", async () => {
  await using from = await runOf(
    400,
    (row, topic) => topic === "Delays" && row % 5 > 0 ? "refused" : "ok",
  );
  const { code, out, err } = await run([...CHECK, "--json"], { from: from.path });
  assert.equal(code, 1, err);
  assert.match(err, /\ntopic: \.3\d\d from what was drawn for, beyond \.05 \+ \.0\d\d of error/);
  assert.match(err, /\n {2}"Delays": 1\d % of ok rows \(\d+–\d+ %\), drawn for: 50 %\n/);
  assert.match(err, /\nFails: beyond its limit: topic\.\n/);
  const { passes, beyond, notMeasured, attributes, rows, ...rest } = JSON.parse(out);
  assert.deepEqual(
    [passes, beyond, notMeasured, rows.refused > 100, rest],
    [false, ["topic"], ["topic", "tone"], true, { run: "metro-1", tolerance: 0.05 }],
  );
  const [topic] = attributes;
  assert(topic.distance > topic.limit && topic.isBeyond && topic.off.length === 2);
  const tolerated = await runHere([...CHECK, "--tolerance", "40%"], { from: from.path });
  assert.equal(tolerated.code, 0, tolerated.err);
});

Deno.test("check holds what texts are against the target where labels tell", async () => {
  const drift = labelled(150, (topic, row) => row % 2 ? "Tickets" : topic);
  await using from = await runOf(400, undefined, drift);
  const { code, err } = await runHere(CHECK, { from: from.path });
  assert.equal(code, 1, err);
  assert.match(err, /\ntopic: \.\d+ from its target, beyond .* of error \(texts, by person\)\n/);
  assert.match(err, /\n {2}"Tickets": 7\d % of texts \(\d\d–\d\d %\), wanted: 33 %\n/);
  assert.match(err, /\nNot measured: tone\./);
  // As wanted: two thirds are of delays.
  await using fine = await runOf(
    400,
    undefined,
    labelled(150, (topic, row) => row % 3 === 0 ? "Delays" : topic),
  );
  const passed = await runHere(CHECK, { from: fine.path });
  assert.equal(passed.code, 0, passed.err);
});

Deno.test("check takes the word of a judge that nobody looked at, and says so", async () => {
  const drift = labelled(300, () => "Tickets", "judge:m");
  await using from = await runOf(300, undefined, drift);
  const { code, err } = await runHere(CHECK, { from: from.path });
  assert.equal(code, 1, err);
  assert.match(err, /\ntopic: .*\(texts, by judge:m alone: its own error isn't known\)\n/);
});

Deno.test("check compares instructions by ok rows and tells how many texts follow them", async () => {
  const labels = labelled(60, (_, row) => row % 4 ? "yes" : "no")
    .map((label) => ({ ...label, asked: "Tickets" }));
  await using from = await runOf(200, undefined, labels);
  const words = [...CHECK, "--json"];
  const { code, out, err } = await runHere(words, { from: from.path });
  assert.equal(code, 0, err);
  assert.match(
    err,
    /\ntopic: .* from what was drawn for.*\(ok rows; 8\d % of texts follow it, by pers/,
  );
  const { notMeasured, attributes } = JSON.parse(out);
  assert.deepEqual(notMeasured, ["tone"]);
  const topic = attributes.find(({ attribute }: { attribute: string }) => attribute === "topic");
  assert.equal(topic.followed[0].value, "Tickets");
});

Deno.test("check makes the analysis where it is missing or old, and else takes it", async () => {
  await using from = await runOf(100);
  const file = join(from.files, "analysis.json");
  const made = async () => JSON.parse(await Deno.readTextFile(file)).made;
  assert.equal((await runHere(CHECK, { from: from.path })).code, 0);
  const first = await made();
  assert.equal((await runHere(CHECK, { from: from.path })).code, 0);
  assert.deepEqual(await made(), first);
  // Labels came, then more of them: each makes it old.
  const labels = linesOf(labelled(40, () => "Tickets"));
  await Deno.writeTextFile(join(from.files, "labels.jsonl"), labels);
  const labelledOnce = await runHere(CHECK, { from: from.path });
  assert.equal(labelledOnce.code, 1, labelledOnce.err);
  const second = await made();
  assert.deepEqual(second.files.map(({ path }: { path: string }) => path), [
    "records.jsonl",
    "labels.jsonl",
  ]);
  await Deno.writeTextFile(join(from.files, "labels.jsonl"), labels + "\n");
  assert.equal((await runHere(CHECK, { from: from.path })).code, 1);
  assert.equal((await made()).files[1].bytes, second.files[1].bytes + 1);
  // What is broken, or made by another version, is made again.
  const whole = await Deno.readTextFile(file);
  for (const content of ["{", "{}", whole.replace(second.plumbline, "0.0.1")]) {
    await Deno.writeTextFile(file, content);
    assert.equal((await runHere(CHECK, { from: from.path })).code, 1);
    assert.equal((await made()).plumbline, second.plumbline);
  }
});

Deno.test("check says what is pending, and fails where no row is ok", async () => {
  await using half = await runOf(200, (row) => row < 100 ? "ok" : "pending");
  const unfinished = await runHere(CHECK, { from: half.path });
  assert.equal(unfinished.code, 0, unfinished.err);
  assert.match(unfinished.err, /\n100 rows are pending: the same generate command again finishes/);
  await using none = await runOf(20, () => "refused");
  const { code, out, err } = await run([...CHECK, "--json"], { from: none.path });
  assert.equal(code, 1, err);
  assert.match(err, /\nFails: no row is ok, so there is nothing to compare\.\n/);
  assert.equal(JSON.parse(out).passes, false);
});

Deno.test("check refuses what it can't read or understand with exit 2", async (t) => {
  await using from = await runOf(20);
  await Deno.writeTextFile(join(from.files, "labels.jsonl"), '{"row":1}\n{"row":2}\n');
  const cases: [string, string[], RegExp][] = [
    ["an unknown run", ["check", "nobody", "--output", "runs"], /No run "nobody" in runs/],
    [
      "a tolerance that is none",
      [...CHECK, "--tolerance", "5"],
      /a share from 0 to 1 such as \.05/,
    ],
    ["something else required", [...CHECK, "--require", "all"], /Allowed choices are measured/],
    ["a broken label", CHECK, /labels\.jsonl, line 1: no label.*\n.*--skip-bad-lines/],
  ];
  for (const [what, words, message] of cases) {
    await t.step(what, async () => {
      const { code, out, err } = await runHere(words, { from: from.path });
      assert.deepEqual([code, out], [2, ""], err);
      assert.match(err, message);
    });
  }
  const skipped = await runHere([...CHECK, "--skip-bad-lines"], { from: from.path });
  assert.equal(skipped.code, 0, skipped.err);
  assert.match(skipped.err, /labels\.jsonl, line 2: .*: it is left out\./);
});
