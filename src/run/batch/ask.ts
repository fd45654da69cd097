import { Buffer } from "node:buffer";
import { UserError } from "../../error.ts";
import type { Batches, BatchState } from "../../models/batch/types.ts";
import type { Asked, ChatRequest, Fault } from "../../models/types.ts";
import { type Sleep, sleep as sleepByClock } from "../../models/pacing/waiting.ts";
import type { Sent } from "../../models/endpoint/wire.ts";
import type { PlannedRow } from "../../plan/types.ts";
import { counted } from "../../text/numbers.ts";
import { collectBatch, type Collected, requestId } from "./collect.ts";
import type { BatchEnd, Ledger, LedgerBatch } from "../log/ledger.ts";
import type { Budget } from "../cost/budget.ts";
import type { BatchProgress } from "../progress.ts";
import { isNamedWait, openPatience, passes, type Patience } from "./patience.ts";
import { rangesOf, rowsIn, sizeOf } from "../log/row_ranges.ts";

/** How large batches are made and how long is waited. */
export interface BatchLimits {
  /** Requests of one batch; default 50,000, the most that the API takes. */
  requests?: number;
  /**
   * Bytes of one file; default 8 MiB, some 4,000 rows: the API takes 200 MB, but a file is held more
   * than once while it is sent, and several batches cost no more than one.
   */
  bytes?: number;
  /** Milliseconds between two looks at the open batches: 5,000 at first, at last 60,000. */
  shortestWait?: number;
  longestWait?: number;
  /** Milliseconds after which a batch that may have been made stands in the endpoint's list; 10,000. */
  listedAfter?: number;
  sleep?: Sleep;
}

/** What rows are asked with. */
export interface BatchOptions {
  /** The run's name, for people who look at the endpoint's own pages. */
  run: string;
  batches: Batches;
  ledger: Ledger;
  /** The rows wanted, drawn once and in order; those in open batches may be among them. */
  wanted: Iterable<PlannedRow>;
  rowOf: (row: number) => PlannedRow;
  request: (item: PlannedRow) => ChatRequest;
  /** A row that is asked live before the first batch; null: none is. */
  first: AsyncIterable<Asked<PlannedRow>> | null;
  /** Rows whose records from these batches were written already, by batch. */
  recordedFrom: (ids: ReadonlySet<string>) => Promise<Map<string, Set<number>>>;
  /** Rows of the run that have an outcome. */
  done: () => number;
  /**
   * Plans a batch while no other shard of the run does, so that not both take the money that is left
   * for theirs.
   */
  inTurn: <T>(planning: () => Promise<T>) => Promise<T>;
  /** Opened before the first batch is made; null: no limit. */
  openBudget: () => Budget | null;
  /** Rows that are wanted and have no outcome yet. */
  pending: () => number;
  /** Puts on the disk what was yielded and learned. */
  settle: () => Promise<void>;
  /** Asks for nothing new: open batches are cancelled, and what they answered is collected. */
  cancel: boolean;
  /** Tries in vain after which a row is given up. Default 4. */
  mostTries?: number;
  limits?: BatchLimits;
  /** Aborted: the open batches are left to the endpoint, to be collected by the next start. */
  signal: AbortSignal;
  /** Aborted: a batch that is just being made isn't waited for either. */
  cut: AbortSignal;
  note: (message: string) => void;
  onProgress: (progress: BatchProgress) => void;
  now: () => number;
}

/** A batch that the endpoint works on. */
interface OpenBatch {
  entry: LedgerBatch;
  id: string;
  answered: number;
  /** Looks at it since it ended without the file of answers that it counts. */
  looks: number;
}

/** Rows of the next batch and its file. */
interface Chunk {
  rows: number[];
  parts: Uint8Array<ArrayBuffer>[];
  sent: Sent;
}

/** Requests of one batch that the API takes. */
const MOST_REQUESTS = 50_000;

/** Characters of a file that are joined before they are handed on. */
const PART = 1024 * 1024;

/** Faults in a row after which a batch isn't made now. */
const MOST_FAULTS = 8;

/** Looks at a batch that has ended until its file of answers has to be there. */
const MOST_LOOKS = 30;

/** The same where the batch is to be given up. */
const FEW_LOOKS = 8;

