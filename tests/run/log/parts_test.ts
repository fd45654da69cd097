import assert from "node:assert/strict";
import { join } from "node:path";
import { configHash } from "../../../src/config/hash.ts";
import { UserError } from "../../../src/error.ts";
import { parseShard, shardRows } from "../../../src/plan/shard.ts";
import { PROMPT_VERSION } from "../../../src/prompt/prompt.ts";
import { writeManifest } from "../../../src/run/log/manifest.ts";
import { measuredRows } from "../../../src/run/cost/measured.ts";
import { listRuns, resolveRun } from "../../../src/run/log/name.ts";
import { shardFolder } from "../../../src/run/log/parts.ts";
import { readRun } from "../../../src/run/log/read.ts";
import type { RowRecord, RunManifest } from "../../../src/run/types.ts";
import { unfinishedRuns } from "../../../src/run/log/unfinished.ts";
import { config, manifest, record, temporaryFolder } from "../fixtures.ts";

/** Writes a shard of the run `metro` with these records, or a folder of another name. */
async function writeShard(
  output: string,
  shard: string,
  { count = 300, fields = {}, records = [], name = shardFolder(parseShard(shard)!) }: {
    count?: number;
    fields?: Partial<RunManifest>;
    records?: RowRecord[];
    name?: string;
  } = {},
): Promise<string> {
  const folder = join(output, "metro", name);
  await Deno.mkdir(folder, { recursive: true });
  await writeManifest(folder, manifest(count, { shard, ...fields }));
  const lines = records.map((each) => JSON.stringify(each) + "\n");
  await Deno.writeTextFile(join(folder, "records.jsonl"), lines.join(""));
  return folder;
}

/** A record of each row of a shard. */
function recordsOf(shard: string, count = 300): RowRecord[] {
  const rows = shardRows(count, parseShard(shard));
  return Array.from({ length: rows.size }, (_, place) => record(rows.rowAt(place)));
}

async function rejects(output: string, message: RegExp): Promise<void> {
  await assert.rejects(readRun("metro", { output }), (error) => {
    assert(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 2);
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("parts are read as one run, shard after shard, the newest record of each row counting", async () => {
  await using folder = await temporaryFolder();
  await writeShard(folder.path, "2/2", {
    records: [...recordsOf("2/2"), record(64, { outcome: "refused" })],
  });
  await writeShard(folder.path, "1/2", {
    records: [record(256), record(3, { outcome: "failed" }), record(3)],
  });
  const warned: string[] = [];
  const run = await readRun("metro", { output: folder.path, warn: (said) => warned.push(said) });
  assert.deepEqual([run.name, run.folder], ["metro", join(folder.path, "metro")]);
  assert.deepEqual(warned, []);
  const none = { filtered: 0, truncated: 0, empty: 0, failed: 0 };
  assert.deepEqual(run.counts, { planned: 300, ok: 129, refused: 1, ...none, pending: 170 });
  const rows = await Array.fromAsync(run.rows());
  assert.deepEqual(rows.slice(0, 2), [
    { ...record(256), part: "shard-1-of-2" },
    { ...record(3), part: "shard-1-of-2" },
  ]);
  assert(rows.slice(2).every(({ part }) => part === "shard-2-of-2"));
  assert.deepEqual(rows.at(-1), { ...record(64, { outcome: "refused" }), part: "shard-2-of-2" });
  assert.equal(rows.length, 130);
  assert.deepEqual(await Array.fromAsync(run.rows()), rows);
});

Deno.test("rows of a shard that isn't there are pending, and said", async () => {
  await using folder = await temporaryFolder();
  const output = folder.path;
  await writeShard(output, "2/4", { records: recordsOf("2/4") });
  const warned: string[] = [];
  const { counts } = await readRun("metro", { output, warn: (said) => warned.push(said) });
  assert.deepEqual([counts.planned, counts.ok, counts.pending], [300, 64, 236]);
  assert.equal(warned.length, 1);
  assert.match(warned[0]!, /^metro: not there yet: shard 1\/4, 3\/4, 4\/4\. 236 rows/);
});

Deno.test("pending() and files go over all parts, shards that aren't there among the pending", async () => {
  await using folder = await temporaryFolder();
  const output = folder.path;
  const second = await writeShard(output, "2/4", { records: recordsOf("2/4").slice(0, -1) });
  const fourth = await writeShard(output, "4/4", { records: [] });
  const run = await readRun("metro", { output });
  const numbers = [...run.pending()].map(({ row }) => row);
  const there = new Set(recordsOf("2/4").slice(0, -1).map(({ row }) => row));
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 300 }, (_, row) => row).filter((row) => !there.has(row)),
  );
  assert.equal(numbers.length, run.counts.pending);
  assert.deepEqual(
    run.files.map(({ path }) => path),
    [second, fourth].map((path) => join(path, "records.jsonl")),
  );
  const alone = await readRun("metro/shard-2-of-4", { output });
  assert.deepEqual([...alone.pending()].map(({ row }) => row), [127]);
});

