import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { moduleOf, readNotebook } from "./notebook_file.ts";

const NOTEBOOKS = new URL("../../notebooks/", import.meta.url);
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const NAMES = Array.from(Deno.readDirSync(NOTEBOOKS), ({ name }) => name)
  .filter((name) => name.endsWith(".ipynb")).sort();

/** Runs Deno on modules, by name, and gives back what it says, "" where it has nothing to say. */
async function complaint(sources: Record<string, string>, ...args: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const paths = Object.keys(sources).map((name) => join(folder, `${name}.ts`));
    for (const [i, source] of Object.values(sources).entries()) {
      await Deno.writeTextFile(paths[i] ?? "", source);
    }
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, "--config", CONFIG, ...paths],
      env: { NO_COLOR: "1" },
    }).output();
    return success ? "" : new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The cells of each notebook as a module. */
async function modules(): Promise<Record<string, string>> {
  const sources: Record<string, string> = {};
  for (const name of NAMES) sources[name] = moduleOf(await readNotebook(new URL(name, NOTEBOOKS)));
  return sources;
}

Deno.test("there are notebooks", () => {
  assert.deepEqual(NAMES, [
    "01_generate.ipynb",
    "02_overused_words.ipynb",
    "03_distributions.ipynb",
  ]);
});

// All at once: what they import is checked once.
Deno.test("the types of all cells of a notebook together are right", async () => {
  assert.equal(await complaint(await modules(), "check", "--no-lock"), "");
});

Deno.test("the cells are clean by the project's rules", async () => {
  assert.equal(await complaint(await modules(), "lint"), "");
});

for (const name of NAMES) {
  Deno.test(`${name}: no outputs are kept in the file`, async () => {
    assert.equal((await readNotebook(new URL(name, NOTEBOOKS))).hasOutputs, false);
  });
}

Deno.test("a fault in a cell would be found", async () => {
  const cells = [{ id: "bad", tags: [], source: 'const n: number = "x";\nconsole.log(n == 1);' }];
  const bad = moduleOf({ cells, hasOutputs: false });
  const sources = { "01.ipynb": "export {};\n", "02.ipynb": bad };
  assert.match(await complaint(sources, "check", "--no-lock"), /TS2322[^]*02\.ipynb\.ts/);
  assert.match(await complaint(sources, "lint"), /no-console[^]*eqeqeq|eqeqeq[^]*no-console/);
});
