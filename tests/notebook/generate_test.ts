import assert from "node:assert/strict";
import { loadConfig } from "../../src/config/load.ts";
import { generateHere, type GenerateHereOptions } from "../../src/notebook/generate.ts";
import { pressStop } from "../../src/notebook/interrupt.ts";

const config = await loadConfig("config");

/** Makes rows in a folder of their own and gives back what was said. */
async function inFolder(
  work: (options: GenerateHereOptions, said: string[]) => Promise<void>,
): Promise<void> {
  const output = await Deno.makeTempDir();
  const said: string[] = [];
  try {
    const write = (text: string) => void said.push(text);
    await work({ model: "simulated:faithful", output, write }, said);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
}

Deno.test("a call makes the rows, says from where and how it went, and gives them back in order", () =>
  inFolder(async (options, said) => {
    const run = await generateHere(config, { ...options, count: 5 });
    assert.deepEqual(run.rows.map(({ row }) => row), [0, 1, 2, 3, 4]);
    assert.equal(run.stopped, null);
    assert.match(said[0] ?? "", /composed by simulated:faithful: no language model/);
    assert.match(said[1] ?? "", /^5\/5 /);
    assert.match(said[2] ?? "", /^5 planned = 5 ok \+ 0 pending → /);
    assert.equal(said.length, 3);
  }));

Deno.test("the same call again finds nothing to do; a larger count goes on", () =>
  inFolder(async (options, said) => {
    await generateHere(config, { ...options, count: 3 });
    said.length = 0;
    const again = await generateHere(config, { ...options, count: 3 });
    assert.equal(again.asked, 0);
    assert.equal(again.rows.length, 3);
    assert.deepEqual(said.slice(1), [
      "Nothing to do: 3 of 3 rows are there. For more rows raise count.",
    ]);
    const more = await generateHere(config, { ...options, count: 5 });
    assert.equal(more.asked, 2);
    assert.equal(more.rows.length, 5);
  }));

Deno.test("a stop gives back what is there, and the same call goes on", () =>
  inFolder(async (options, said) => {
    const pressing = setInterval(() => {
      if (pressStop()) clearInterval(pressing);
    }, 1);
    const stopped = await generateHere(config, { ...options, count: 2_000 });
    assert.equal(stopped.stopped, "interrupted");
    assert.equal(stopped.rows.length + stopped.counts.pending, 2_000);
    assert.ok(stopped.counts.pending > 0);
    assert.match(said.at(-1) ?? "", /\nStopped\. To go on: run the cell again\.$/);
    const rest = await generateHere(config, { ...options, count: 2_000 });
    assert.equal(rest.rows.length, 2_000);
  }));

Deno.test("a cell whose count the run has outgrown has nothing to do", () =>
  inFolder(async (options) => {
    await generateHere(config, { ...options, count: 3 });
    const again = await generateHere(config, { ...options, count: 2 });
    assert.equal(again.asked, 0);
    assert.equal(again.rows.length, 3);
  }));

Deno.test("a fault is thrown with nothing left running", () =>
  inFolder(async (options) => {
    await generateHere(config, { ...options, count: 3, run: "mine" });
    await assert.rejects(generateHere(config, { ...options, run: "mine", seed: 2 }), /seed/);
    await assert.rejects(
      generateHere(config, { ...options, model: "simulated:nobody" }),
      /nobody/,
    );
    assert.equal(pressStop(), false);
  }));