Deno.test("of very many shards those without rows aren't missed, and few are named", async () => {
  await using folder = await temporaryFolder();
  const output = folder.path;
  const of = 4_000_000_000_000;
  await writeShard(output, `2/${of}`, { count: 1_000, records: recordsOf(`2/${of}`, 1_000) });
  const warned: string[] = [];
  const { counts } = await readRun("metro", { output, warn: (said) => warned.push(said) });
  assert.deepEqual([counts.planned, counts.pending], [1_000, 936]);
  assert.match(warned[0]!, new RegExp(`shard 1/${of}, 3/${of}, .*13/${of} and 3 more\\. 936 rows`));
});

Deno.test("one shard alone is read by name and by path, with its own rows only", async () => {
  await using folder = await temporaryFolder();
  await writeShard(folder.path, "1/4", { records: recordsOf("1/4").slice(1) });
  const path = await writeShard(folder.path, "2/4", { records: recordsOf("2/4") });
  const byName = await readRun("metro/shard-1-of-4", { output: folder.path });
  assert.deepEqual(
    [byName.name, byName.manifest.shard, byName.counts.planned, byName.counts.pending],
    ["metro/shard-1-of-4", "1/4", 108, 1],
  );
  const byPath = await readRun(path, { output: "elsewhere" });
  assert.deepEqual([byPath.name, byPath.counts.ok], ["metro/shard-2-of-4", 64]);
  for await (const row of byPath.rows()) assert(!("part" in row));

  // Also where it was moved away from its run.
  await Deno.rename(path, join(folder.path, "moved"));
  const moved = await readRun("moved", { output: folder.path });
  assert.deepEqual([moved.name, moved.counts.planned, moved.counts.ok], ["moved", 64, 64]);
});

Deno.test("a row of another shard is a bad line", async () => {
  await using folder = await temporaryFolder();
  const output = folder.path;
  await writeShard(output, "1/2", { records: recordsOf("1/2") });
  await writeShard(output, "2/2", { records: [record(64), record(63), record(65)] });
  await rejects(output, /shard-2-of-2.records\.jsonl, line 2: row 63 is none of the 128 rows/);
  const warned: string[] = [];
  const run = await readRun("metro", {
    output,
    skipBadLines: true,
    warn: (said) => warned.push(said),
  });
  assert.deepEqual([run.counts.ok, run.counts.pending], [172 + 2, 126]);
  assert.equal((await Array.fromAsync(run.rows())).length, 174);
  assert.match(warned.join(), /shard-2-of-2.records\.jsonl: 1 line that is no record is left out/);
});

Deno.test("what the parts have learned about parameters is known of the run", async () => {
  await using folder = await temporaryFolder();
  const { parameters } = manifest(1);
  await writeShard(folder.path, "1/2", {
    fields: {
      parameters: { ...parameters, dropped: ["top_p", "temperature"] },
      createdAt: "2026-02-02T00:00:00.000Z",
    },
  });
  await writeShard(folder.path, "2/2", {
    fields: {
      parameters: {
        ...parameters,
        dropped: ["temperature"],
        replaced: { max_tokens: "max_completion_tokens" },
      },
      createdAt: "2026-02-01T00:00:00.000Z",
    },
  });
  const run = await readRun("metro", { output: folder.path });
  assert.deepEqual(run.manifest, {
    ...manifest(300),
    parameters: {
      ...parameters,
      dropped: ["top_p", "temperature"],
      replaced: { max_tokens: "max_completion_tokens" },
    },
    createdAt: "2026-02-01T00:00:00.000Z",
  });
});

Deno.test("parts that don't agree aren't read together, and both are named", async () => {
  const otherHash = "5d7e".padEnd(64, "0");
  const faults: [string, Partial<RunManifest>, RegExp][] = [
    [
      "2/2",
      { configHash: otherHash, seed: 2 },
      /otherwise than shard-1-of-2:\n {2}seed: 1, now 2\n/,
    ],
    ["2/2", { configHash: otherHash }, /something that can change a text/],
    ["2/2", { seed: 7 }, /seed: 1, now 7/],
    ["2/2", { sampling: "independent" }, /sampling: even, now independent/],
    ["2/2", { model: "openai:m" }, /model: simulated:faithful, now openai:m/],
    ["2/2", { count: 400 }, /300 and 400 rows[^]*Extend shard-1-of-2[^]*--shard 1\/2 --count 400/],
    ["2/3", {}, /shard-1-of-2 and shard-2-of-3/],
  ];
  for (const [shard, fields, message] of faults) {
    await using folder = await temporaryFolder();
    await writeShard(folder.path, "1/2");
    await writeShard(folder.path, shard, { fields });
    await rejects(folder.path, message);
    await rejects(folder.path, new RegExp(`shard-${shard[0]}-of-${shard[2]}`));
  }
});

