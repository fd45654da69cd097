import { join } from "node:path";
import { z } from "zod";
import type { Price } from "../config/types.ts";
import { costOf } from "../models/prices.ts";
import type { Shard } from "../plan/shard.ts";
import { shardFolder } from "./parts.ts";
import { RECORDS_FILE } from "./records.ts";

/** A look at the other shards is never older than this where calls are made. */
const OLDEST_MS = 1000;

/** It is looked again where all shards together, if they spent alike, may have used up this part of what was left. */
const USED = 0.5;

/**
 * What the other shards of a run have spent, while they are being written: gives it for what this one
 * has spent by now. It looks again from time to time, and the more often the less is left, so that
 * what is spent unseen between two looks is small against it.
 *
 * @param options `look` gives the USD that the others have spent; `shards`: how many there are in
 * all; `maxCost`: USD that all of them may spend; `now`: milliseconds.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { watchSpending } from "./spent_elsewhere.ts";
 * let others = 1;
 * const spentElsewhere = watchSpending({ look: () => others, shards: 2, maxCost: 10, now: () => 0 });
 * assert.equal(spentElsewhere(1), 1);
 * others = 3;
 * assert.equal(spentElsewhere(2), 1);
 * assert.equal(spentElsewhere(3), 3);
 * ```
 */
export function watchSpending(
  options: { look: () => number; shards: number; maxCost: number; now: () => number },
): (own: number) => number {
  const { look, shards, maxCost, now } = options;
  let seen = 0;
  let seenAt = -Infinity;
  let ownThen = 0;
  return (own) => {
    const left = maxCost - ownThen - seen;
    if (now() - seenAt >= OLDEST_MS || (own - ownThen) * shards >= USED * left) {
      seen = look();
      seenAt = now();
      ownThen = own;
    }
    return seen;
  };
}

/** What the other shards of a run have spent. */
export interface SpentElsewhere {
  /** USD, as far as was looked; `own`: what this shard has spent by now. */
  usd(own: number): number;
  close(): void;
}

/**
 * Watches what the other shards of a run spend, by their logs. Each look reads only what was written
 * since the one before. A shard that isn't there yet has spent nothing.
 *
 * @param folder The run's.
 * @param options `shard`: the one that doesn't count. `price`: what a record's tokens are counted at
 * where it has no cost of its own. `now`: milliseconds on any clock.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openSpentElsewhere } from "./spent_elsewhere.ts";
 * const shard = { index: 1, of: 4 };
 * const price = { input: 1, output: 2 };
 * const elsewhere = openSpentElsewhere("no/such/run", { shard, price, maxCost: 5 });
 * assert.equal(elsewhere.usd(1), 0);
 * elsewhere.close();
 * ```
 */
export function openSpentElsewhere(
  folder: string,
  options: { shard: Shard; price: Price; maxCost: number; now?: () => number },
): SpentElsewhere {
  const { shard: { index: own, of }, price, maxCost, now = () => performance.now() } = options;
  const logs: LogEnd[] = [];
  for (let index = 1; index <= of; index++) {
    if (index === own) continue;
    const path = join(folder, shardFolder({ index, of }), RECORDS_FILE);
    logs.push({ path, file: null, rest: new Uint8Array() });
  }
  let usd = 0;
  function look(): number {
    for (const log of logs) {
      for (const text of newLines(log)) usd += costIn(text, price);
    }
    return usd;
  }
  return {
    usd: watchSpending({ look, shards: of, maxCost, now }),
    close() {
      for (const log of logs) log.file?.close();
    },
  };
}

/** A log that others append to. */
interface LogEnd {
  path: string;
  /** Null: it isn't there yet. */
  file: Deno.FsFile | null;
  /** What follows the last line end that was read. */
  rest: Uint8Array<ArrayBuffer>;
}

/** Bytes read at once. */
const CHUNK = 256 * 1024;
const LINE_FEED = 10;

/** The lines that were completed since the last time; a line that is still being written waits. */
function* newLines(log: LogEnd): Generator<string, void, undefined> {
  log.file ??= openIfThere(log.path);
  if (log.file === null) return;
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(CHUNK);
  for (;;) {
    const read = log.file.readSync(chunk);
    if (read === null) return;
    const bytes = new Uint8Array(log.rest.length + read);
    bytes.set(log.rest);
    bytes.set(chunk.subarray(0, read), log.rest.length);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    log.rest = bytes.slice(end);
    yield* decoder.decode(bytes.subarray(0, end)).split("\n");
  }
}

function openIfThere(path: string): Deno.FsFile | null {
  try {
    return Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const paidSchema = z.object({
  usage: z.object({ input: z.number(), output: z.number() }).nullable(),
  cost: z.number().nullable(),
});

/** What a line's record cost; what is no record costs nothing: its own shard tells of it. */
function costIn(line: string, price: Price): number {
  if (line.trim() === "") return 0;
  try {
    const { usage, cost } = paidSchema.parse(JSON.parse(line));
    return cost ?? costOf(usage, price) ?? 0;
  } catch {
    return 0;
  }
}
