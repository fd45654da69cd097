/**
 * Generates the rows of a run until it is done or killed, and prints the summary: `OUTPUT BASE_URL
 * COUNT`. For the tests of what befalls a process.
 */
import { generate } from "../../src/run/generate.ts";
import { config, endpointModel } from "./fixtures.ts";

const [output, baseURL, count] = Deno.args;
const summary = await generate(config(), {
  model: endpointModel(baseURL!, { concurrency: 16 }),
  output: output!,
  run: "mine",
  count: Number(count),
});
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(summary)));
