import { UserError } from "../../error.ts";
import type { Batches, BatchState } from "../../models/batch/types.ts";
import type { Asked, Fault, Reply } from "../../models/types.ts";
import type { PlannedRow } from "../../plan/types.ts";
import type { LedgerBatch } from "../log/ledger.ts";
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
export interface CollectOptions {
  batches: Batches;
  patience: Patience;
  /** What was asked for in a row. */
  rowOf: (row: number) => PlannedRow;
  /** Rows whose record from this batch was written by an earlier start. */
  recorded: ReadonlySet<number>;
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

/** Rows that fail at the end of a run are few up to this part of those that are done. */
const FEW = 0.1;

/** A batch of fewer rows doesn't tell whether the endpoint takes any. */
const TELLING = 20;

/** With this share of them not taken there is no point in going on. */
const NEARLY_ALL = 0.9;

/**
 * Reads the results of a batch that has ended and yields what became of its rows, in the files'
 * order. Rows that were recorded before, a second result of a row, and rows that aren't of this batch
 * are left out. Only the batch's row numbers are held, never a file.
 *
 * @returns What became of the rest. A row without any result counts as not answered.
 * @throws {UserError} Exit 3 where a file of results can't be had; what is left can be collected later.
 */
export async function* collectBatch(
  batch: LedgerBatch,
  state: BatchState,
  options: CollectOptions,
): AsyncGenerator<Asked<PlannedRow>, Collected, undefined> {
  const { batches, patience, rowOf, recorded, tries, passedOver, mostTries, note } = options;
  const left = new Set(rowsIn(batch.rows));
  for (const row of recorded) left.delete(row);
  const faults = new Map<number, string>();
  const again: number[] = [];
  const rejected: { row: number; fault: Fault }[] = [];
  const unasked: number[] = [];
  let stop: UserError | null = null;
  let answered = recorded.size;
  let filtered = 0;
  let odd = 0;

  function asked(row: number, reply: Reply | null, fault: Fault | null): Asked<PlannedRow> {
    const attempts = (tries.get(row) ?? 0) + 1;
    const item = rowOf(row);
    return { item, reply, fault, attempts, calls: attempts, ms: state.ms, batch: state.id };
  }

  for (const file of [state.outputFile, state.errorFile]) {
    if (file === null) continue;
    // A file that breaks off is read anew: rows that were yielded are no longer left.
    for (let times = 1;; times++) {
      let broken: Fault | null = null;
      for await (const line of batches.results(file, patience.signal)) {
        patience.signal.throwIfAborted();
        if (line !== null && "fault" in line) {
          broken = line.fault;
          break;
        }
        const row = line === null ? null : rowOfId(line.id);
        if (line === null || row === null || !left.has(row)) {
          odd += line === null || row === null ? 1 : 0;
          continue;
        }
        if ("undone" in line.came) {
          if (line.came.undone === "expired") faults.set(row, "the batch's 24 hours were over");
          continue;
        }
        const answer = batches.answerOf(line.came, batch.sent);
        if (answer === "again") {
          left.delete(row);
          again.push(row);
        } else if ("reply" in answer) {
          left.delete(row);
          answered++;
          yield asked(row, answer.reply, null);
        } else if (passes(answer.fault)) {
          faults.set(row, answer.fault.reason);
        } else {
          left.delete(row);
          const { fault } = answer;
          if (fault.kind === "filtered") {
            filtered++;
            yield asked(row, null, fault);
          } else if (fault.kind === "rejected") {
            rejected.push({ row, fault });
          } else {
            unasked.push(row);
            stop ??= stopped(`${batches.address} can't be asked: ${fault.reason}`);
          }
        }
      }
      if (broken === null) break;
      if (!passes(broken)) throw resultsGone(batches.address, { state, fault: broken });
      await patience.after(broken, times);
    }
  }
  if (odd > 0) note(`Batch ${state.id}: ${odd} lines of its results are none, and were left out.`);

  const size = sizeOf(batch.rows);
  const untaken = Math.max(rejected.length, filtered);
  if (size >= TELLING && untaken >= NEARLY_ALL * size) {
    const what = rejected.length > filtered ? "rejected" : "filtered";
    const last = rejected.at(-1)?.fault.reason ?? "a content filter took them";
    stop ??= stopped(
      `${batches.address} ${what} ${untaken} of the ${size} rows of batch ${state.id}. ` +
        `The last time: ${last}`,
    );
    unasked.push(...rejected.splice(0).map(({ row }) => row));
  }
  for (const { row, fault } of rejected) yield asked(row, null, fault);

  if (state.status === "cancelled") return { again: [], tried: [], answered, stop };
  const tried: number[] = [];
  // The last rows of a run have no others beside them: where they are few, they are at fault themselves.
  const isFew = left.size <= Math.max(1, FEW * options.done);
  const endpointWorks = answered + filtered > 0 || isFew;
  for (const row of left) {
    const isLast = (tries.get(row) ?? 0) + 1 >= mostTries;
    const reason = faults.get(row) ?? "the batch came back without an answer to it";
    if (isLast && (endpointWorks || passedOver.has(row))) {
      yield asked(row, null, { kind: "passing", reason, status: null, retryAfterMs: null });
      continue;
    }
    tried.push(row);
    if (!isLast) again.push(row);
    else {
      stop ??= stopped(
        `${batches.address} answered no row of batch ${state.id}, nor any beside these rows before: ${reason}`,
      );
    }
  }
  return { again, tried, answered: answered + filtered, stop };
}

function stopped(what: string): UserError {
  return new UserError(
    `${what}\nRows without an answer stay pending: the same command goes on with them.`,
    { exitCode: 3 },
  );
}

function resultsGone(
  address: string,
  { state, fault }: { state: BatchState; fault: Fault },
): UserError {
  return new UserError(
    `The results of batch ${state.id} can't be had from ${address}: ${fault.reason}\n` +
      "Its rows stay pending: the same command tries again. To give its results up, which asks its " +
      "rows anew: the same command with --cancel-batch.",
    { exitCode: 3 },
  );
}
