import { costOf, type ModelPrice } from "../../models/cost/prices.ts";
import type { Usage } from "../../models/types.ts";
import type { RowNumbers } from "../../plan/shard.ts";
import { pendingRows } from "../row_counts.ts";
import { readRecords, type ReadRecordsOptions } from "./records.ts";
import { type Outcome, OUTCOMES, type RowCounts, type RowRecord } from "../types.ts";

/** What became of each row by number, in one byte a row: the newest record counts. */
export interface Tally {
  /** Takes the next record of the log; a `RangeError` where its row isn't one of the tally's. */
  add(record: RowRecord): void;
  /** The row's outcome, null while it is pending. */
  outcomeOf(row: number): Outcome | null;
  /** A copy; planned = the sum of the others. */
  counts(): RowCounts;
  /**
   * USD of all records, older ones of a row included: each as it was recorded, and those without a
   * cost, from before it was known, at `price`. Null where none has one.
   */
  cost(price?: ModelPrice | null): number | null;
  /** Tokens of all records, likewise. */
  usage(): Usage | null;
  /** Records whose tokens the endpoint counted. */
  counted(): number;
  /** Records of answers whose tokens it didn't count: they were paid all the same. */
  uncounted(): { live: number; batch: number };
}

/**
 * A tally of rows that are all pending.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shardRows } from "../../plan/shard.ts";
 * import { openTally } from "./tally.ts";
 * assert(openTally(shardRows(3, null)).counts().pending === 3);
 * ```
 */
export function openTally({ size: planned, placeOf }: RowNumbers): Tally {
  // By a row's place: 0 is pending, else 1 + the index in OUTCOMES. It grows with the last place seen.
  let codes = new Uint8Array(Math.min(planned, 1024));
  const counts = pendingRows(planned);
  let cost: number | null = null;
  let usage: Usage | null = null;
  /** Tokens of records without a cost, asked live and by batch. */
  const uncosted = { live: { input: 0, output: 0 }, batch: { input: 0, output: 0 } };
  let counted = 0;
  const uncounted = { live: 0, batch: 0 };
  const outcomeAt = (place: number) => OUTCOMES[(codes[place] ?? 0) - 1] ?? null;
  return {
    outcomeOf(row) {
      const place = placeOf(row);
      return place === null ? null : outcomeAt(place);
    },
    add(record) {
      const { row, outcome } = record;
      const place = placeOf(row);
      if (place === null) {
        throw new RangeError(`Cannot count row ${row}: it is none of the ${planned} planned rows`);
      }
      if (place >= codes.length) {
        const larger = new Uint8Array(grownLength(codes.length, place, planned));
        larger.set(codes);
        codes = larger;
      }
      counts[outcomeAt(place) ?? "pending"] -= 1;
      counts[outcome] += 1;
      codes[place] = 1 + OUTCOMES.indexOf(outcome);
      if (record.cost !== null) cost = (cost ?? 0) + record.cost;
      const way = record.batch === undefined ? "live" : "batch";
      if (record.usage === null) {
        // What no answer came to has neither a text nor a reason to finish.
        if (record.text !== null || record.finishReason !== null) uncounted[way] += 1;
      } else {
        counted += 1;
        usage ??= { input: 0, output: 0 };
        usage.input += record.usage.input;
        usage.output += record.usage.output;
        if (record.cost !== null) return;
        const part = uncosted[way];
        part.input += record.usage.input;
        part.output += record.usage.output;
      }
    },
    counts: () => ({ ...counts }),
    cost(price = null) {
      if (usage === null && cost === null) return null;
      const rest = [costOf(uncosted.live, price), costOf(uncosted.batch, price, { batch: true })];
      const known = [cost, ...rest].filter((usd) => usd !== null);
      if (known.length === 0) return null;
      return Number(known.reduce((sum, usd) => sum + usd, 0).toPrecision(12));
    },
    usage: () => usage === null ? null : { ...usage },
    counted: () => counted,
    uncounted: () => ({ ...uncounted }),
  };
}

/** The length of a typed array that has to hold `place`: at least doubled, at most `planned`. */
export function grownLength(length: number, place: number, planned: number): number {
  return Math.min(planned, Math.max(place + 1, length * 2));
}

/** What a log's records say in sum, and what was met on the way. */
export interface TalliedLog {
  tally: Tally;
  /** Bad lines that were skipped. */
  badLines: number;
  /** Bytes of a torn last line. */
  torn: number;
}

/**
 * Tallies a log in one pass. A row that is none of `rows` is a bad line: it can't be counted.
 *
 * @throws {UserError} Exit 2 for a bad line, unless `skipBadLines`.
 */
export async function tallyLog(
  path: string,
  options: {
    rows: RowNumbers;
    skipBadLines?: boolean | undefined;
    /** Told about each record and its line number. */
    onRecord?: ((record: RowRecord, line: number) => void) | undefined;
  },
): Promise<TalliedLog> {
  const tally = openTally(options.rows);
  const log: TalliedLog = { tally, badLines: 0, torn: 0 };
  const reading: ReadRecordsOptions = {
    rows: options.rows,
    skipBadLines: options.skipBadLines ?? false,
    onBad: () => log.badLines += 1,
    onTorn: ({ bytes }) => log.torn = bytes,
  };
  for await (const { record, line } of readRecords(path, reading)) {
    tally.add(record);
    options.onRecord?.(record, line);
  }
  return log;
}

/** `1 line that is no record is`, `3 lines that are no records are`. */
export function badLinesText(lines: number): string {
  return lines === 1 ? "1 line that is no record is" : `${lines} lines that are no records are`;
}
