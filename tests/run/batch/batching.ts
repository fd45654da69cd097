/**
 * Generates the rows of a run by batch until it is done or killed, looking at its batches every few
 * milliseconds: `OUTPUT BASE-URL COUNT REQUESTS`. For the tests of what befalls a process.
 */
import { generate } from "../../../src/run/generate.ts";
import { config, endpointModel } from "../fixtures.ts";

const [output, baseURL, count, requests] = Deno.args;
const summary = await generate(config(), {
  model: endpointModel(baseURL!),
  output: output!,
  run: "mine",
  count: Number(count),
  batch: true,
  batchLimits: { requests: Number(requests), shortestWait: 5, longestWait: 10, listedAfter: 50 },
});
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(summary)));
