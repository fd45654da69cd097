import { type ContenderName, CONTENDERS } from "../contenders.ts";
import { decimals, median, percent } from "../numbers.ts";
import { startEndpoint } from "../processes.ts";
import type { Part } from "./part.ts";

const LATENCY = 200;
const PER_SECOND = 100;
/** Three times as many as the limit leaves room for. */
const CONCURRENCY = 64;
/** What the client does unless told otherwise. */
const RETRIES = 2;

const CASES: readonly { label: string; contender: ContenderName; isStated: boolean }[] = [
  { label: "plumbline, limit in headers", contender: "plumbline", isStated: true },
  { label: "plumbline, Retry-After only", contender: "plumbline", isStated: false },
  { label: "p-limit loop, client's retries", contender: "p-limit loop", isStated: true },
];

/** What an endpoint's limit costs above the time that it allows. */
export const limit: Part = {
  name: "limit",
  async run({ rows, repeat }) {
    const times = repeat ?? 1;
    const count = rows ?? 2000;
    // The bucket is full at first; the last answer takes its latency.
    const ideal = Math.max(0, count - PER_SECOND) / PER_SECOND + LATENCY / 1000;
    const readings = CASES.map(() => new Array<Reading>());
    const endpoint = await startEndpoint();
    try {
      for (let round = 0; round < times; round++) {
        for (const [index, { contender, isStated }] of CASES.entries()) {
          const name = `${index}-${round}`;
          const address = endpoint.address(LATENCY, name, { perSecond: PER_SECOND, isStated });
          const job = { address, rows: count, concurrency: CONCURRENCY, retries: RETRIES };
          await CONTENDERS[contender](job);
          const { calls, limited, ms, longestPauseMs } = await endpoint.asked(name);
          readings[index]?.push({
            seconds: ms / 1000,
            limited: limited / calls,
            lost: count - (calls - limited),
            pause: longestPauseMs / 1000,
          });
        }
      }
    } finally {
      await endpoint.close();
    }
    return {
      title: `Limit: ${count} rows of an endpoint that answers ${PER_SECOND} calls a second, ` +
        `${LATENCY} ms latency, ${CONCURRENCY} in flight at most, median of ${times}`,
      columns: ["", "seconds", "ideal", "ratio", "429s", "rows lost", "longest pause s"],
      lines: CASES.map(({ label, contender }, index) => {
        const of = (what: (reading: Reading) => number) =>
          median((readings[index] ?? []).map(what));
        const ratio = of((one) => one.seconds) / ideal;
        const limited = of((one) => one.limited);
        const lost = of((one) => one.lost);
        return {
          cells: [
            label,
            decimals(of((one) => one.seconds), 1),
            decimals(ideal, 1),
            decimals(ratio, 3),
            percent(limited),
            decimals(lost, 0),
            decimals(of((one) => one.pause), 1),
          ],
          ...(contender === "plumbline"
            ? {
              target: {
                text: "≤ 1.05, ≤ 1 %, 0 lost",
                met: ratio <= 1.05 && limited <= 0.01 && lost === 0,
              },
            }
            : {}),
        };
      }),
      notes: [
        "seconds: from the endpoint's first request to its last answer; 429s: share of all calls.",
        `The loop's client asks again ${RETRIES} times; a row that it gives up is lost.`,
      ],
    };
  },
};

interface Reading {
  seconds: number;
  /** Share of the calls. */
  limited: number;
  /** Rows without an answer. */
  lost: number;
  /** Seconds without an answer at the longest. */
  pause: number;
}
