import assert from "node:assert/strict";
import { join } from "node:path";
import type { Access } from "../../src/commands/command.ts";
import { parseWords } from "../../src/commands/program.ts";
import { type Label, readLabels } from "../../src/run/log/labels.ts";
import { judged, writeRun } from "../label/sheets.ts";
import {
  CHECKOUT,
  childrenOf,
  folder as newFolder,
  start,
  type Started,
  until,
} from "./command_line.ts";
import { runHere } from "./in_process.ts";

const RUN = "runs/metro-1";
const WORDS = ["label", "metro-1", "--output", "runs", "--attribute", "topic"];

async function folderWithRun(
  fields: Parameters<typeof writeRun>[1] = {},
): Promise<{ path: string; labels(): Promise<Label[]> } & AsyncDisposable> {
  const made = await newFolder();
  await writeRun(join(made.path, RUN), fields);
  return { ...made, labels: () => readLabels(join(made.path, RUN, "labels.jsonl")) };
}

/** What a person does on the page of a command that runs. */
interface Page {
  rows: { row: number; labels: Record<string, string> }[];
  say(row: number, label: string | null): Promise<number>;
}

async function pageOf(started: Started): Promise<Page> {
  const address = () => /^http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{32}$/m.exec(started.err)?.[0];
  await until("the address is told", () => address() !== undefined);
  const { origin, search } = new URL(address() ?? "");
  const { rows } = await (await fetch(`${origin}/sheet${search}`)).json();
  return {
    rows,
    async say(row, label) {
      const response = await fetch(`${origin}/labels${search}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin },
        body: JSON.stringify({ row, attribute: "topic", label }),
      });
      await response.body?.cancel();
      return response.status;
    },
  };
}

Deno.test({
  name: "label keeps each label at once, outlives a kill, goes on and ends when all are done",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await folderWithRun();
    const typed = { from: folder.path };
    const words = [...WORDS, "--n", "2"];
    const killed = start(words, typed);
    const page = await pageOf(killed);
    const [first, second] = page.rows.map(({ row }) => row);
    assert(first !== undefined && second !== undefined && page.rows.length === 2);
    assert.equal(await page.say(first, "Tickets"), 204);
    const [child] = await childrenOf(killed.pid);
    Deno.kill(child ?? 0, "SIGKILL");
    assert.equal((await killed.ended).code, 137);
    assert.deepEqual((await folder.labels()).map(({ row, label, p }) => [row, label, p]), [
      [first, "Tickets", 1 / 3],
    ]);

    const left = start(words, typed);
    const again = await pageOf(left);
    assert.deepEqual(again.rows.map(({ row, labels }) => [row, labels]), [
      [first, { topic: "Tickets" }],
      [second, {}],
    ]);
    left.kill("SIGINT");
    const { code, out, err } = await left.ended;
    assert.deepEqual([code, out], [130, ""]);
    assert.match(err, /^metro-1: 2 of 6 ok rows, by topic; 1 of 2 texts done, 1 label\.\n/);
    assert.match(
      err,
      /\n1 of 2 texts done, 1 label → runs\/metro-1\/labels\.jsonl\nThe same command/,
    );

    const finished = start(words, typed);
    const last = await pageOf(finished);
    assert.equal(await last.say(second, "none"), 204);
    finished.kill("SIGINT");
    const { code: zero, err: end } = await finished.ended;
    assert.equal(zero, 0, end);
    assert.match(end, /2 of 2 texts done, 2 labels → .*\nNext: deno task analyze metro-1\n$/);

    const nothing = await runHere(words, typed);
    assert.deepEqual(nothing, {
      code: 0,
      out: "",
      err: "metro-1: 2 of 6 ok rows, by topic: all are labelled. --n 4 asks for more.\n",
    });
    const more = start([...WORDS, "--n", "4"], typed);
    const { rows } = await pageOf(more);
    assert.deepEqual(rows.slice(0, 2).map(({ row }) => row), [first, second]);
    assert.deepEqual((await runHere(WORDS, typed)).code, 2);
    more.kill("SIGINT");
    await more.ended;
    // Those of before count with the chance that they have now.
    assert.deepEqual((await folder.labels()).slice(2).map(({ row, p }) => [row, p]), [
      [first, 2 / 3],
      [second, 2 / 3],
    ]);
  },
});

Deno.test("label --csv writes a table and takes it back, each label once", async () => {
  await using folder = await folderWithRun();
  const typed = { from: folder.path };
  const words = [...WORDS, "--n", "3", "--csv", "table.csv"];
  const written = await runHere(words, typed);
  assert.deepEqual([written.code, written.out], [0, ""], written.err);
  assert.match(written.err, /^metro-1: 3 of 6 ok rows, by topic → table\.csv\n/);
  assert.match(written.err, /\n {2}topic: Tickets, Delays, none, other\n/);
  const path = join(folder.path, "table.csv");
  const table = await Deno.readTextFile(path);
  assert.deepEqual(await folder.labels(), []);

  const fill = (labels: string[]) =>
    Deno.writeTextFile(path, table.replaceAll(/,\r\n/g, () => `,${labels.shift() ?? ""}\r\n`));
  await fill(["Tickets", "Trams", "x"]);
  const refused = await runHere(words, typed);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /^table\.csv, line 3, topic: "Trams" is no answer\n.*line 4, topic/);
  assert.match(refused.err, /\n {2}topic: Tickets, Delays, none, other\nNothing was kept\.\n$/);
  assert.deepEqual(await folder.labels(), []);

  await fill(["Tickets", "", "other"]);
  // The table says how many rows were drawn, not what is typed now.
  const taken = await runHere([...WORDS, "--csv", "table.csv"], typed);
  assert.equal(taken.err, "2 labels in table.csv, 2 of them new → runs/metro-1/labels.jsonl\n");
  assert.equal(taken.code, 0);
  const kept = await folder.labels();
  assert.deepEqual(kept.map(({ label, sample, p, by }) => [label, sample, p, by]), [
    ["Tickets", "random", 0.5, "person"],
    ["other", "random", 0.5, "person"],
  ]);
  assert.match((await runHere(words, typed)).err, /, 0 of them new/);
  assert.deepEqual(await folder.labels(), kept);
});

Deno.test("label --csv takes a table that was written before a judge came", async () => {
  await using folder = await folderWithRun();
  const typed = { from: folder.path };
  const words = [...WORDS, "--n", "3", "--csv", "table.csv"];
  await runHere(words, typed);
  const path = join(folder.path, "table.csv");
  await Deno.writeTextFile(
    path,
    (await Deno.readTextFile(path)).replaceAll(/,\r\n/g, ",Tickets\r\n"),
  );
  const table = await Deno.readTextFile(path);
  const row = Number(/^(\d+),/m.exec(table)?.[1]);
  await writeRun(join(folder.path, RUN), { labels: [judged(row)] });
  const { code, err } = await runHere(words, typed);
  assert.equal(code, 0, err);
  const labels = (await folder.labels()).slice(1);
  assert.deepEqual(labels.map(({ sample, p }) => [sample, p]), Array(3).fill(["random", 0.5]));
});

Deno.test("label refuses what it can't do, and writes nothing", async () => {
  await using folder = await folderWithRun();
  const typed = { from: folder.path };
  await Deno.writeFile(join(folder.path, "utf16.csv"), new Uint8Array([0xff, 0xfe, 0x72, 0x00]));
  const cases: [string[], RegExp][] = [
    [["label", "metro-2", "--output", "runs"], /No run "metro-2"/],
    [[...WORDS, "--attribute", "mood"], /--attribute: "mood" is no attribute of metro-1/],
    [[...WORDS, "--csv", `${RUN}/labels.jsonl`], /lies in the folder of a run/],
    [[...WORDS, "--csv", "utf16.csv"], /^utf16\.csv isn't UTF-8/],
    [[...WORDS, "--n", "0"], /--n/],
    [[...WORDS, "--port", "70000"], /at most 65535/],
    [["label"], /missing required argument/],
  ];
  for (const [words, message] of cases) {
    const { code, out, err } = await runHere(words, typed);
    assert.deepEqual([code, out], [2, ""], words.join(" "));
    assert.match(err, message);
  }
  const files = await Array.fromAsync(Deno.readDir(join(folder.path, RUN)), ({ name }) => name);
  assert.deepEqual(files.sort(), ["records.jsonl", "run.json"]);
});

Deno.test("label may write its run alone and serve this machine alone; a table needs less", async () => {
  await using folder = await folderWithRun();
  const at = (...names: string[]) => join(folder.path, ...names);
  await Deno.writeTextFile(at("there.csv"), "");
  const accessOf = async (...words: string[]): Promise<Access> => {
    const typed = await parseWords([...WORDS, ...words]);
    assert("spec" in typed);
    const { spec, parsed } = typed;
    return await spec.prepare({ parsed, env: {}, typedIn: folder.path, project: CHECKOUT });
  };
  const read = [at("runs"), at(RUN), at(RUN)];
  const nothing = { read, write: [], net: [], env: [], sys: [], localModel: null };
  const page = { ...nothing, write: [at(RUN)], sys: ["hostname"] };
  assert.deepEqual(await accessOf(), { ...page, net: ["127.0.0.1:0"] });
  assert.deepEqual(await accessOf("--port", "9000"), { ...page, net: ["127.0.0.1:9000"] });
  const files = [at("new.csv"), at(".new.csv.exporting")];
  assert.deepEqual(await accessOf("--csv", "new.csv"), {
    ...nothing,
    read: [...read, ...files],
    write: files,
  });
  assert.deepEqual(await accessOf("--csv", "there.csv"), {
    ...page,
    read: [...read, at("there.csv")],
  });
});
