import { join } from "node:path";
import { decimals, median, percent } from "../numbers.ts";
import { measure, startEndpoint } from "../processes.ts";
import type { Part } from "./part.ts";

const LATENCY = 200;
const IN_FLIGHT = 64;
const ROWS = 600;

/** `generate`'s rate that `judge` has to reach at the same latency. */
const LEAST = 0.97;

/** Rows a second that are judged, beside those that are made, against an endpoint of one latency. */
export const judge: Part = {
  name: "judge",
  async run({ rows, repeat }) {
    const times = repeat ?? 3;
    const count = rows ?? ROWS;
    const endpoint = await startEndpoint();
    const rates = { generate: [] as number[], judge: [] as number[] };
    try {
      for (let round = 0; round < times; round++) {
        const output = await Deno.makeTempDir({ prefix: "bench-" });
        for (const task of ["generate", "judge"] as const) {
          const id = `${task}-${round}`;
          const env = { OPENAI_BASE_URL: endpoint.address(LATENCY, id) };
          const words = task === "generate"
            ? ["--config", "config", "--run", "bench", "--count", `${count}`]
            : ["bench", "--sample", `${count}`];
          await measure(
            ["task", task, ...words, "--output", output, "--model", "openai:bench"]
              .concat("--concurrency", `${IN_FLIGHT}`),
            { env },
          );
          const asked = await endpoint.asked(id);
          if (asked.calls !== count) throw new Error(`Cannot compare: ${asked.calls} calls`);
          rates[task].push(count / (asked.ms / 1000));
        }
        const labels = await Deno.readTextFile(join(output, "bench", "labels.jsonl"));
        const judged = new Set(labels.trim().split("\n").map((line) => JSON.parse(line).row));
        if (judged.size !== count) throw new Error(`Cannot compare: ${judged.size} rows judged`);
        await Deno.remove(output, { recursive: true });
      }
    } finally {
      await endpoint.close();
    }
    const ratio = median(rates.judge) / median(rates.generate);
    return {
      title:
        `Judge: rows a second at ${LATENCY} ms latency, ${IN_FLIGHT} in flight, median of ${times}`,
      columns: ["", "rows/s", "of generate's"],
      lines: [
        { cells: [`generate, ${count} rows`, decimals(median(rates.generate), 1), ""] },
        {
          cells: [`judge, ${count} rows`, decimals(median(rates.judge), 1), percent(ratio)],
          target: { text: `≥ ${LEAST * 100} %`, met: ratio >= LEAST },
        },
      ],
      notes: ["From the endpoint's first request to its last answer; one call a row for either."],
    };
  },
};
