import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../../src/error.ts";
import { readManifest, writeManifest } from "../../../src/run/log/manifest.ts";
import { config, manifest, temporaryFolder } from "../fixtures.ts";

Deno.test("a manifest is read as it was written, and nothing else is left in the folder", async () => {
  await using folder = await temporaryFolder();
  assert.equal(await readManifest(folder.path), null);
  const written = manifest(20, {
    parameters: {
      temperature: null,
      max_tokens: 100,
      dropped: ["seed"],
      replaced: { max_tokens: "max_completion_tokens" },
    },
  });
  await writeManifest(folder.path, manifest(5));
  await writeManifest(folder.path, written);
  assert.deepEqual(await readManifest(folder.path), written);
  const entries = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
  assert.deepEqual(entries, ["run.json"]);
});

Deno.test("a manifest that can't be understood is told with its place", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "run.json");
  const wrong: [string, RegExp][] = [
    ["{", /run\.json is not JSON/],
    [JSON.stringify({ ...manifest(1), count: "1" }), /run\.json: count: /],
    [JSON.stringify({ ...manifest(1), config: { folder: "x" } }), /run\.json: config\./],
  ];
  for (const [text, message] of wrong) {
    await Deno.writeTextFile(path, text);
    await assert.rejects(readManifest(folder.path), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("what a reader would refuse isn't written", async () => {
  await using folder = await temporaryFolder();
  const { settings, ...rest } = config();
  const tooWarm = { ...rest, settings: { ...settings, temperature: 3 } };
  await assert.rejects(writeManifest(folder.path, manifest(1, { config: tooWarm })), (error) => {
    assert(error instanceof UserError);
    assert.match(error.message, /config\.settings\.temperature: it must be a number from 0 to 2/);
    return true;
  });
  assert.equal(await readManifest(folder.path), null);
});

Deno.test("keys that aren't known are kept", async () => {
  await using folder = await temporaryFolder();
  const { settings, ...rest } = config();
  const later = { ...rest, settings: { ...settings, labels: { tone: "one" } }, more: 1 };
  await Deno.writeTextFile(
    join(folder.path, "run.json"),
    JSON.stringify({ ...manifest(1), config: later, later: { more: 1 } }),
  );
  const read = await readManifest(folder.path);
  assert.deepEqual(read?.config, later);
  assert.deepEqual(Object.entries(read ?? {}).at(-1), ["later", { more: 1 }]);
});
