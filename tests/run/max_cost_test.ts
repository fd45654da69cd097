import assert from "node:assert/strict";
import { UserError } from "../../src/error.ts";
import { generate } from "../../src/run/generate.ts";
import { config, fakeModel, instantModel, reply } from "./fixtures.ts";

/** USD of one row of the tests' model: 100 tokens in at 1, 10 out at 2 a million. */
const ROW = 120e-6;

Deno.test("a run stops before it costs more than its limit, and goes on with a higher one", async () => {
  const output = await Deno.makeTempDir();
  try {
    const run = { model: instantModel(), output, count: 1_000, concurrency: 16 };
    const first = await generate(config(), { ...run, maxCost: 300 * ROW });
    assert.ok(typeof first.stopped === "object" && first.stopped !== null);
    assert.equal(first.stopped.exitCode, 3);
    assert.match(first.stopped.message, /^--max-cost 0\.036: /);
    assert.ok((first.cost ?? 1) <= 300 * ROW, `${first.cost}`);
    assert.ok(first.counts.ok >= 270, `${first.counts.ok}`);
    assert.equal(first.counts.ok + first.counts.pending, 1_000);

    const again = await generate(config(), { ...run, maxCost: 300 * ROW });
    assert.ok((again.cost ?? 1) <= 300 * ROW, "earlier starts count");
    const rest = await generate(config(), { ...run, maxCost: 1_100 * ROW });
    assert.equal(rest.stopped, null);
    assert.equal(rest.counts.ok, 1_000);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});

Deno.test("a limit without a known price is a fault of the call, and nothing is made", async () => {
  const output = await Deno.makeTempDir();
  try {
    const model = instantModel({ price: { price: null, why: "no price of m is known" } });
    await assert.rejects(
      generate(config(), { model, output, count: 3, maxCost: 1 }),
      (error) => error instanceof UserError && error.exitCode === 2 && /price/.test(error.message),
    );
    assert.deepEqual(await Array.fromAsync(Deno.readDir(output)), []);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});

Deno.test("answers whose tokens aren't counted count against the limit in later starts too", async () => {
  const output = await Deno.makeTempDir();
  try {
    const model = fakeModel(() => Promise.resolve({ reply: reply({ usage: null }), calls: 1 }));
    const run = { model, output, count: 1_000, concurrency: 4, maxCost: 0.01 };
    const first = await generate(config(), run);
    assert.ok(first.asked > 5 && first.asked < 500, `${first.asked}`);
    assert.equal(first.cost, null);
    assert.ok(first.costAssumed! > 0.006 && first.costAssumed! <= 0.01, `${first.costAssumed}`);
    const again = await generate(config(), run);
    assert.ok(again.asked <= 1, `${again.asked} more rows were asked under the same limit`);
    assert.match(
      (again.stopped as { message: string }).message,
      /^--max-cost 0\.01: \$0\.0\d+ are/,
    );
    const higher = await generate(config(), { ...run, maxCost: 0.02 });
    assert.ok(Math.abs(higher.asked - first.asked) < first.asked / 2, `${higher.asked}`);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});
