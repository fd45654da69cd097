import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../../src/error.ts";
import { writeManifest } from "../../../src/run/log/manifest.ts";
import { checkRunName, listRuns, resolveRun, runName } from "../../../src/run/log/name.ts";
import { manifest, temporaryFolder } from "../fixtures.ts";

Deno.test("a run is named by config folder, seed and hash, safe as a folder's name", () => {
  const name = (folder: string) => runName({ folder, seed: 2, configHash: "3f9a2c77" });
  assert.equal(name("config"), "config-2-3f9a2c");
  assert.equal(name("/home/a/metro/"), "metro-2-3f9a2c");
  assert.equal(name("Göteborg 2 (ny)"), "Göteborg-2-ny-2-3f9a2c");
  assert.equal(name("/"), "run-2-3f9a2c");
  assert.equal(name("..hidden"), "hidden-2-3f9a2c");
});

Deno.test("a run's name given by a person can't lead elsewhere", () => {
  for (const good of ["metro", "metro 2", "run.1", "Göteborg_3"]) {
    assert.equal(checkRunName(good), good);
  }
  for (const bad of ["", ".", "..", "../x", "a/b", "a\\b", "/abs", ".x", "x.", "a:b", "a\nb"]) {
    assert.throws(() => checkRunName(bad), UserError, bad);
  }
});

async function twoRuns(output: string): Promise<void> {
  for (const name of ["metro-1", "metro-2"]) {
    await Deno.mkdir(join(output, name), { recursive: true });
    await writeManifest(join(output, name), manifest(3));
  }
  await Deno.mkdir(join(output, "no-run"));
  await Deno.writeTextFile(join(output, "README.md"), "");
}

Deno.test("runs are found by name, by path, and by a path from where it was typed", async () => {
  await using folder = await temporaryFolder();
  const output = join(folder.path, "output");
  await twoRuns(output);
  const found = { name: "metro-1", folder: join(output, "metro-1") };
  assert.deepEqual(await resolveRun("metro-1", { output }), found);
  assert.deepEqual(await resolveRun(join(output, "metro-1"), { output: "elsewhere" }), found);
  const typed = await resolveRun("output/metro-1/", { output: "elsewhere", from: folder.path });
  assert.equal(typed.name, "metro-1");
  const here = await resolveRun(".", { output: "elsewhere", from: found.folder });
  assert.equal(here.name, "metro-1");
});

Deno.test("a run that isn't there: exit 2, and those that are there are listed", async () => {
  await using folder = await temporaryFolder();
  await twoRuns(folder.path);
  assert.deepEqual(await listRuns(folder.path), ["metro-1", "metro-2"]);
  for (const wrong of ["metro-3", "no-run", "README.md"]) {
    await assert.rejects(resolveRun(wrong, { output: folder.path }), (error) => {
      assert(error instanceof UserError);
      assert.equal(error.exitCode, 2);
      assert.match(error.message, /Runs that exist: metro-1, metro-2$/);
      return true;
    });
  }
  const output = join(folder.path, "missing");
  assert.deepEqual(await listRuns(output), []);
  await assert.rejects(resolveRun("x", { output }), /holds no runs yet/);
});
