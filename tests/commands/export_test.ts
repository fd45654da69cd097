import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "../../src/text/csv.ts";
import { manifest, record } from "../run/fixtures.ts";
import { commandOf, folder as newFolder, run, write } from "./command_line.ts";

/** A folder with `runs/metro-1-91bc04`: 4 rows planned, the first asked twice, the last not yet. */
async function folderWithRun(texts: string[] = []): Promise<{ path: string } & AsyncDisposable> {
  const folder = await newFolder();
  const records = texts.length > 0 ? texts.map((text, row) => record(row, { text })) : [
    record(0, { outcome: "failed", text: null, reason: "HTTP 500" }),
    record(2, { text: "=1+1" }),
    record(1, { outcome: "refused", text: "I'm sorry." }),
    record(0, { text: "Hej\u001b[31m" }),
  ];
  await write(folder.path, {
    "runs/metro-1-91bc04/run.json": manifest(Math.max(4, records.length)),
    "runs/metro-1-91bc04/records.jsonl": records.map((each) => JSON.stringify(each) + "\n").join(
      "",
    ),
  });
  return folder;
}

const RUN = ["export", "metro-1-91bc04", "--output", "runs"];

Deno.test("export gives the texts of ok rows on stdout and the count on stderr", async () => {
  await using folder = await folderWithRun();
  const { code, out, err } = await run(RUN, { from: folder.path });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), ["=1+1", "Hej\u001b[31m"]);
  assert.equal(err, "4 planned = 2 ok + 1 refused + 1 pending · 2 rows → stdout\n");
});

Deno.test("export writes a file beside where it was typed, outcomes as asked", async () => {
  await using folder = await folderWithRun();
  const words = ["export", "runs/metro-1-91bc04", "--format", "csv", "--to", "all rows.csv"];
  const { code, out, err } = await run([...words, "--outcome", "all"], { from: folder.path });
  assert.equal(code, 0);
  assert.equal(out, "");
  assert.match(err, /· 3 rows → all rows\.csv\n$/);
  const rows = parse(await Deno.readTextFile(join(folder.path, "all rows.csv")), {
    skipFirstRow: true,
  });
  assert.deepEqual(rows.map(({ row, outcome, text }) => [row, outcome, text]), [
    ["2", "ok", "'=1+1"],
    ["1", "refused", "I'm sorry."],
    ["0", "ok", "Hej\u001b[31m"],
  ]);
  const names = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
  assert.deepEqual(names.sort(), ["all rows.csv", "runs"]);
  const jsonl = await run([...RUN, "--format", "jsonl", "--outcome", "refused"], {
    from: folder.path,
  });
  assert.equal(JSON.parse(jsonl.out).row, 1);
});

Deno.test("export refuses what it can't do and leaves the run alone", async () => {
  await using folder = await folderWithRun();
  const log = join(folder.path, "runs/metro-1-91bc04/records.jsonl");
  const before = await Deno.readTextFile(log);
  const faults: [string[], RegExp][] = [
    [[...RUN.slice(1), "--to", "runs/metro-1-91bc04/records.jsonl"], /folder of a run/],
    [["metro-2", "--output", "runs"], /No run "metro-2".*\nRuns that exist: metro-1-91bc04/],
    [[...RUN.slice(1), "--format", "parquet"], /Allowed choices are json, jsonl, csv/],
    [[...RUN.slice(1), "--outcome", "good"], /Known are: ok, .*all/],
    [[], /missing required argument/],
  ];
  for (const [words, message] of faults) {
    const { code, out, err } = await run(["export", ...words], { from: folder.path });
    assert.equal(code, 2, err);
    assert.equal(out, "");
    assert.match(err, message);
  }
  assert.equal(await Deno.readTextFile(log), before);
});

Deno.test("a reader that goes away ends export quietly", async () => {
  const texts = Array.from({ length: 2_000 }, (_, row) => `${row} ${"word ".repeat(100)}`);
  await using folder = await folderWithRun(texts);
  const child = commandOf(RUN, { from: folder.path }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const said = await new Response(child.stderr).text();
  assert.deepEqual([(await child.status).code, said], [0, ""]);
});
