import { join } from "node:path";
import type { Config, Price, Sampling } from "../../config/types.ts";
import { costOf } from "../../models/cost/prices.ts";
import { parseShard, shardRows } from "../../plan/shard.ts";
import { joinParts } from "../log/join_parts.ts";
import { identityOf } from "../log/identity.ts";
import { readParts } from "../log/parts.ts";
import { RECORDS_FILE } from "../log/records.ts";
import { tallyLog } from "../log/tally.ts";
import type { RowRecord } from "../types.ts";

/** Mean and spread of numbers that come one by one; none of them is kept. */
export interface RunningMean {
  readonly n: number;
  /** 0 where n is 0. */
  readonly mean: number;
  readonly sum: number;
  /** Of the sample; 0 where n is below 2. */
  readonly sd: number;
  add(value: number): void;
}

/**
 * Opens a mean of no numbers. Welford (1962), "Note on a method for calculating corrected sums of
 * squares and products", Technometrics 4(3).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { runningMean } from "./measured.ts";
 * const words = runningMean();
 * for (const value of [1, 2, 6]) words.add(value);
 * assert(words.mean === 3 && Math.abs(words.sd - Math.sqrt(7)) < 1e-12);
 * ```
 */
export function runningMean(): RunningMean {
  let n = 0;
  let mean = 0;
  let squares = 0;
  return {
    get n() {
      return n;
    },
    get mean() {
      return mean;
    },
    get sum() {
      return n * mean;
    },
    get sd() {
      return n < 2 ? 0 : Math.sqrt(squares / (n - 1));
    },
    add(value) {
      n += 1;
      const off = value - mean;
      mean += off / n;
      squares += off * (value - mean);
    },
  };
}

/** What the rows that a run has already tell about those that are still to come. */
export interface Measured {
  /** Rows planned in the whole run. */
  inAll: number;
  /** Into how many shards the run is divided; null: it is made in one. */
  shards: number | null;
  /** Rows planned in what was measured: the run, or a shard of it. */
  planned: number;
  /** Rows that have an outcome. */
  done: number;
  /** Tokens a row, of the rows whose tokens the endpoint counted. */
  input: RunningMean;
  output: RunningMean;
  /** USD a row at the price asked for; of no rows where that is unknown. */
  cost: RunningMean;
  /** USD of all that was asked: each row at its own cost, or where it has none at the price asked for. */
  spent: number;
  /** Seconds that a live answer took. */
  seconds: RunningMean;
}

/** Which run, as `generate` takes it, and at which price its tokens are counted. */
export interface MeasuredOptions {
  output: string;
  run?: string | undefined;
  /** `i/n`: only that shard. */
  shard?: string | undefined;
  seed: number;
  sampling: Sampling;
  /** `provider:name`. */
  model: string;
  price: Price | null;
}

/**
 * Reads what the rows took that `generate` would find done; null where there is no such run yet, or
 * one of that name that asks for something else.
 *
 * @throws {UserError} Exit 2 where the run can't be understood, or at a line that is no record.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadConfig } from "../../config/load.ts";
 * import { measuredRows } from "./measured.ts";
 * const measured = await measuredRows(await loadConfig("config"), {
 *   output: "no/such/folder",
 *   seed: 1,
 *   sampling: "even",
 *   model: "openai:gpt-4.1-mini",
 *   price: null,
 * });
 * assert(measured === null);
 * ```
 */
export async function measuredRows(
  config: Config,
  options: MeasuredOptions,
): Promise<Measured | null> {
  const { price } = options;
  const { name, configHash } = identityOf(config, options);
  const folder = join(options.output, name);
  const parts = await readParts(folder);
  if (parts[0]?.manifest.configHash !== configHash) return null;
  const inAll = Math.max(...parts.map(({ manifest }) => manifest.count));
  const shard = options.shard === undefined ? null : parseShard(options.shard);
  const wanted = shard === null
    ? parts
    : parts.filter(({ manifest }) => manifest.shard === options.shard);
  // Rows of a shard that isn't there yet are still to come.
  let planned = shard === null
    ? joinParts(folder, parts).missingRows
    : wanted.length === 0
    ? shardRows(inAll, shard).size
    : 0;
  let done = 0;
  let spent = 0;
  const [input, output, cost, seconds] = [
    runningMean(),
    runningMean(),
    runningMean(),
    runningMean(),
  ];
  const onRecord = ({ usage, ms, outcome, batch, cost: paid }: RowRecord) => {
    // What a failed row took is the time of its last fault and no answer's.
    if (outcome !== "failed" && batch === undefined) seconds.add(ms / 1000);
    if (usage === null) return;
    spent += paid ?? costOf(usage, price) ?? 0;
    input.add(usage.input);
    output.add(usage.output);
    const usd = costOf(usage, price);
    if (usd !== null) cost.add(usd);
  };
  for (const { folder, rows } of wanted) {
    const { tally } = await tallyLog(join(folder, RECORDS_FILE), { rows, onRecord });
    const counts = tally.counts();
    planned += counts.planned;
    done += counts.planned - counts.pending;
  }
  const shards = parts[0].shard?.of ?? null;
  return { inAll, shards, planned, done, input, output, cost, spent, seconds };
}
