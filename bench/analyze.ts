/**
 * A process that analyses the run in the folder given as its first argument, and writes how
 * long each stage took to the file given as its second, as a list of {@linkcode Stage}. It runs with the project's own config, for the packages that the analysis needs.
 */
import { analyze } from "../src/analysis/analyze.ts";
import { readRun } from "../src/run/log/read.ts";
import type { Stage } from "./parts/analysis.ts";

const [folder = "", file = ""] = Deno.args;
const stages: Stage[] = [];
let name = "opening the run";
let began = performance.now();
const onStage = (next: string) => {
  stages.push({ name, seconds: (performance.now() - began) / 1000 });
  name = next;
  began = performance.now();
};
await analyze(await readRun(folder), { onStage });
onStage("");
await Deno.writeTextFile(file, JSON.stringify(stages));
