import { decimals, median } from "../numbers.ts";
import { measure } from "../processes.ts";
import { LINUX_ONLY, type Part } from "./part.ts";

/** Many rows with nobody to wait for. */
export const simulated: Part = {
  name: "simulated",
  async run({ rows, repeat }) {
    const times = repeat ?? 1;
    const count = `${rows ?? 100_000}`;
    const cases = [
      { label: `plan --count ${count}`, words: ["plan", "--count", count] },
      {
        label: `generate --count ${count}`,
        words: ["generate", "--model", "simulated:faithful", "--count", count],
      },
    ].map((one) => ({ ...one, seconds: new Array<number>(), peaks: new Array<number>() }));
    for (let round = 0; round < times; round++) {
      for (const { words, seconds, peaks } of cases) {
        const output = await Deno.makeTempDir({ prefix: "bench-" });
        const more = words[0] === "generate" ? ["--output", output] : [];
        const took = await measure(["task", ...words, ...more]);
        seconds.push(took.seconds);
        peaks.push(took.peaks.at(-1) ?? NaN);
        await Deno.remove(output, { recursive: true });
      }
    }
    return {
      title: `Simulated model: ${count} rows, median of ${times}`,
      columns: ["", "seconds", "rows/s", "peak MB"],
      lines: cases.map(({ label, seconds, peaks }) => ({
        cells: [
          label,
          decimals(median(seconds), 1),
          decimals(Number(count) / median(seconds), 0),
          decimals(median(peaks), 0),
        ],
      })),
      notes: Deno.build.os === "linux" ? [] : [LINUX_ONLY],
    };
  },
};
