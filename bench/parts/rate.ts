import { CONTENDER_NAMES, type ContenderName, CONTENDERS } from "../contenders.ts";
import { decimals, median, percent } from "../numbers.ts";
import { startEndpoint } from "../processes.ts";
import type { Line } from "../table.ts";
import type { Part } from "./part.ts";

const LATENCY = 200;
/**
 * Rows per call in flight: ten seconds at the ideal rate. All contenders make their first calls
 * slowly, before V8 has compiled what they run.
 */
const WAVES = 50;
const IN_FLIGHT = [
  { concurrency: 16, least: 0.95 },
  { concurrency: 64, least: 0.95 },
  { concurrency: 256, least: 0.92 },
];

/** Rows a second against an endpoint whose latency, and nothing else, sets the limit. */
export const rate: Part = {
  name: "rate",
  async run({ rows, repeat }) {
    const times = repeat ?? 3;
    const endpoint = await startEndpoint();
    const lines: Line[] = [];
    try {
      for (const { concurrency, least } of IN_FLIGHT) {
        const ideal = concurrency / (LATENCY / 1000);
        const waves = rows === null ? WAVES : Math.max(1, Math.round(rows / concurrency));
        const count = waves * concurrency;
        const rates: Record<ContenderName, number[]> = { plumbline: [], "p-limit loop": [] };
        const walls: Record<ContenderName, number[]> = { plumbline: [], "p-limit loop": [] };
        const held: Record<ContenderName, number[]> = { plumbline: [], "p-limit loop": [] };
        for (let round = 0; round < times; round++) {
          const order = round % 2 === 0 ? CONTENDER_NAMES : CONTENDER_NAMES.toReversed();
          for (const name of order) {
            const id = `${name.replace(" ", "-")}-${concurrency}-${round}`;
            const address = endpoint.address(LATENCY, id);
            const { seconds } = await CONTENDERS[name]({ address, rows: count, concurrency });
            const asked = await endpoint.asked(id);
            if (asked.calls !== count) throw new Error(`Cannot compare: ${asked.calls} calls`);
            rates[name].push(count / (asked.ms / 1000));
            walls[name].push(count / seconds);
            held[name].push(asked.heldMs);
          }
        }
        for (const name of CONTENDER_NAMES) {
          const share = median(rates[name]) / ideal;
          lines.push({
            cells: [
              `${concurrency} in flight, ${name}`,
              decimals(median(rates[name]), 1),
              decimals(ideal, 0),
              percent(share),
              decimals(median(walls[name]), 1),
              decimals(median(held[name]), 1),
            ],
            ...(name === "plumbline"
              ? { target: { text: `≥ ${least * 100} %`, met: share >= least } }
              : {}),
          });
        }
      }
    } finally {
      await endpoint.close();
    }
    return {
      title: `Rate: rows a second at ${LATENCY} ms latency, median of ${times}`,
      columns: ["", "rows/s", "ideal", "of ideal", "start included", "held ms"],
      lines,
      notes: [
        "rows/s: from the endpoint's first request to its last answer; ideal: in flight ÷ latency.",
        "held: what the endpoint took for an answer; beyond the latency that is its timers' lateness.",
      ],
    };
  },
};
