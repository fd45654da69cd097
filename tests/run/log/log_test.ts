import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../../src/error.ts";
import { openLog } from "../../../src/run/log/log.ts";
import { readRecords } from "../../../src/run/log/records.ts";
import { record, temporaryFolder } from "../fixtures.ts";

async function rowsOf(folder: string): Promise<number[]> {
  const rows: number[] = [];
  for await (const { record } of readRecords(join(folder, "records.jsonl"))) rows.push(record.row);
  return rows;
}

function textNow(path: string): string {
  return Deno.readTextFileSync(path);
}

Deno.test("records are appended in order, across openings", async () => {
  await using folder = await temporaryFolder();
  for (const start of [0, 500]) {
    const log = await openLog(folder.path);
    for (let row = start; row < start + 500; row++) log.append(record(row));
    await log.close();
  }
  assert.deepEqual(await rowsOf(folder.path), Array.from({ length: 1000 }, (_, i) => i));
});

Deno.test("a record is in the file as soon as it is appended, however long", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "records.jsonl");
  const log = await openLog(folder.path);
  let written = "";
  // Three bytes a letter: just within the memory that short lines are written from, and beyond it.
  const long = ["€".repeat(21_400), "€".repeat(21_900), "å🙂".repeat(500_000)];
  for (const text of ["", "Hej", ...long, "Hej"]) {
    log.append(record(1, { text }));
    written += JSON.stringify(record(1, { text })) + "\n";
    assert.equal(textNow(path), written);
  }
  await log.close();
});

Deno.test("records go on to the disk now and then, and all is well when they do", async () => {
  await using folder = await temporaryFolder();
  let now = 0;
  const log = await openLog(folder.path, { syncEveryMs: 10, now: () => now++ });
  for (let row = 0; row < 100; row++) {
    log.append(record(row));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await log.close();
  assert.equal((await rowsOf(folder.path)).length, 100);
});

Deno.test("a last line torn at any byte is cut off, and what is appended stands alone", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "records.jsonl");
  const encoder = new TextEncoder();
  const first = encoder.encode(JSON.stringify(record(0)) + "\n");
  const last = encoder.encode(JSON.stringify(record(1, { text: "Åh, 🙂 ”nej”" })));
  for (const before of [first, new Uint8Array()]) {
    for (let cut = 1; cut <= last.length; cut++) {
      const whole = cut === last.length;
      await Deno.writeFile(path, new Uint8Array([...before, ...last.subarray(0, cut)]));
      const log = await openLog(folder.path);
      assert.equal(log.cut, whole ? 0 : cut);
      // Each append costs a sync to the disk: some stand for all.
      const appends = whole || cut % 60 === 1;
      if (appends) log.append(record(2));
      await log.close();
      const rows = [
        ...(before === first ? [0] : []),
        ...(whole ? [1] : []),
        ...(appends ? [2] : []),
      ];
      assert.deepEqual(await rowsOf(folder.path), rows, `cut at ${cut}`);
      assert.equal((await Deno.readFile(path)).at(-1) ?? 10, 10);
    }
  }
});

Deno.test("a torn line longer than a chunk is cut off whole, zero bytes too", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "records.jsonl");
  const whole = JSON.stringify(record(0)) + "\n";
  for (const torn of [`{"row":1,"text":"${"å".repeat(200_000)}`, "\0".repeat(4096)]) {
    await Deno.writeTextFile(path, whole + torn);
    const log = await openLog(folder.path);
    assert.equal(log.cut, new TextEncoder().encode(torn).length);
    await log.close();
    assert.equal(await Deno.readTextFile(path), whole);
  }
});

Deno.test("a log that ends well is left as it is", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "records.jsonl");
  for (const text of ["", JSON.stringify(record(0)) + "\r\n\n", JSON.stringify(record(0)) + "\n"]) {
    await Deno.writeTextFile(path, text);
    const log = await openLog(folder.path);
    assert.equal(log.cut, 0);
    await log.close();
    assert.equal(await Deno.readTextFile(path), text);
  }
});

// The shell's limit on the size of a file stands for a full disk.
const limited = { ignore: Deno.build.os === "windows" };

Deno.test("a full disk ends the writing with exit code 3 and unlocks", limited, async () => {
  await using folder = await temporaryFolder();
  const script = new URL("../filling.ts", import.meta.url).pathname;
  const words = [Deno.execPath(), "run", "--no-lock", "--no-check", "-A", script, folder.path];
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `trap '' XFSZ; ulimit -f 64; exec "$@"`, "sh", ...words],
  }).output();
  const { cut, thrown } = JSON.parse(new TextDecoder().decode(stdout));
  assert.equal(thrown.length, 3);
  for (const { exitCode, message } of thrown) {
    assert.equal(exitCode, 3);
    assert.match(message, /records\.jsonl can't be written: File too large/);
  }
  const rows = await rowsOf(folder.path);
  assert(cut > 0 && rows.length > 20);
  assert.deepEqual(rows, Array.from({ length: rows.length }, (_, row) => row));
});

Deno.test("a log that can't be opened is a fault of exit code 2 and leaves no lock", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(join(folder.path, "records.jsonl"));
  await assert.rejects(openLog(folder.path), (error) => {
    assert(error instanceof UserError);
    assert.equal(error.exitCode, 2);
    return true;
  });
  await assert.rejects(openLog(join(folder.path, "missing")), UserError);
  await Deno.remove(join(folder.path, "records.jsonl"));
  await (await openLog(folder.path)).close();
});
