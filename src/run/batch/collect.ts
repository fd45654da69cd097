import { UserError } from "../../error.ts";
import type { Batches, BatchState, ResultLine } from "../../models/batch/types.ts";
import type { Asked, Fault, Reply } from "../../models/types.ts";
import type { LedgerBatch } from "../log/ledger.ts";
import { resultsGone, stopped } from "./errors.ts";
import { passes, type Patience } from "./patience.ts";
import { rowsIn, sizeOf } from "../log/row_ranges.ts";

/** What a request is named by in a batch: `row-17`. */
export function requestId(row: number): string {
  return `row-${row}`;
}

/** The row that a request is named for; null where it is none of ours. */
export function rowOfId(id: string): number | null {
  const match = /^row-(0|[1-9]\d*)$/.exec(id);
  const row = match === null ? null : Number(match[1]);
  return Number.isSafeInteger(row) ? row : null;
}

/** What is needed to read a batch's results. */
export interface CollectOptions<T> {
  batches: Pick<Batches, "address" | "results" | "answerOf">;
  patience: Patience;
  /** What was asked for in a row. */
  itemOf: (row: number) => T;
  /** Rows whose answer from this batch was kept by an earlier start. */
  kept: ReadonlySet<number>;
  /** By row: how often it came back without an answer before. */
  tries: ReadonlyMap<number, number>;
  /** Rows that came back so from a batch that answered others: they are at fault themselves. */
  passedOver: ReadonlySet<number>;
  /** After so many tries in vain a row is given up. */
  mostTries: number;
  /** Rows of this run that have an outcome. */
  done: number;
  note: (message: string) => void;
}

/** What became of the rows of a batch that have no outcome now. */
export interface Collected {
  /** To be asked again, be it in vain that they were asked or to learn how to ask. */
  again: number[];
  /** Of these, and of those that stay pending, the ones that came back without an answer. */
  tried: number[];
  /** How many rows got an answer, or were filtered. */
  answered: number;
  /** What keeps further rows from being asked; null where nothing does. */
  stop: UserError | null;
}

/** A batch that is being read: what its results came to so far. */
interface Reading<T> {
  batch: LedgerBatch;
  state: BatchState;
  options: CollectOptions<T>;
  /** Rows that nothing final was read of. */
  left: Set<number>;
  /** By row that is left: why it wasn't answered. */
  faults: Map<number, string>;
  again: number[];
  rejected: { row: number; fault: Fault }[];
  stop: UserError | null;
  answered: number;
  filtered: number;
  /** Lines that are none of ours. */
  odd: number;
}

/** Rows that fail at the end of a run are few up to this part of those that are done. */
const FEW = 0.1;

/** A batch of fewer rows doesn't tell whether the endpoint takes any. */
const TELLING = 20;

/** With this share of them not taken there is no point in going on. */
const NEARLY_ALL = 0.9;

/**
 * Reads the results of a batch that has ended and yields what became of its rows, in the files'
 * order. Rows that were kept before, a second result of a row, and rows that aren't of this batch
 * are left out. Only the batch's row numbers are held, never a file.
 *
 * @returns What became of the rest. A row without any result counts as not answered.
 * @throws {UserError} Exit 3 where a file of results can't be had; what is left can be collected later.
 */
export async function* collectBatch<T>(
  batch: LedgerBatch,
  state: BatchState,
  options: CollectOptions<T>,
): AsyncGenerator<Asked<T>, Collected, undefined> {
  const left = new Set(rowsIn(batch.rows));
  for (const row of options.kept) left.delete(row);
  const reading: Reading<T> = {
    batch,
    state,
    options,
    left,
    faults: new Map(),
    again: [],
    rejected: [],
    stop: null,
    answered: options.kept.size,
    filtered: 0,
    odd: 0,
  };
  for (const file of [state.outputFile, state.errorFile]) {
    if (file !== null) yield* readResults(file, reading);
  }
  if (reading.odd > 0) {
    options.note(
      `Batch ${state.id}: ${reading.odd} lines of its results are none, and were left out.`,
    );
  }
  yield* endRejected(reading);
  const answered = reading.answered + reading.filtered;
  if (state.status === "cancelled") {
    return { again: [], tried: [], answered: reading.answered, stop: reading.stop };
  }
  const tried = yield* endUnanswered(reading);
  return { again: reading.again, tried, answered, stop: reading.stop };
}

