/**
 * `deno task bench [PART…] [--rows N] [--repeat N]`: measurements, side by side in one run. Parts: start,
 * rate, judge, limit, cost, simulated, analysis, labels; all of them without names. Labels need labelled
 * messages, `--data FILE.csv [--text COLUMN] [--label COLUMN]`. They say
 * whether a target is met, and end with 0 either way: a slow machine is no fault.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { analysis } from "./parts/analysis.ts";
import { cost } from "./parts/cost.ts";
import { judge } from "./parts/judge.ts";
import { labels } from "./parts/labels.ts";
import { limit } from "./parts/limit.ts";
import type { Part } from "./parts/part.ts";
import { rate } from "./parts/rate.ts";
import { simulated } from "./parts/simulated.ts";
import { start } from "./parts/start.ts";
import { tableText } from "./table.ts";

const PARTS: readonly Part[] = [start, rate, judge, limit, cost, simulated, analysis, labels];

const { values, positionals } = parseArgs({
  args: Deno.args,
  options: {
    rows: { type: "string" },
    repeat: { type: "string" },
    data: { type: "string" },
    text: { type: "string", default: "text" },
    label: { type: "string", default: "category" },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) fail(`There is no part ${unknown.join(", ")}`);
const { data: file, text, label } = values;
const options = {
  rows: wholeNumber("rows"),
  repeat: wholeNumber("repeat"),
  data: file === undefined ? null : { file, text, label },
};

await print(
  `deno ${Deno.version.deno} · ${Deno.build.target} · ${availableParallelism()} cores\n\n`,
);
for (const part of PARTS) {
  if (positionals.length > 0 && !positionals.includes(part.name)) continue;
  await print(tableText(await part.run(options)) + "\n");
}

function wholeNumber(name: "rows" | "repeat"): number | null {
  const typed = values[name];
  if (typed === undefined) return null;
  const value = Number(typed);
  return Number.isSafeInteger(value) && value > 0 ? value : fail(`--${name} takes a whole number`);
}

function fail(message: string): never {
  const parts = PARTS.map(({ name }) => name).join(", ");
  Deno.stderr.writeSync(new TextEncoder().encode(`${message}. Parts: ${parts}.\n`));
  Deno.exit(2);
}

async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}
