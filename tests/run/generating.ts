/**
 * Generates the rows of a run, or of a shard of it, until it is done or killed, and prints the
 * summary: `OUTPUT MODEL COUNT [SHARD [MAX_COST]]`, with a base URL or `simulated:PROFILE` for MODEL.
 * For the tests of what befalls a process.
 */
import { generate } from "../../src/run/generate.ts";
import { config, endpointModel } from "./fixtures.ts";

const [output, model, count, shard, maxCost] = Deno.args;
const summary = await generate(config(), {
  model: model!.startsWith("http") ? endpointModel(model!, { concurrency: 16 }) : model!,
  output: output!,
  run: "mine",
  count: Number(count),
  ...(shard === undefined ? {} : { shard }),
  ...(maxCost === undefined ? {} : { maxCost: Number(maxCost) }),
});
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(summary)));