Deno.test("a run made in one and a shard in the same folder aren't read together", async () => {
  await using folder = await temporaryFolder();
  await writeShard(folder.path, "1/2");
  for (const shard of [null, "2/2"]) {
    await writeManifest(join(folder.path, "metro"), manifest(300, { shard }));
    await rejects(folder.path, /holds both run\.json and shard-1-of-2/);
  }
});

Deno.test("a shard's folder has the name of its shard and explains its records", async () => {
  await using folder = await temporaryFolder();
  const path = await writeShard(folder.path, "1/2", { name: "shard-2-of-2" });
  await rejects(folder.path, /shard-2-of-2.run\.json is of shard 1\/2, [^]*named for shard 2\/2/);
  await writeManifest(path, manifest(300));
  await rejects(folder.path, /is of a run without shards/);
  await writeShard(folder.path, "2/2", { records: recordsOf("2/2") });
  await writeShard(folder.path, "1/2");
  await Deno.remove(join(path, "run.json"));
  await rejects(folder.path, /shard-2-of-2 holds records\.jsonl but no run\.json/);
  await Deno.writeTextFile(
    join(path, "run.json"),
    JSON.stringify(manifest(300, { shard: "3/2" })),
  );
  await rejects(folder.path, /run\.json: shard: expected i\/n/);
});

Deno.test("a folder is a shard by its exact name only", async () => {
  await using folder = await temporaryFolder();
  await writeShard(folder.path, "1/2", { records: recordsOf("1/2") });
  const others = ["shard-0-of-2", "shard-3-of-2", "shard-02-of-2", "shard-2-of-2.old", "labels"];
  for (const name of others) await writeShard(folder.path, "2/2", { name });
  await Deno.writeTextFile(join(folder.path, "metro", "shard-2-of-2"), "a file");
  const { counts } = await readRun("metro", { output: folder.path });
  assert.deepEqual([counts.ok, counts.pending], [172, 128]);
});

Deno.test("a run in shards is listed, found and told as unfinished like any other", async () => {
  await using folder = await temporaryFolder();
  const output = folder.path;
  await writeShard(output, "2/4", { records: recordsOf("2/4") });
  await Deno.mkdir(join(output, "empty", "shard-1-of-4"), { recursive: true });
  assert.deepEqual(await listRuns(output), ["metro"]);
  assert.deepEqual(await resolveRun("metro", { output }), {
    name: "metro",
    folder: join(output, "metro"),
  });
  await assert.rejects(resolveRun("empty", { output }), /Runs that exist: metro$/);
  const unfinished = (done: number) => [{ name: "metro", planned: 300, done }];
  assert.deepEqual(await unfinishedRuns(output, config().folder), unfinished(64));
  assert.deepEqual(await unfinishedRuns(output, "another"), []);
  // Lines of rows that were asked twice don't stand for another shard's.
  await writeShard(output, "1/4", { records: [...recordsOf("1/4"), ...recordsOf("1/4")] });
  assert.deepEqual(await unfinishedRuns(output, config().folder), unfinished(172));
  for (const shard of ["3/4", "4/4"]) {
    await writeShard(output, shard, { records: recordsOf(shard) });
  }
  assert.deepEqual(await unfinishedRuns(output, config().folder), []);
});

Deno.test("what rows took is measured over all shards", async () => {
  await using folder = await temporaryFolder();
  const which = { seed: 1, sampling: "even" as const, model: "simulated:faithful" };
  const fields = { configHash: configHash(config(), { ...which, promptVersion: PROMPT_VERSION }) };
  for (const shard of ["1/4", "2/4"]) {
    await writeShard(folder.path, shard, { fields, records: recordsOf(shard).slice(0, 60) });
  }
  const place = { output: folder.path, run: "metro", price: null };
  const measured = await measuredRows(config(), { ...which, ...place });
  assert.deepEqual(
    [measured?.planned, measured?.done, measured?.input.n, measured?.input.mean],
    [300, 120, 120, 412],
  );
  const inShard = async (shard: string) => {
    const measured = await measuredRows(config(), { ...which, ...place, shard });
    return [measured?.inAll, measured?.planned, measured?.done, measured?.input.n];
  };
  assert.deepEqual(await inShard("2/4"), [300, 64, 60, 60]);
  assert.deepEqual(await inShard("3/4"), [300, 64, 0, 0], "it isn't there yet");
});
