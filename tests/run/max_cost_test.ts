import assert from "node:assert/strict";
import { UserError } from "../../src/error.ts";
import { generate } from "../../src/run/generate.ts";
import { config, instantModel } from "./fixtures.ts";

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