/** A batch that money cuts short isn't made where it has fewer than this share of the rows done. */
const WORTH = 0.05;

/**
 * Asks for rows through the Batch API and yields what became of each, batch by batch, as `askAll`
 * does for live calls. Each batch is written into the ledger before the endpoint hears of it, and its
 * records are on the disk before the ledger says that it is collected: whenever this is ended, the
 * next start finds every batch again, makes none twice and collects what is missing.
 *
 * - Rows that come back without an answer are asked again in a next batch, at most `mostTries` times.
 * - A parameter that is refused is learned once; the rows go into the next batch.
 * - Where the endpoint has as many tokens in its line as it takes, batches wait for others to end,
 *   and are made smaller where there are no others.
 * - An endpoint that is away is waited for as long as it has a batch of ours.
 *
 * It ends early, without a fault, where `signal` aborts.
 *
 * @throws {UserError} Exit 3 where no more rows can be asked, or money is short. Batches that can
 * still be collected are collected first, unless the endpoint refuses.
 */
export async function* askInBatches(
  options: BatchOptions,
): AsyncGenerator<Asked<PlannedRow>, void, undefined> {
  const { signal } = options;
  try {
    yield* untilStopped(options);
  } catch (error) {
    if (!signal.aborted || (error !== signal.reason && error !== options.cut.reason)) throw error;
  }
}

