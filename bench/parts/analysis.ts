import { join } from "node:path";
import { decimals, median } from "../numbers.ts";
import { measure, project } from "../processes.ts";
import type { Line } from "../table.ts";
import { writeZipfRun } from "../zipf_run.ts";
import { LINUX_ONLY, type Part } from "./part.ts";

/** Seconds for so many rows that it is built to stay below. */
const TARGETS = [{ rows: 100_000, seconds: 10 }, { rows: 1_000_000, seconds: 90 }];
/** Peak memory that it is built to stay below: 2 GiB. */
const MOST_MB = 2 ** 31 / 1e6;

/** What an analysis takes, stage by stage, and that it grows no faster than the rows. */
export const analysis: Part = {
  name: "analysis",
  async run({ rows, repeat }) {
    const times = repeat ?? 1;
    const large = rows ?? 1_000_000;
    const sizes = [Math.max(1, Math.round(large / 10)), large];
    const readings = sizes.map(() => new Array<Reading>());
    for (const [i, size] of sizes.entries()) {
      const folder = await Deno.makeTempDir({ prefix: "bench-" });
      try {
        await writeZipfRun(folder, size);
        for (let round = 0; round < times; round++) readings[i]?.push(await read(folder));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }

    const cells = (what: (reading: Reading) => number, places: number): string[] => {
      const [small, big] = readings.map((those) => median(those.map(what)));
      return [small, big, (big ?? NaN) / (small ?? NaN)].map((value, i) =>
        decimals(value ?? NaN, i === 2 ? 1 : places)
      );
    };
    const stages = readings[0]?.[0]?.stages.map(({ name }) => name) ?? [];
    const seconds = readings.map((those) => median(those.map((one) => one.seconds)));
    const targets = sizes.map((size, i): Line["target"] => {
      const target = TARGETS.find((each) => each.rows === size);
      return target && { text: `< ${target.seconds} s`, met: (seconds[i] ?? NaN) < target.seconds };
    });
    const peak = median(readings[1]?.map(({ peak }) => peak) ?? []);
    return {
      title: `Analysis of rows of 18 words: seconds, median of ${times}`,
      columns: ["", ...sizes.map((size) => `${size} rows`), "ratio"],
      lines: [
        ...stages.map((name) => ({ cells: [name, ...cells((one) => secondsOf(one, name), 2)] })),
        {
          cells: ["deno task analyze", ...cells((one) => one.seconds, 2)],
          target: { text: "ratio ≤ 11", met: (seconds[1] ?? NaN) / (seconds[0] ?? NaN) <= 11 },
        },
        ...sizes.map((size, i) => ({
          cells: [
            `rows/s, ${size} rows`,
            i === 0 ? decimals(size / (seconds[i] ?? NaN), 0) : "",
            i === 1 ? decimals(size / (seconds[i] ?? NaN), 0) : "",
          ],
          ...(targets[i] === undefined ? {} : { target: targets[i] }),
        })),
        {
          cells: ["peak MB", ...cells((one) => one.peak, 0)],
          target: { text: "< 2 GiB", met: peak < MOST_MB },
        },
      ],
      notes: [
        "Stages: in a process of their own, with V8 as it is by itself.",
        ...(Deno.build.os === "linux" ? [] : [LINUX_ONLY]),
      ],
    };
  },
};

/** A stage of an analysis. */
export interface Stage {
  name: string;
  seconds: number;
}

interface Reading {
  stages: Stage[];
  /** Of the whole command, from its start to its end. */
  seconds: number;
  /** MB of the process that does the work. */
  peak: number;
}

function secondsOf({ stages }: Reading, name: string): number {
  return stages.find((stage) => stage.name === name)?.seconds ?? NaN;
}

async function read(folder: string): Promise<Reading> {
  const { seconds, peaks } = await measure(["task", "analyze", folder]);
  const file = join(folder, "stages.json");
  await measure([
    "run",
    "--config",
    join(project, "deno.json"),
    "--allow-read",
    `--allow-write=${file}`,
    "--ignore-env",
    join(project, "bench", "analyze.ts"),
    folder,
    file,
  ]);
  const stages: Stage[] = JSON.parse(await Deno.readTextFile(file));
  return { stages, seconds, peak: peaks.at(-1) ?? NaN };
}
