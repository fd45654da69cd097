import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../../src/error.ts";
import { openLog } from "../../../src/run/log/log.ts";
import { takeLock } from "../../../src/run/log/lock.ts";
import { temporaryFolder } from "../fixtures.ts";

/** Another process that holds the folder until it is killed. */
async function holder(folder: string): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", "-A", new URL("./holder.ts", import.meta.url).pathname, folder],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  return child;
}

Deno.test("a second process is told who holds the run, and a kill frees it", async () => {
  await using folder = await temporaryFolder();
  const child = await holder(folder.path);
  await assert.rejects(openLog(folder.path), (error) => {
    assert(error instanceof UserError);
    assert.equal(error.exitCode, 2);
    assert.match(error.message, new RegExp(`process ${child.pid} on \\S+, since 20\\d\\d-`));
    return true;
  });
  child.kill("SIGKILL");
  await child.status;
  const log = await openLog(folder.path);
  await log.close();
});

Deno.test("one process can't write a run twice at once either", async () => {
  await using folder = await temporaryFolder();
  const log = await openLog(folder.path);
  await assert.rejects(openLog(folder.path), /is being written by process/);
  await log.close();
  await (await openLog(folder.path)).close();
});

Deno.test("nothing is left behind by a release", async () => {
  await using folder = await temporaryFolder();
  await (await takeLock(folder.path)).release();
  assert.deepEqual(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("a lock file that a dead process left is no lock, whatever it holds", async () => {
  await using folder = await temporaryFolder();
  for (const left of ["", '{"pid": 1, "host": "elsewhere", "startedAt": "2020"}', "\0\0"]) {
    await Deno.writeTextFile(join(folder.path, "lock"), left);
    const lock = await takeLock(folder.path);
    assert.match(await Deno.readTextFile(join(folder.path, "lock")), /^\{"pid":\d+,"host":.+\}\n$/);
    await lock.release();
  }
});

Deno.test("of many that race for a folder one at a time has it", async () => {
  await using folder = await temporaryFolder();
  let inside = 0;
  let wins = 0;
  await Promise.all(Array.from({ length: 20 }, async () => {
    for (let turn = 0; turn < 20; turn++) {
      try {
        const lock = await takeLock(folder.path);
        assert.equal(++inside, 1);
        wins += 1;
        await new Promise((resolve) => setTimeout(resolve, 0));
        inside -= 1;
        await lock.release();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }
  }));
  assert(wins > 0);
});