async function* untilStopped(
  options: BatchOptions,
): AsyncGenerator<Asked<PlannedRow>, void, undefined> {
  const { run, batches, ledger, signal, cut, note, limits = {}, mostTries = 4 } = options;
  const { address } = batches;
  const { bytes: mostBytes = 8 * 1024 * 1024, listedAfter = 10_000 } = limits;
  const { shortestWait = 5_000, longestWait = 60_000, sleep = sleepByClock } = limits;
  const patience: Patience = openPatience({
    address,
    waits: { shortest: Math.min(shortestWait, 1_000), longest: longestWait },
    signal,
    sleep,
    note,
    onHeld(until) {
      heldUntil = until;
      tell();
    },
    now: options.now,
  });
  let heldUntil: number | null = null;
  let mostRequests = limits.requests ?? MOST_REQUESTS;
  let mostOpen = Infinity;
  const encoder = new TextEncoder();
  const open: OpenBatch[] = [];
  /** Rows to be asked once more. */
  let again: number[] = [];
  let againAt = 0;
  /** Rows of batches that were open at the start: they are asked already. */
  const taken = new Set<number>();
  const source = options.wanted[Symbol.iterator]();
  let drawn: PlannedRow | null = null;
  let budget: Budget | null | undefined;
  let isShort = false;
  let isFirst = true;
  let stop: UserError | null = null;

  /** Finds again what an earlier start has submitted. */
  async function resume(): Promise<void> {
    // Other shards count them until they have ended.
    for (const entry of ledger.unmade) await ledger.ended(entry, "dropped", []);
    if (ledger.widened) batches.knowsToWait();
    for (const entry of ledger.open) for (const row of rowsIn(entry.rows)) taken.add(row);
    for (const entry of ledger.open) {
      if (entry.batch !== null) {
        open.push({ entry, id: entry.batch, answered: 0, looks: 0 });
        continue;
      }
      // It may have been made without that being noted; only its own endpoint can tell.
      if (entry.address !== address) {
        const error = elsewhereError(address, entry);
        if (options.cancel) await giveUp(entry, error);
        else stop ??= error;
        continue;
      }
      let state: BatchState | null;
      try {
        state = await lookUp(entry);
      } catch (error) {
        if (!options.cancel || !(error instanceof UserError)) throw error;
        await giveUp(entry, error);
        continue;
      }
      if (state !== null) {
        note(`Batch ${state.id} was submitted before: it is collected.`);
        await adopt(entry, state);
      } else {
        await ledger.ended(entry, "dropped", []);
        if (!options.cancel) takeBack(entry);
      }
    }
    if (open.length > 0) {
      const rows = open.reduce((sum, { entry }) => sum + sizeOf(entry.rows), 0);
      const those = open.length === 1 ? "a batch" : `${open.length} batches`;
      note(`Going on with ${those} of ${counted(rows, "row")}.`);
    }
  }

  async function giveUp(entry: LedgerBatch, { message }: UserError): Promise<void> {
    note(`${message.split("\n")[0]} It is given up.`);
    await ledger.ended(entry, "lost", []);
  }

  /** The batch that was made for an entry, looked for twice: the list may be a little behind. */
  async function lookUp(entry: LedgerBatch): Promise<BatchState | null> {
    const { key, file, plannedAt: since } = entry;
    if (file === null) return null;
    for (let looks = 1;; looks++) {
      const came = await patience.ask(() => batches.find({ key, file, since }, signal));
      if ("fault" in came) {
        const { fault } = came;
        // With another key the list may tell.
        const isKey = fault.status === 401 || fault.status === 403;
        throw options.cancel && isKey
          ? refused(address, fault)
          : unknownWhether(address, { entry, fault });
      }
      if (came.value !== null || looks === 2) return came.value;
      await patience.pause(listedAfter);
    }
  }

  async function adopt(entry: LedgerBatch, state: BatchState): Promise<void> {
    await ledger.submitted(entry, state.id);
    open.push({ entry, id: state.id, answered: 0, looks: 0 });
  }

  function takeBack(entry: LedgerBatch): void {
    for (const row of rowsIn(entry.rows)) again.push(row);
  }

  /** The next row that is to be asked; null: there is none. */
  function nextRow(): PlannedRow | null {
    if (drawn === null) {
      const row = again[againAt];
      if (row !== undefined) {
        againAt++;
        drawn = options.rowOf(row);
      }
    }
    while (drawn === null) {
      const next = source.next();
      if (next.done) return null;
      if (!taken.has(next.value.row)) drawn = next.value;
    }
    return drawn;
  }

  /** Plans a batch of as many rows as its file and the money take; null: there are none. */
  async function plan(): Promise<{ chunk: Chunk; entry: LedgerBatch } | null> {
    if (nextRow() === null) return null;
    if (budget === undefined) budget = options.openBudget();
    return await options.inTurn(async () => {
      budget?.look();
      const chunk = fill();
      if (chunk === null) return null;
      await options.settle();
      const entry = await ledger.planned({
        key: crypto.randomUUID(),
        rows: rangesOf(chunk.rows),
        sent: chunk.sent,
        address,
        plannedAt: options.now(),
      });
      return { chunk, entry };
    });
  }

  function fill(): Chunk | null {
    const out = open.reduce((sum, { entry }) => sum + sizeOf(entry.rows), 0);
    const rows: number[] = [];
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let part = "";
    let size = 0;
    let sent: Sent | null = null;
    isShort = false;
    for (let item = nextRow(); item !== null && rows.length < mostRequests; item = nextRow()) {
      if (budget?.admitsAll(out + rows.length + 1) === false) {
        isShort = true;
        break;
      }
      const made = batches.lineOf(requestId(item.row), options.request(item));
      size += Buffer.byteLength(made.line) + 1;
      if (size > mostBytes && rows.length > 0) break;
      sent ??= made.sent;
      rows.push(item.row);
      part += made.line + "\n";
      if (part.length > PART) {
        parts.push(encoder.encode(part));
        part = "";
      }
      drawn = null;
    }
    if (sent === null || isShort && rows.length < WORTH * options.done()) {
      again = [...rows, ...again.slice(againAt)];
      againAt = 0;
      return null;
    }
    parts.push(encoder.encode(part));
    return { rows, parts, sent };
  }

  /** Makes as many batches as there are rows for. */
  async function submit(): Promise<void> {
    while (stop === null && open.length < mostOpen) {
      const planned = await plan();
      if (planned === null) return;
      const { chunk, entry } = planned;
      await upload(entry, chunk.parts);
      const made = await make(entry);
      if (made === "made") {
        const hint = isFirst ? ", to be answered within 24 hours, also if this is ended" : "";
        const rows = counted(chunk.rows.length, "row");
        note(`Batch ${open.at(-1)?.id} of ${rows} is submitted${hint}.`);
        isFirst = false;
        continue;
      }
      takeBack(entry);
      await tooMuch(entry);
    }
  }

  async function upload(
    entry: LedgerBatch,
    parts: readonly Uint8Array<ArrayBuffer>[],
  ): Promise<void> {
    let file: string;
    try {
      file = await sendFile(entry, parts);
    } catch (error) {
      await ledger.ended(entry, "dropped", []);
      throw error;
    }
    await ledger.uploaded(entry, file);
  }

  async function sendFile(
    entry: LedgerBatch,
    parts: readonly Uint8Array<ArrayBuffer>[],
  ): Promise<string> {
    const name = `plumbline-${entry.key}.jsonl`;
    let faults = 0;
    for (let times = 1;; times++) {
      const came = await batches.upload(parts, { name, signal });
      if ("value" in came) {
        // Where it can't be told whether the file is ready, making the batch tells.
        for (let looks = 1; looks <= MOST_LOOKS; looks++) {
          const ready = await batches.isReady(came.value, signal);
          if ("value" in ready ? ready.value : looks === MOST_FAULTS || !passes(ready.fault)) break;
          await patience.pause(Math.min(longestWait, shortestWait * looks));
        }
        return came.value;
      }
      const { fault } = came;
      if (!passes(fault)) throw refused(address, fault);
      if (!isNamedWait(fault) && ++faults === MOST_FAULTS) throw refused(address, fault);
      await patience.after(fault, times);
    }
  }

  /**
   * Makes the batch of an uploaded file, once: where it isn't known whether a call did, the
   * endpoint's list tells.
   */
  async function make(entry: LedgerBatch): Promise<"made" | "full"> {
    const { key, file } = entry;
    if (file === null) throw new TypeError("Cannot make a batch without a file");
    let faults = 0;
    /** Whether a call may have made it all the same. */
    let mayBeMade = false;
    for (let times = 1;; times++) {
      signal.throwIfAborted();
      if (entry.putOff) await ledger.uploaded(entry, file);
      const came = await batches.create({ file, key, run }, cut);
      if ("full" in came) {
        await ledger.ended(entry, "dropped", []);
        return "full";
      }
      if ("value" in came) {
        await adopt(entry, came.value);
        return "made";
      }
      const { fault } = came;
      const { status } = fault;
      if (!passes(fault)) {
        await ledger.ended(entry, "dropped", []);
        throw refused(address, fault);
      }
      mayBeMade ||= fault.kind !== "limited";
      if (!mayBeMade) await ledger.putOff(entry);
      if (fault.kind !== "limited") {
        await patience.pause(listedAfter);
        const state = await lookUp(entry);
        if (state !== null) {
          await adopt(entry, state);
          return "made";
        }
      }
      // It took the call, in words that nobody understands: another one might be paid as well.
      if (status === 200) throw unknownWhether(address, { entry, fault });
      if (!isNamedWait(fault) && ++faults === MOST_FAULTS) throw refused(address, fault);
      await patience.after(fault, times);
    }
  }

  /** The endpoint has as much as it takes: others have to end, or batches to be smaller. */
  async function tooMuch(entry: LedgerBatch): Promise<void> {
    const rows = sizeOf(entry.rows);
    if (open.length > 0) mostOpen = open.length;
    else if (rows > 1) mostRequests = Math.ceil(rows / 2);
    else stop ??= fullError(address);
    if (stop === null) {
      note(
        `${address} takes no more in its line now: ` +
          (open.length > 0
            ? "the next batch waits until one has ended."
            : `the next batch has ${counted(mostRequests, "row")}.`),
      );
      if (open.length === 0) await patience.pause(shortestWait);
    }
  }

  /** Looks at every open batch; gives those that have ended. */
  async function poll(): Promise<{ batch: OpenBatch; state: BatchState }[]> {
    const ended: { batch: OpenBatch; state: BatchState }[] = [];
    for (const batch of [...open]) {
      const came = await patience.ask(() => batches.retrieve(batch.id, signal));
      if ("fault" in came) {
        if (came.fault.status !== 404) throw refused(address, came.fault);
        if (!options.cancel) {
          leave(batch, unknownBatch(address, { batch, fault: came.fault }));
          continue;
        }
        note(`Batch ${batch.id} isn't known at ${address}: it is given up.`);
        await end(batch, "lost");
        continue;
      }
      const state = came.value;
      const { counts } = state;
      if (counts !== null) {
        batch.answered = Math.min(sizeOf(batch.entry.rows), counts.completed + counts.failed);
      }
      if (state.status === "open") continue;
      const isLate = state.status !== "failed" && state.outputFile === null &&
        (counts?.completed ?? 0) > 0;
      if (!isLate) {
        ended.push({ batch, state });
        continue;
      }
      const error = withoutFile(address, batch.id);
      if (++batch.looks === 1) note(`${error.message.split("\n")[0]} It is waited for.`);
      if (batch.looks < (options.cancel ? FEW_LOOKS : MOST_LOOKS)) continue;
      if (options.cancel) {
        note(`Batch ${batch.id} names no file of its answers: it is given up.`);
        await end(batch, "lost");
      } else leave(batch, error);
    }
    return ended;
  }

  /** A batch that can't be collected now: it stays open in the ledger, the others are waited for. */
  function leave(batch: OpenBatch, error: UserError): void {
    stop ??= error;
    open.splice(open.indexOf(batch), 1);
  }

  async function end(
    batch: OpenBatch,
    status: BatchEnd,
    { tried, answered }: Pick<Collected, "tried" | "answered"> = { tried: [], answered: 0 },
  ): Promise<void> {
    await options.settle();
    await ledger.ended(batch.entry, status, rangesOf(tried), answered);
    open.splice(open.indexOf(batch), 1);
  }

  /** A batch that wasn't taken as a whole: none of its rows was asked. */
  async function endFailed(batch: OpenBatch, state: BatchState): Promise<void> {
    const meaning = batches.failureOf(state.errors, batch.entry.sent);
    await end(batch, "failed");
    if (meaning === "again" || meaning === "full") takeBack(batch.entry);
    if (meaning === "full") await tooMuch(batch.entry);
    if (typeof meaning === "object") {
      stop ??= new UserError(
        `${address} didn't take batch ${batch.id}: ${meaning.fault.reason}\n` +
          "Its rows stay pending: the same command goes on with them.",
        { exitCode: 3 },
      );
    }
  }

  /** Yields what a batch that has ended answered. */
  async function* collect(
    { batch, state }: { batch: OpenBatch; state: BatchState },
  ): AsyncGenerator<Asked<PlannedRow>, void, undefined> {
    if (state.status === "failed") return await endFailed(batch, state);
    const results = collectBatch(batch.entry, state, {
      batches,
      patience,
      rowOf: options.rowOf,
      recorded: recorded.get(batch.id) ?? new Set(),
      tries: ledger.tries,
      passedOver: ledger.passedOver,
      mostTries,
      done: options.done(),
      note,
    });
    let collected: Collected;
    try {
      for (;;) {
        const next = await results.next();
        if (next.done) {
          collected = next.value;
          break;
        }
        if (next.value.reply !== null) budget?.add(next.value.reply.usage);
        yield next.value;
        signal.throwIfAborted();
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!options.cancel) return leave(batch, error);
      note(`${error.message.split("\n")[0]} They are given up.`);
      return await end(batch, "lost");
    } finally {
      await results.return({ again: [], tried: [], answered: 0, stop: null });
    }
    recorded.delete(batch.id);
    await end(batch, state.status === "open" ? "completed" : state.status, collected);
    mostRequests = Math.min(mostRequests * 2, limits.requests ?? MOST_REQUESTS);
    for (const row of collected.again) again.push(row);
    stop ??= collected.stop;
    if (state.status === "cancelled" && !options.cancel) stop ??= cancelledError(batch.id);
  }

  async function cancelAll(): Promise<void> {
    for (const { id } of open) {
      const came = await patience.ask<unknown>(async () => {
        const answer = await batches.cancel(id, signal);
        // One that has ended can't be cancelled: looking at it tells; so it does where it isn't known.
        return "fault" in answer && answer.fault.status === 409 ? { value: null } : answer;
      });
      if ("fault" in came && (came.fault.status === 401 || came.fault.status === 403)) {
        throw refused(address, came.fault);
      }
      note(`Batch ${id} is being cancelled; what it has answered is collected.`);
    }
  }

  function tell(): void {
    options.onProgress({
      ...(heldUntil === null ? {} : { heldUntil }),
      open: open.length,
      rows: open.reduce((sum, { entry }) => sum + sizeOf(entry.rows), 0),
      answered: open.reduce((sum, { answered }) => sum + answered, 0),
    });
  }

  /** One row live, so that a refused key or parameter doesn't cost the time of a whole batch. */
  async function* askFirst(): AsyncGenerator<Asked<PlannedRow>, void, undefined> {
    try {
      for await (const asked of options.first ?? []) {
        if (!batches.answersLive && asked.fault?.kind === "rejected") {
          note(`Live calls aren't answered (${asked.fault.reason}); going on by batch.`);
        } else yield asked;
      }
    } catch (error) {
      if (batches.answersLive || !(error instanceof UserError)) throw error;
      note(`Live calls aren't answered (${error.message.split("\n")[0]}); going on by batch.`);
    }
    signal.throwIfAborted();
  }

  yield* askFirst();
  await resume();
  const recorded = await options.recordedFrom(new Set(open.map(({ id }) => id)));
  if (options.cancel) await cancelAll();
  let wait = shortestWait;
  for (;;) {
    if (!options.cancel) {
      const before = open.length;
      await submit();
      if (open.length > before) wait = shortestWait;
    }
    tell();
    if (open.length === 0) break;
    const ended = await poll();
    tell();
    for (const each of ended) yield* collect(each);
    if (ended.length > 0) continue;
    await patience.pause(wait);
    wait = Math.min(longestWait, wait * 1.5);
  }
  if (stop !== null) throw stop;
  if (budget && isShort && nextRow() !== null) throw budget.reached(options.pending());
}

