import assert from "node:assert/strict";
import { isFinished } from "../../../src/run/log/finished.ts";
import { generate } from "../../../src/run/generate.ts";
import { config, instantModel } from "../fixtures.ts";

Deno.test("isFinished() tells a run with nothing to ask from any other", async () => {
  const output = await Deno.makeTempDir();
  try {
    const model = instantModel();
    const wanted = { output, model: model.name };
    assert.equal(await isFinished(config(), wanted), false, "no run yet");
    await generate(config(), { model, output, count: 5 });
    assert.equal(await isFinished(config(), wanted), true);
    assert.equal(await isFinished(config(), { ...wanted, count: 5, retry: ["failed"] }), true);
    assert.equal(await isFinished(config(), { ...wanted, count: 6 }), false, "more rows");
    assert.equal(await isFinished(config(), { ...wanted, retry: ["ok"] }), false, "asked again");
    assert.equal(await isFinished(config(), { ...wanted, seed: 2 }), false, "another run");
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});
