import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../src/error.ts";
import { checkDestination, destinationOf, writeWhole } from "../../src/report/destination.ts";
import { temporaryFolder } from "../run/fixtures.ts";

async function files(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

async function* pieces(fail?: Error): AsyncGenerator<string> {
  yield "one\n";
  await Promise.resolve();
  if (fail !== undefined) throw fail;
  yield "two å\n";
}

const signal = new AbortController().signal;

Deno.test("a file is put in place whole, over the one that was there", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "rows.jsonl");
  await Deno.writeTextFile(path, "old, and longer than what comes");
  await checkDestination(path);
  assert.equal(await writeWhole(pieces(), { ...destinationOf(path), signal }), true);
  assert.equal(await Deno.readTextFile(path), "one\ntwo å\n");
  assert.deepEqual(await files(folder.path), ["rows.jsonl"]);
});

Deno.test("an error or a stop leaves what was there and nothing beside it", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "rows.jsonl");
  await Deno.writeTextFile(path, "old");
  const destination = destinationOf(path);
  await assert.rejects(
    writeWhole(pieces(new Error("no more")), { ...destination, signal }),
    /no more/,
  );
  const stopped = AbortSignal.abort();
  assert.equal(await writeWhole(pieces(), { ...destination, signal: stopped }), false);
  assert.equal(await Deno.readTextFile(path), "old");
  assert.deepEqual(await files(folder.path), ["rows.jsonl"]);
});

Deno.test("a file that can't be written is a user's fault with its reason", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "gone", "rows.jsonl");
  await assert.rejects(
    writeWhole(pieces(), { ...destinationOf(path), signal }),
    (error) => error instanceof UserError && error.message.includes(path),
  );
});

Deno.test("a run's files aren't written over, by whatever way they are named", async () => {
  await using folder = await temporaryFolder();
  const run = join(folder.path, "metro-1-91bc04");
  await Deno.mkdir(join(run, "topup-1"), { recursive: true });
  await Deno.writeTextFile(join(run, "run.json"), "{}");
  await Deno.writeTextFile(join(run, "notes.txt"), "");
  await Deno.symlink(run, join(folder.path, "link"));
  for (
    const name of ["run.json", "records.jsonl", "labels.jsonl", "notes.txt", "topup-1/plan.jsonl"]
  ) {
    await assert.rejects(checkDestination(join(run, name)), /folder of a run/, name);
    await assert.rejects(
      checkDestination(join(folder.path, "link", name)),
      /folder of a run/,
      name,
    );
  }
  await checkDestination(join(run, "rows.csv"));
  await checkDestination(join(folder.path, "records.jsonl"));
});

Deno.test("folders, links, devices and missing folders are refused with what to do", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(join(folder.path, "file"), "");
  await Deno.symlink("file", join(folder.path, "link"));
  const faults: [string, RegExp][] = [
    [folder.path, /is a folder: name a file in it/],
    [join(folder.path, "link"), /no plain file/],
    ["/dev/null", /no plain file/],
    [join(folder.path, "no", "rows.csv"), /make it first/],
    [join(folder.path, "file", "rows.csv"), /make it first/],
  ];
  for (const [path, words] of faults) {
    await assert.rejects(
      checkDestination(path),
      (error) => error instanceof UserError && words.test(error.message),
      path,
    );
  }
});
