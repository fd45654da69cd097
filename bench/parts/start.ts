import { measure } from "../processes.ts";
import { decimals, median } from "../numbers.ts";
import type { Part } from "./part.ts";

/** How long the task takes to start and end. */
export const start: Part = {
  name: "start",
  async run({ repeat }) {
    const times = repeat ?? 9;
    const cases = [
      { words: ["--help"], most: 0.2 },
      { words: ["--model", "simulated:faithful", "--count", "1"], most: 0.45 },
    ].map((one) => ({ ...one, seconds: new Array<number>() }));
    // The first round fills the caches and doesn't count.
    for (let round = 0; round <= times; round++) {
      for (const { words, seconds } of cases) {
        const output = await Deno.makeTempDir({ prefix: "bench-" });
        const more = words.length === 1 ? [] : ["--output", output];
        const took = await measure(["task", "generate", ...words, ...more]);
        if (round > 0) seconds.push(took.seconds);
        await Deno.remove(output, { recursive: true });
      }
    }
    return {
      title: `Start: seconds from deno task to its end, median of ${times}`,
      columns: ["", "median", "least", "most"],
      lines: cases.map(({ words, most, seconds }) => ({
        cells: [
          `generate ${words.join(" ")}`,
          ...[median(seconds), Math.min(...seconds), Math.max(...seconds)]
            .map((value) => decimals(value, 2)),
        ],
        target: { text: `< ${most}`, met: median(seconds) < most },
      })),
      notes: [],
    };
  },
};
