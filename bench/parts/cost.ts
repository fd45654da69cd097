import { CONTENDER_NAMES, type ContenderName, CONTENDERS } from "../contenders.ts";
import { decimals, median } from "../numbers.ts";
import { startEndpoint } from "../processes.ts";
import { LINUX_ONLY, type Part } from "./part.ts";

const CONCURRENCY = 64;

/** What a row costs in CPU time and memory, where the endpoint answers at once. */
export const cost: Part = {
  name: "cost",
  async run({ rows, repeat }) {
    const times = repeat ?? 3;
    const large = rows ?? 20_000;
    const small = Math.max(2, Math.round(large / 10));
    const endpoint = await startEndpoint();
    const readings: Record<ContenderName, Reading[]> = { plumbline: [], "p-limit loop": [] };
    try {
      for (let round = 0; round < times; round++) {
        const order = round % 2 === 0 ? CONTENDER_NAMES : CONTENDER_NAMES.toReversed();
        for (const count of [1, small, large]) {
          for (const name of order) {
            const address = endpoint.address(0, `${name.replace(" ", "-")}-${count}-${round}`);
            const job = { address, rows: count, concurrency: CONCURRENCY };
            const { cpuSeconds, peaks } = await CONTENDERS[name](job);
            readings[name].push({ count, cpu: cpuSeconds ?? NaN, peaks });
          }
        }
      }
    } finally {
      await endpoint.close();
    }

    const of = (name: ContenderName, count: number, what: (reading: Reading) => number) =>
      median(readings[name].filter((reading) => reading.count === count).map(what));
    const cpu = (name: ContenderName, count: number) =>
      1000 * (of(name, count, (one) => one.cpu) - of(name, 1, (one) => one.cpu)) / (count - 1);
    const peak = (name: ContenderName, count: number) =>
      of(name, count, ({ peaks }) => peaks.at(-1) ?? NaN);
    const growth = (name: ContenderName) => peak(name, large) / peak(name, small);
    const cpuLine = (count: number) => {
      const ratio = cpu("plumbline", count) / cpu("p-limit loop", count);
      return {
        cells: [
          `CPU ms a row, ${count} rows`,
          ...CONTENDER_NAMES.map((name) => decimals(cpu(name, count), 3)),
          `${decimals(ratio, 2)} ×`,
        ],
        target: { text: "≤ 1.2 ×", met: ratio <= 1.2 },
      };
    };
    const peakLine = (count: number) => ({
      cells: [
        `peak MB, ${count} rows`,
        ...CONTENDER_NAMES.map((name) => decimals(peak(name, count), 0)),
        `${decimals(peak("plumbline", count) / peak("p-limit loop", count), 2)} ×`,
      ],
      target: { text: "≤ 160 MB", met: peak("plumbline", count) <= 160 },
    });
    return {
      title: `Cost: at 0 ms latency and ${CONCURRENCY} in flight, median of ${times}`,
      columns: ["", ...CONTENDER_NAMES, "ratio"],
      lines: [
        cpuLine(small),
        cpuLine(large),
        peakLine(small),
        peakLine(large),
        {
          cells: [
            `peak, ${large} ÷ ${small} rows`,
            ...CONTENDER_NAMES.map((name) => decimals(growth(name), 2)),
          ],
          target: { text: "≤ 1.1", met: growth("plumbline") <= 1.1 },
        },
        {
          cells: [
            "peak MB of the launcher",
            decimals(of("plumbline", large, ({ peaks }) => peaks.at(-2) ?? NaN), 0),
          ],
        },
      ],
      notes: [
        "CPU: user and system, of all processes of the command, less those of a run of 1 row.",
        ...(Deno.build.os === "linux" ? [] : [LINUX_ONLY]),
      ],
    };
  },
};

interface Reading {
  count: number;
  /** Seconds. */
  cpu: number;
  /** MB of the task and its launcher, where there are such, and of the process that asks. */
  peaks: number[];
}
