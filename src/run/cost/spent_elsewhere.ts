import { join } from "node:path";
import { z } from "zod";
import type { Price } from "../../config/types.ts";
import { costOf } from "../../models/cost/prices.ts";
import type { Usage } from "../../models/types.ts";
import type { Shard } from "../../plan/shard.ts";
import { BATCHES_FILE } from "../log/ledger.ts";
import { rowRangesSchema, sizeOf } from "../log/row_ranges.ts";
import { shardFolder } from "../log/parts.ts";
import { RECORDS_FILE } from "../log/records.ts";

/** A look at the other shards is never older than this where calls are made. */
const OLDEST_MS = 1000;

/** It is looked again where all shards together, if they spent alike, may have used up this part of what was left. */
const USED = 0.5;

/**
 * What the other shards of a run have spent, while they are being written: gives it for what this one
 * has spent by now, after a look where `isDue`. Else it looks again from time to time, and the more often the less is left, so that
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
): (own: number, isDue?: boolean) => number {
  const { look, shards, maxCost, now } = options;
  let seen = 0;
  let seenAt = -Infinity;
  let ownThen = 0;
  return (own, isDue = false) => {
    const left = maxCost - ownThen - seen;
    if (isDue || now() - seenAt >= OLDEST_MS || (own - ownThen) * shards >= USED * left) {
      seen = look();
      seenAt = now();
      ownThen = own;
    }
    return seen;
  };
}

/** What the other shards of a run have spent. */
export interface SpentElsewhere {
  /** USD, as far as was looked; `own`: what this shard has spent by now; `isDue`: it looks now. */
  usd(own: number, isDue?: boolean): number;
  /**
   * Rows that the last look found in batches of the others: they are to be paid, and have no record
   * yet. They count from where their batch is planned, before the endpoint hears of it.
   */
  rowsOut(): number;
  /** Tokens of a record of the others in the mean; null where the last look found none that tells. */
  tokens(): Usage | null;
  close(): void;
}

/**
 * Watches what the other shards of a run spend, by their logs, and what they have in batches, by
 * their ledgers. Each look reads only what was written since the one before. A shard that isn't there yet has spent nothing.
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
 * assert.deepEqual([elsewhere.usd(1), elsewhere.rowsOut()], [0, 0]);
 * elsewhere.close();
 * ```
 */
export function openSpentElsewhere(
  folder: string,
  options: { shard: Shard; price: Price; maxCost: number; now?: (() => number) | undefined },
): SpentElsewhere {
  const { shard: { index: own, of }, price, maxCost, now = () => performance.now() } = options;
  const others: Other[] = [];
  for (let index = 1; index <= of; index++) {
    if (index === own) continue;
    const inside = join(folder, shardFolder({ index, of }));
    const log = { path: join(inside, RECORDS_FILE), file: null, rest: new Uint8Array() };
    const ledger = { path: join(inside, BATCHES_FILE), size: 0, open: [] };
    others.push({ log, ledger, recorded: new Map() });
  }
  let usd = 0;
  const tokens = { input: 0, output: 0, records: 0 };
  function look(): number {
    for (const { log, ledger, recorded } of others) {
      // The ledger first: what ends between the two looks has its records already.
      readAgain(ledger);
      for (const text of newLines(log)) {
        const record = parsed(text, paidSchema);
        if (record === null) continue;
        const { usage, batch } = record;
        usd += record.cost ?? costOf(usage, price) ?? 0;
        if (usage !== null) {
          tokens.input += usage.input;
          tokens.output += usage.output;
          tokens.records += 1;
        }
        if (batch !== undefined) recorded.set(batch, (recorded.get(batch) ?? 0) + 1);
      }
    }
    return usd;
  }
  return {
    usd: watchSpending({ look, shards: of, maxCost, now }),
    rowsOut() {
      let rows = 0;
      for (const { ledger, recorded } of others) {
        for (const { size, batch } of ledger.open) {
          rows += Math.max(0, size - (batch === null ? 0 : recorded.get(batch) ?? 0));
        }
      }
      return rows;
    },
    tokens() {
      const { input, output, records } = tokens;
      return records === 0 ? null : { input: input / records, output: output / records };
    },
    close() {
      for (const { log } of others) log.file?.close();
    },
  };
}

/** What is read of another shard. */
interface Other {
  log: LogEnd;
  ledger: LedgerSeen;
  /** By batch: how many records it has. */
  recorded: Map<string, number>;
}

/** A ledger that another shard writes, as it was when it was last read. */
interface LedgerSeen {
  path: string;
  /** Bytes. */
  size: number;
  /** Batches that were planned and haven't ended; `batch`: the endpoint's id, where it is noted. */
  open: { size: number; batch: string | null }[];
}

const stepSchema = z.object({
  step: z.string(),
  key: z.string(),
  rows: rowRangesSchema.optional(),
  batch: z.string().optional(),
});

/** Reads a ledger whole where it has changed: it is short, and its writer may cut a torn line off. */
function readAgain(ledger: LedgerSeen): void {
  let text: string;
  try {
    const { size } = Deno.statSync(ledger.path);
    if (size === ledger.size) return;
    ledger.size = size;
    text = Deno.readTextFileSync(ledger.path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  const open = new Map<string, LedgerSeen["open"][number]>();
  for (const line of text.split("\n")) {
    const taken = parsed(line, stepSchema);
    if (taken === null) continue;
    const { step, key, rows, batch } = taken;
    const known = open.get(key);
    if (step === "planned") open.set(key, { size: sizeOf(rows ?? []), batch: null });
    else if (step === "ended") open.delete(key);
    else if (known !== undefined && batch !== undefined) known.batch = batch;
  }
  ledger.open = [...open.values()];
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
  batch: z.string().optional(),
});

/** What a line holds; null where it isn't that: its own shard tells of it. */
function parsed<T>(line: string, schema: z.ZodType<T>): T | null {
  if (line.trim() === "") return null;
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
