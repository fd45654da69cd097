import { join } from "node:path";
import type { Measured } from "./measure.ts";
import { measure, project } from "./processes.ts";

/** What is asked for, of whom. */
export interface Job {
  /** Base URL of the endpoint. */
  address: string;
  rows: number;
  /** Calls in flight at most. */
  concurrency: number;
  /**
   * How often the loop's client asks again, after which its row is lost. Absent: never, and a fault
   * ends the loop.
   */
  retries?: number;
}

/** One way to get rows; it gives what its process took. */
export type Contender = (job: Job) => Promise<Measured>;

/** The contenders by the names that the tables show, in the order in which they start. */
export const CONTENDERS = { plumbline, "p-limit loop": plainLoop } satisfies Record<
  string,
  Contender
>;

/** The name of a contender. */
export type ContenderName = keyof typeof CONTENDERS;

/** Their names. */
export const CONTENDER_NAMES: readonly ContenderName[] = ["plumbline", "p-limit loop"];

/** The real task, launcher and run folder included. */
async function plumbline({ address, rows, concurrency }: Job): Promise<Measured> {
  const output = await Deno.makeTempDir({ prefix: "bench-" });
  const words = ["--run", "bench", "--count", `${rows}`, "--concurrency", `${concurrency}`];
  try {
    const measured = await measure(
      [
        ...["task", "generate", "--config", "config", "--model", "openai:bench"],
        ...["--output", output, ...words],
      ],
      { env: { OPENAI_BASE_URL: address } },
    );
    const records = await Deno.readTextFile(join(output, "bench", "records.jsonl"));
    check(records.split("\n").length - 1, rows);
    return measured;
  } finally {
    await Deno.remove(output, { recursive: true });
  }
}

/** The loop that most scripts are. */
async function plainLoop({ address, rows, concurrency, retries }: Job): Promise<Measured> {
  const output = await Deno.makeTempDir({ prefix: "bench-" });
  const file = join(output, "rows.json");
  try {
    const measured = await measure(
      ["run", "-RWE", "--allow-net=127.0.0.1", "--config", "bench/deno.json", "bench/plain.ts"]
        .concat(
          [address, join(project, "config"), `${rows}`, `${concurrency}`, file],
          retries === undefined ? [] : [`${retries}`],
        ),
    );
    const texts: unknown[] = JSON.parse(await Deno.readTextFile(file));
    check(texts.length, rows);
    return measured;
  } finally {
    await Deno.remove(output, { recursive: true });
  }
}

function check(got: number, wanted: number): void {
  if (got !== wanted) {
    throw new Error(`Cannot compare: ${got} rows came where ${wanted} were asked`);
  }
}