/** Yields what a file of results tells. One that breaks off is read anew: what was yielded isn't left. */
async function* readResults<T>(
  file: string,
  reading: Reading<T>,
): AsyncGenerator<Asked<T>, void, undefined> {
  const { batches, patience } = reading.options;
  for (let times = 1;; times++) {
    let broken: Fault | null = null;
    for await (const line of batches.results(file, patience.signal)) {
      patience.signal.throwIfAborted();
      if (line !== null && "fault" in line) {
        broken = line.fault;
        break;
      }
      const asked = take(line, reading);
      if (asked !== null) yield asked;
    }
    if (broken === null) return;
    if (!passes(broken)) {
      throw resultsGone(batches.address, { id: reading.state.id, fault: broken });
    }
    await patience.after(broken, times);
  }
}

/** Takes a line of results in; gives what became of its row, where the line says so for good. */
function take<T>(line: ResultLine | null, reading: Reading<T>): Asked<T> | null {
  const { left, faults, options: { batches } } = reading;
  const row = line === null ? null : rowOfId(line.id);
  if (line === null || row === null) {
    reading.odd++;
    return null;
  }
  if (!left.has(row)) return null;
  if ("undone" in line.came) {
    if (line.came.undone === "expired") faults.set(row, "the batch's 24 hours were over");
    return null;
  }
  const answer = batches.answerOf(line.came, reading.batch.sent);
  if (answer !== "again" && "fault" in answer && passes(answer.fault)) {
    faults.set(row, answer.fault.reason);
    return null;
  }
  left.delete(row);
  if (answer === "again") reading.again.push(row);
  else if ("reply" in answer) {
    reading.answered++;
    return askedOf(reading, { row, reply: answer.reply });
  } else if (answer.fault.kind === "filtered") {
    reading.filtered++;
    return askedOf(reading, { row, fault: answer.fault });
  } else if (answer.fault.kind === "rejected") {
    reading.rejected.push({ row, fault: answer.fault });
  } else {
    reading.stop ??= stopped(`${batches.address} can't be asked: ${answer.fault.reason}`);
  }
  return null;
}

function askedOf<T>(
  { state, options: { tries, itemOf } }: Reading<T>,
  { row, reply = null, fault = null }: { row: number; reply?: Reply | null; fault?: Fault | null },
): Asked<T> {
  const attempts = (tries.get(row) ?? 0) + 1;
  const item = itemOf(row);
  return { item, reply, fault, attempts, calls: attempts, ms: state.ms, batch: state.id };
}

/** Rows that were rejected are at fault themselves, unless nearly all of the batch's were. */
function* endRejected<T>(reading: Reading<T>): Generator<Asked<T>, void, undefined> {
  const { batch, state, rejected, filtered, options: { batches } } = reading;
  const size = sizeOf(batch.rows);
  const untaken = Math.max(rejected.length, filtered);
  const isTelling = size >= TELLING && untaken >= NEARLY_ALL * size;
  if (isTelling) {
    const what = rejected.length > filtered ? "rejected" : "filtered";
    const last = rejected.at(-1)?.fault.reason ?? "a content filter took them";
    reading.stop ??= stopped(
      `${batches.address} ${what} ${untaken} of the ${size} rows of batch ${state.id}. ` +
        `The last time: ${last}`,
    );
    return;
  }
  for (const { row, fault } of rejected) yield askedOf(reading, { row, fault });
}

/**
 * Rows that came back without an answer are asked again, or given up after `mostTries` where the
 * endpoint answered others, so that they are at fault themselves.
 *
 * @returns Those that aren't given up.
 */
function* endUnanswered<T>(reading: Reading<T>): Generator<Asked<T>, number[], undefined> {
  const { state, left, options: { tries, mostTries, passedOver, done, batches } } = reading;
  const tried: number[] = [];
  // The last rows of a run have no others beside them: where they are few, they are at fault themselves.
  const isFew = left.size <= Math.max(1, FEW * done);
  const endpointWorks = reading.answered + reading.filtered > 0 || isFew;
  for (const row of left) {
    const isLast = (tries.get(row) ?? 0) + 1 >= mostTries;
    const reason = reading.faults.get(row) ?? "the batch came back without an answer to it";
    if (isLast && (endpointWorks || passedOver.has(row))) {
      const fault = { kind: "passing" as const, reason, status: null, retryAfterMs: null };
      yield askedOf(reading, { row, fault });
      continue;
    }
    tried.push(row);
    if (!isLast) reading.again.push(row);
    else {
      reading.stop ??= stopped(
        `${batches.address} answered no row of batch ${state.id}, nor any beside these rows before: ${reason}`,
      );
    }
  }
  return tried;
}