/** What ends the asking where a file or a batch can't be made, or not be asked for. */
function refused(address: string, { reason, status, kind }: Fault): UserError {
  const absent = status === 404 || status === 405 || status === 501;
  const message = absent
    ? `${address} offers no batches: it said ${reason}\nLeave --batch out to ask it live, or use an ` +
      "endpoint that has OpenAI's Batch API."
    : `${address} ${kind === "passing" ? "takes no batch now" : "can't be asked"}: ${reason}\n` +
      "Rows without an answer stay pending, and nothing is lost: the same command goes on with them.";
  return new UserError(message, { exitCode: 3 });
}

function unknownWhether(
  address: string,
  { entry, fault }: { entry: LedgerBatch; fault: Fault },
): UserError {
  return new UserError(
    `Whether the batch of file ${entry.file} was made isn't known, and the list of batches at ` +
      `${address} doesn't tell: ${fault.reason}\nIts rows stay pending: the same command looks ` +
      "again. To give the batch up, which asks its rows anew: the same command with --cancel-batch.",
    { exitCode: 3 },
  );
}

function elsewhereError(address: string, entry: LedgerBatch): UserError {
  return new UserError(
    `Whether the batch of file ${entry.file} was made isn't known, and only ${entry.address}, where ` +
      `it was submitted, can tell: this is ${address}.\nIts rows stay pending. To collect it: the ` +
      "same command with that address. To give it up, which asks its rows anew: the same command " +
      "with --cancel-batch.",
    { exitCode: 3 },
  );
}

