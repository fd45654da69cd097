import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { moduleOf, readNotebook } from "./notebook_file.ts";

const NOTEBOOKS = new URL("../../notebooks/", import.meta.url);
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const NAMES = Array.from(Deno.readDirSync(NOTEBOOKS), ({ name }) => name)
  .filter((name) => name.endsWith(".ipynb")).sort();

/** Runs Deno on a module and gives back what it says, "" where it has nothing to say. */
async function complaint(source: string, ...args: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "cells.ts");
    await Deno.writeTextFile(path, source);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, "--config", CONFIG, path],
      env: { NO_COLOR: "1" },
    }).output();
    return success ? "" : new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("there are notebooks", () => {
  assert.ok(NAMES.includes("01_generate.ipynb"));
});

for (const name of NAMES) {
  const path = new URL(name, NOTEBOOKS);

  Deno.test(`${name}: the types of all cells together are right`, async () => {
    assert.equal(await complaint(moduleOf(await readNotebook(path)), "check", "--no-lock"), "");
  });

  Deno.test(`${name}: the cells are clean by the project's rules`, async () => {
    assert.equal(await complaint(moduleOf(await readNotebook(path)), "lint"), "");
  });

  Deno.test(`${name}: no outputs are kept in the file`, async () => {
    assert.equal((await readNotebook(path)).hasOutputs, false);
  });
}

Deno.test("a fault in a cell would be found", async () => {
  const cells = [{ id: "bad", tags: [], source: 'const n: number = "x";\nconsole.log(n == 1);' }];
  const source = moduleOf({ cells, hasOutputs: false });
  assert.match(await complaint(source, "check", "--no-lock"), /TS2322/);
  assert.match(await complaint(source, "lint"), /no-console[^]*eqeqeq|eqeqeq[^]*no-console/);
});
