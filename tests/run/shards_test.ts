import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../src/error.ts";
import { isFinished } from "../../src/run/log/finished.ts";
import { generate, type GenerateOptions, type GenerateSummary } from "../../src/run/generate.ts";
import { readManifest } from "../../src/run/log/manifest.ts";
import { type ReadRecord, readRun } from "../../src/run/log/read.ts";
import { startEndpoint } from "../endpoint.ts";
import { config, fakeModel, instantModel, record, reply, temporaryFolder } from "./fixtures.ts";

const SHARDS = ["1/4", "2/4", "3/4", "4/4"];

/** Generates the run `mine` with a model that answers at once. */
function start(output: string, options: Partial<GenerateOptions> = {}) {
  return generate(config(), { model: instantModel(), output, run: "mine", ...options });
}

/** A process that generates the run `mine`, or a shard of it. */
function startProcess(words: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", "--no-check", "-A"]
      .concat(new URL("./generating.ts", import.meta.url).pathname, words),
    stdout: "piped",
  }).spawn();
}

async function summaryOf(child: Deno.ChildProcess): Promise<GenerateSummary> {
  const { success, stdout } = await child.output();
  assert(success);
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function rowsOf(output: string, run = "mine"): Promise<ReadRecord[]> {
  const rows = await Array.fromAsync((await readRun(run, { output })).rows());
  return rows.toSorted((a, b) => a.row - b.row);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).toSorted();
}

function refuses(message: RegExp) {
  return (error: unknown) => {
    assert(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 2);
    assert.match(error.message, message);
    return true;
  };
}

Deno.test("four shards made by four processes at once are the same rows as one run", async () => {
  await using folder = await temporaryFolder();
  const [whole, parts] = [join(folder.path, "whole"), join(folder.path, "parts")];
  const words = ["simulated:faithful", "1000"];
  const started = [[whole, ...words], ...SHARDS.map((shard) => [parts, ...words, shard])]
    .map(startProcess);
  const [one, ...shards] = await Promise.all(started.map(summaryOf));
  assert.deepEqual(shards.map(({ counts }) => counts.planned), [256, 256, 256, 232]);
  assert.deepEqual(shards.map(({ run, shard, asked }) => [run, shard, asked]), [
    ["mine", "1/4", 256],
    ["mine", "2/4", 256],
    ["mine", "3/4", 256],
    ["mine", "4/4", 232],
  ]);
  const names = ["shard-1-of-4", "shard-2-of-4", "shard-3-of-4", "shard-4-of-4"];
  assert.deepEqual(await namesIn(join(parts, "mine")), names);
  assert.deepEqual(await namesIn(join(parts, "mine", "shard-2-of-4")), [
    "records.jsonl",
    "run.json",
  ]);
  const manifest = await readManifest(join(parts, "mine", "shard-2-of-4"));
  assert.deepEqual([manifest?.shard, manifest?.count], ["2/4", 1000]);

  const read = await readRun("mine", { output: parts });
  assert.deepEqual(read.counts, one!.counts);
  assert.deepEqual([read.manifest.shard, read.manifest.count], [null, 1000]);
  const asked = ({ row, attributes, requestedWords, outcome, text }: ReadRecord) => ({
    row,
    attributes,
    requestedWords,
    outcome,
    text,
  });
  assert.deepEqual((await rowsOf(parts)).map(asked), (await rowsOf(whole)).map(asked));
  assert((await rowsOf(parts)).every(({ row, part }) => part === names[Math.floor(row / 64) % 4]));
});

Deno.test("a shard that is killed leaves the others alone and goes on by itself", async () => {
  await using folder = await temporaryFolder();
  await using endpoint = await startEndpoint({ latencyMs: 15 });
  const words = [folder.path, endpoint.baseURL, "640"];
  const log = join(folder.path, "mine", "shard-1-of-2", "records.jsonl");
  const sizeOf = () => Deno.stat(log).then(({ size }) => size, () => 0);
  const [killed, other] = ["1/2", "2/2"].map((shard) => startProcess([...words, shard]));
  while (await sizeOf() < 10_000) await new Promise((resolve) => setTimeout(resolve, 1));
  killed!.kill("SIGKILL");
  await killed!.output();
  assert.equal((await summaryOf(other!)).counts.ok, 320);
  const { counts } = await readRun("mine", { output: folder.path });
  assert.equal(counts.ok + counts.pending, 640);
  assert(counts.pending > 0 && counts.pending < 320, `${counts.pending} pending`);

  const again = await summaryOf(startProcess([...words, "1/2"]));
  assert.deepEqual([again.asked, again.counts.ok], [counts.pending, 320]);
  const rows = (await rowsOf(folder.path)).map(({ row }) => row);
  assert.deepEqual(rows, Array.from({ length: 640 }, (_, row) => row));
  assert(endpoint.requests <= 640 + 16, "rows that had an answer were asked again");
});