function unknownBatch(
  address: string,
  { batch, fault }: { batch: OpenBatch; fault: Fault },
): UserError {
  const { entry, id } = batch;
  const where = entry.address === address ? "" : `, which was submitted at ${entry.address}`;
  return new UserError(
    `${address} doesn't know batch ${id}${where}: ${fault.reason}\n` +
      "Its rows stay pending. Is the key of the same project, and the address the same? To give " +
      "the batch up, which asks its rows anew: the same command with --cancel-batch.",
    { exitCode: 3 },
  );
}

function withoutFile(address: string, id: string): UserError {
  return new UserError(
    `Batch ${id} has ended and counts answers, but ${address} names no file of them.\n` +
      "Its rows stay pending: the same command looks again. To give its answers up, which asks its " +
      "rows anew: the same command with --cancel-batch.",
    { exitCode: 3 },
  );
}

function fullError(address: string): UserError {
  return new UserError(
    `${address} takes no batch of even one row: its line is full of other batches.\n` +
      "Rows without an answer stay pending: the same command goes on when those have ended.",
    { exitCode: 3 },
  );
}

function cancelledError(id: string): UserError {
  return new UserError(
    `Batch ${id} was cancelled at the endpoint. Its rows without an answer stay pending.\n` +
      "To submit them again: the same command.",
    { exitCode: 3 },
  );
}