Deno.test("each shard resumes, retries and extends by itself, and none falls behind unnoticed", async () => {
  await using folder = await temporaryFolder();
  const bad = fakeModel(() => Promise.resolve({ reply: reply({ text: "" }), calls: 1 }));
  const first = await start(folder.path, { shard: "1/2", count: 200, model: bad });
  assert.deepEqual([first.existed, first.counts.planned, first.counts.empty], [false, 128, 128]);
  const second = await start(folder.path, { shard: "2/2" });
  assert.deepEqual([second.existed, second.counts.planned, second.counts.ok], [false, 72, 72]);
  assert.equal((await start(folder.path, { shard: "2/2", retry: ["empty"] })).asked, 0);
  assert.equal((await start(folder.path, { shard: "1/2", retry: ["empty"] })).asked, 128);

  assert.equal((await start(folder.path, { shard: "1/2", count: 500 })).asked, 116 + 12);
  await assert.rejects(
    readRun("mine", { output: folder.path }),
    refuses(
      /^shard-1-of-2 and shard-2-of-2 in .*: 500 and 200 rows[^]*--shard 2\/2 --count 500\.$/,
    ),
  );
  await assert.rejects(
    start(folder.path, { shard: "2/2", count: 300 }),
    refuses(/The run mine has 500 rows planned; --count 300 is fewer/),
  );
  // Without a count it is that of the run.
  assert.equal((await start(folder.path, { shard: "2/2" })).counts.planned, 244);
  const { counts } = await readRun("mine", { output: folder.path });
  assert.deepEqual([counts.planned, counts.ok], [500, 500]);
  assert.equal((await start(folder.path, { shard: "2/2" })).asked, 0);
});

Deno.test("a run isn't gone on with in another division, and nothing is made then", async () => {
  await using folder = await temporaryFolder();
  const model = fakeModel(() => assert.fail("asked"));
  await start(folder.path, { run: "whole" });
  await assert.rejects(
    start(folder.path, { run: "whole", shard: "1/4", model }),
    refuses(/whole was made without shards[^]*leave --shard out, or [^]*--run/),
  );
  assert.deepEqual(await namesIn(join(folder.path, "whole")), ["records.jsonl", "run.json"]);

  await start(folder.path, { shard: "2/4" });
  const divided = /mine was made in 4 shards[^]*--shard 1\/4 to --shard 4\/4, or [^]*--run/;
  await assert.rejects(start(folder.path, { model }), refuses(divided));
  await assert.rejects(start(folder.path, { shard: "2/5", model }), refuses(divided));
  assert.deepEqual(await namesIn(join(folder.path, "mine")), ["shard-2-of-4"]);

  await Deno.rename(join(folder.path, "mine", "shard-2-of-4"), join(folder.path, "alone"));
  for (const shard of [{}, { shard: "2/4" }]) {
    await assert.rejects(
      start(folder.path, { run: "alone", model, ...shard }),
      refuses(/is shard 2\/4 alone[^]*put it into its run as shard-2-of-4/),
    );
  }
});

Deno.test("a shard of a run that was asked for otherwise is refused, and what differs is told", async () => {
  await using folder = await temporaryFolder();
  await start(folder.path, { shard: "1/2" });
  await assert.rejects(
    start(folder.path, { shard: "2/2", seed: 2 }),
    refuses(/^The run mine was asked for otherwise:\n {2}seed: 1, now 2\n/),
  );
});

Deno.test("records without run.json aren't joined by shards", async () => {
  await using folder = await temporaryFolder();
  await start(folder.path, { shard: "1/2" });
  const line = JSON.stringify(record(0)) + "\n";
  const stray = join(folder.path, "mine", "records.jsonl");
  await Deno.writeTextFile(stray, line);
  await assert.rejects(
    start(folder.path, { shard: "2/2" }),
    refuses(/mine holds records\.jsonl but/),
  );
  await Deno.remove(stray);
  await Deno.remove(join(folder.path, "mine", "shard-1-of-2", "run.json"));
  for (const shard of ["1/2", "2/2"]) {
    await assert.rejects(
      start(folder.path, { shard }),
      refuses(/shard-1-of-2 holds records\.jsonl/),
    );
  }
});

Deno.test("one shard has one writer, and another shard is written meanwhile", async () => {
  await using folder = await temporaryFolder();
  let open = () => {};
  const opened = new Promise<void>((resolve) => open = resolve);
  const model = fakeModel(async () => {
    await opened;
    return { reply: reply(), calls: 1 };
  });
  let met = Promise.resolve();
  await start(folder.path, {
    shard: "1/2",
    count: 200,
    model,
    onProgress({ asked }) {
      if (asked > 0) return;
      met = (async () => {
        const same = start(folder.path, { shard: "1/2", count: 200 });
        await assert.rejects(same, refuses(/shard-1-of-2 is being written by/));
        assert.equal((await start(folder.path, { shard: "2/2", count: 200 })).counts.ok, 72);
      })().finally(open);
    },
  });
  await met;
  assert.equal((await readRun("mine", { output: folder.path })).counts.ok, 200);
});

Deno.test("a shard that has no rows has nothing to do", async () => {
  await using folder = await temporaryFolder();
  const summaries = [];
  for (const shard of SHARDS) summaries.push(await start(folder.path, { shard, count: 20 }));
  assert.deepEqual(summaries.map(({ counts }) => counts.planned), [20, 0, 0, 0]);
  assert(summaries.every(({ stopped }) => stopped === null));
  assert.equal((await readRun("mine", { output: folder.path })).counts.ok, 20);
});

Deno.test("what isn't i/n is a fault of exit code 2", async () => {
  await using folder = await temporaryFolder();
  for (const shard of ["0/4", "5/4", "1", "1/0", "a/b"]) {
    await assert.rejects(start(folder.path, { shard }), refuses(/shard .* expected i\/n/));
  }
  assert.deepEqual(await namesIn(folder.path), []);
});

Deno.test("isFinished() tells a shard with nothing to ask from any other", async () => {
  await using folder = await temporaryFolder();
  const wanted = { output: folder.path, run: "mine", model: instantModel().name };
  const ask = (more: { shard?: string; count?: number }) =>
    isFinished(config(), { ...wanted, ...more });
  await start(folder.path, { shard: "1/2", count: 100 });
  assert.equal(await ask({ shard: "1/2" }), true);
  assert.equal(await ask({ shard: "2/2" }), false, "not begun");
  assert.equal(await ask({}), false, "the whole run");
  await start(folder.path, { shard: "2/2", count: 300 });
  assert.equal(await ask({ shard: "2/2" }), true);
  assert.equal(await ask({ shard: "2/2", count: 400 }), false, "more rows");
  assert.equal(await ask({ shard: "1/2" }), false, "the run has become larger");
});

Deno.test("a new run tells of an unfinished one in shards, a further shard doesn't", async () => {
  await using folder = await temporaryFolder();
  const said: string[] = [];
  const note = (message: string) => said.push(message);
  const ask = (options: Partial<GenerateOptions>) =>
    generate(config(), { model: instantModel(), output: folder.path, note, ...options });
  const { run } = await ask({ shard: "1/4", count: 1000 });
  await ask({ shard: "2/4", count: 1000 });
  assert.equal(said.length, 0);
  await ask({ seed: 2 });
  assert.equal(said.length, 1);
  assert(said[0]!.includes(`unfinished: ${run} (512 of 1000 rows)`), said[0]);
  await ask({ seed: 3, shard: "1/2", count: 100 });
  assert.equal(said.length, 2);
  await ask({ shard: "3/4" });
  assert.equal(said.length, 2, "a further shard is no new run");
});
