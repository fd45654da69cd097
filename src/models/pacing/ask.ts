import { UserError } from "../../error.ts";
import { type Flight, openFlight } from "./flight.ts";
import { openOutcomes, type Outcomes } from "./outcomes.ts";
import { openPace, type Pace, type PacedAnswer, type PacedCall } from "./pace.ts";
import { openQueue, type Queue } from "./queue.ts";
import type { Row } from "./row.ts";
import { openSilence, type Silence } from "./silence.ts";
import type { Answer, Asked, Call, ChatRequest } from "../types.ts";
import { namedWait, type Sleep, sleep as sleepByClock } from "./waiting.ts";

/** How items are asked. */
export interface AskOptions<T> {
  /** What is asked for an item; called once for it, just before its first call. */
  request: (item: T) => ChatRequest;
  call: Call;
  /** Where the calls go, for messages. */
  address: string;
  /** Calls in flight at most; a positive whole number. */
  concurrency: number;
  /** The part of a limit that the endpoint states for all that is ours, in (0, 1]. Default 1. */
  share?: number;
  /** Holds new calls back where money is short. */
  limit?: CallLimit | undefined;
  /** Told for how many milliseconds no call may start, where a limit holds all of them; 0: no longer. */
  onHeld?: (milliseconds: number) => void;
  /** Told the endpoint's words where a long wait begins, and where they change. */
  note?: ((message: string) => void) | undefined;
  /**
   * Milliseconds without any answer after which the asking ends, if calls were made; so it does where
   * none may be made for longer. Default 300,000.
   */
  patienceMs?: number | undefined;
  /** Ends the asking: calls in flight end and are yielded, rows that wait are not. */
  signal?: AbortSignal | undefined;
  /** Ends the calls in flight too; their rows are not yielded. */
  cut?: AbortSignal | undefined;
  /** Passing faults after which a row is given up. Default 4. */
  maxAttempts?: number;
  /** Items of the same run that earlier starts had answers for. Default 0. */
  answeredBefore?: number;
  /** Gives numbers in [0, 1). */
  random?: () => number;
  sleep?: Sleep;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

/** Says whether one more call may be made. */
export interface CallLimit {
  /** Asked before each call; false: not before one of the calls in flight has ended. */
  admits(inFlight: number): boolean;
  /** What ends the asking where nothing is in flight and no call is admitted. */
  reached(): UserError;
}

/**
 * Asks a model for each item and yields what became of it, in the order in which answers come.
 *
 * - At most `concurrency` calls are in flight, and no more than the endpoint takes: see `openPace`.
 *   Items are pulled when a call is free for them; a consumer that is slow holds back new calls.
 * - A passing fault is tried again later, after all else that is due; meanwhile the row holds no
 *   call. After `maxAttempts` of them its last fault is what became of it, where others were
 *   answered meanwhile: one since the last attempt, or since the first as many as have faults now.
 * - A 429 costs no attempt and holds back all new calls until the time that it names.
 * - A row whose faults begin as the answers end looks the same whether it or the endpoint is at fault,
 *   so it stays pending. Where it is asked again with the last rows of a run, none of which is
 *   answered, and each fault is a 500, it is the row's, if as many were answered before.
 * - Where it can't be told yet whether a fault is the row's or the endpoint's, the row is yielded
 *   once another one is answered; a suspected endpoint is asked nothing new until then.
 * - A busy server is waited for: it costs no attempt, and while it takes calls no row fails by it.
 *   So it is where only a 503, 529 or 498 tells of it while others are answered.
 *
 * @throws {UserError} With exit code 3 where no row can be asked. So it is where:
 *
 * - the endpoint refuses (key, model, path, credit);
 * - it is down: a row's attempts are used up while no call came through, for half a minute where it
 *   had answered before;
 * - it rejects or filters nearly all of the last rows, or rejects all rows of a run alike, be it one
 *   row; beside rows that earlier starts had answers for it takes five, or more than those;
 * - it keeps silent for longer than there is patience, or names a wait that is.
 *
 * Calls in flight end first and their replies are yielded; all other rows stay pending.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { askAll } from "./ask.ts";
 * const reply = { text: "Hej", refusal: null, finishReason: "stop", model: "m", usage: null };
 * const asked = askAll([1, 2, 3], {
 *   request: (seed) => ({ messages: [{ role: "user", content: "Say hello." }], seed, maxTokens: 9 }),
 *   call: () => Promise.resolve({ reply, calls: 1 }),
 *   address: "http://127.0.0.1:8000/v1",
 *   concurrency: 2,
 * });
 * for await (const { item, reply } of asked) assert(item > 0 && reply?.text === "Hej");
 * ```
 */
export async function* askAll<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: AskOptions<T>,
): AsyncGenerator<Asked<T>, void, undefined> {
  const { signal, cut } = options;
  const asking = openAsking(items, options);
  signal?.addEventListener("abort", asking.stop, { once: true });
  cut?.addEventListener("abort", asking.leave, { once: true });
  try {
    if (signal?.aborted || cut?.aborted) asking.stop();
    while (true) {
      asking.fill();
      const next = asking.next();
      if (next !== undefined) yield next;
      else if (asking.isDone()) break;
      else await asking.news();
    }
    asking.end();
  } finally {
    signal?.removeEventListener("abort", asking.stop);
    cut?.removeEventListener("abort", asking.leave);
    asking.leave();
    asking.close();
    while (asking.inFlight() > 0) await asking.news();
  }
}

/** An asking that is under way. */
interface Asking<T> {
  /** Calls that are out. */
  inFlight(): number;
  /** Starts calls for as many rows as may be asked now. */
  fill(): void;
  /** A row that is ready for the consumer. */
  next(): Asked<T> | undefined;
  /** Whether nothing more can come. */
  isDone(): boolean;
  /** Waits until something has come. */
  news(): Promise<void>;
  /** Asks nothing more; calls in flight end. */
  stop(): void;
  /** Asks nothing more and cuts the calls in flight. */
  leave(): void;
  /** Closes the source. */
  close(): void;
  /** @throws What the asking failed at. */
  end(): void;
}

/** What an asking is made of. */
interface Parts<T> {
  pace: Pace;
  flight: Flight<T>;
  queue: Queue<T>;
  outcomes: Outcomes<T>;
  silence: Silence;
  limit: CallLimit | null;
  onHeld: (milliseconds: number) => void;
  now: () => number;
  /** Whether nothing more is asked. */
  stopped: boolean;
}

function openAsking<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: AskOptions<T>,
): Asking<T> {
  const parts = openParts(items, options, { onAnswer, onError, onMore: fill });
  const { flight, queue, outcomes, silence, onHeld, now } = parts;
  const mostUnderWay = 2 * options.concurrency;
  const failures: unknown[] = [];
  let wake = () => {};

  function onAnswer(row: Row<T>, answer: Answer, paced: PacedCall): void {
    const error = take(parts, row, answer, paced);
    if (error !== null) fail(error);
    fill();
  }

  function onError(error: unknown): void {
    if (error === null) wake();
    else fail(error);
  }

  function fill(): void {
    while (
      !parts.stopped && outcomes.suspicion === null && silence.over === null &&
      flight.size + outcomes.ready.length < mostUnderWay
    ) {
      const at = now();
      const row = nextRow(parts, at);
      if (row instanceof UserError) fail(row);
      if (row === null || row instanceof UserError) break;
      onHeld(0);
      flight.start(row, at);
    }
    wake();
  }

  function stop(): void {
    parts.stopped = true;
    queue.stop();
    outcomes.stop();
    wake();
  }

  function fail(error: unknown): void {
    failures.push(error);
    stop();
    outcomes.drop();
  }

  const isDone = () =>
    flight.size === 0 && queue.waiting === 0 && (parts.stopped || queue.sourceEnded);
  return {
    inFlight: () => flight.size,
    fill,
    next() {
      const next = outcomes.ready.shift();
      if (next !== undefined || !isDone()) return next;
      const error = parts.stopped ? null : outcomes.alike();
      if (error !== null) fail(error);
      return outcomes.lastHeld();
    },
    isDone,
    news: () => new Promise((resolve) => wake = resolve),
    stop,
    leave() {
      stop();
      flight.cut();
    },
    close: queue.close,
    end() {
      if (failures.length > 0) throw failures[0];
    },
  };
}

function openParts<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: AskOptions<T>,
  told: {
    onAnswer: (row: Row<T>, answer: Answer, paced: PacedCall) => void;
    /** Told what is thrown; null: a call was cut. */
    onError: (error: unknown) => void;
    onMore: () => void;
  },
): Parts<T> {
  const { call, address, request, concurrency, limit = null, onHeld = () => {} } = options;
  const { share = 1, maxAttempts = 4, answeredBefore = 0 } = options;
  const { patienceMs = 300_000, note = () => {} } = options;
  const { random = Math.random, sleep = sleepByClock, now = () => performance.now() } = options;
  const pace = openPace({ ceiling: concurrency, share, random });
  const flight = openFlight<T>({ call, pace, ...told });
  const mostWaiting = 2 * concurrency;
  const queue = openQueue(items, { request, mostWaiting, now, sleep, ...told });
  const { wait } = queue;
  const outcomes = openOutcomes<T>({ address, maxAttempts, answeredBefore, random, wait });
  const silence = openSilence({ address, patienceMs, note });
  return { pace, flight, queue, outcomes, silence, limit, onHeld, now, stopped: false };
}

/** The row that may be asked now; null: none by now; an error where none ever will be. */
function nextRow<T>(parts: Parts<T>, at: number): Row<T> | UserError | null {
  const { pace, flight, queue, outcomes, silence, limit, onHeld } = parts;
  const freeAt = pace.freeAt(at);
  if (freeAt > at) {
    if (freeAt === Infinity || queue.isEmpty) return null;
    queue.ring(freeAt);
    onHeld(freeAt - at);
    return silence.waits(at, freeAt, flight.size === 0);
  }
  const row = queue.next(at, outcomes.signs);
  if (row === null) {
    const due = flight.size === 0 ? queue.nextDue : null;
    return due === null ? null : silence.waits(at, due, true);
  }
  const broken = outcomes.suspectBroken();
  if (broken === null && limit?.admits(flight.size) !== false) return row;
  queue.putBack(row);
  if (flight.size > 0) return null;
  return broken ?? limit?.reached() ?? null;
}

/** Takes what came for a row; gives what ends the asking, if it does. */
function take<T>(
  parts: Parts<T>,
  row: Row<T>,
  answer: Answer,
  paced: PacedCall,
): UserError | null {
  const { pace, flight, queue, outcomes, silence } = parts;
  const at = parts.now();
  const fault = "fault" in answer ? answer.fault : null;
  const isRefusal = fault !== null && outcomes.isRefusal(row, fault);
  row.calls += answer.calls;
  row.attempts += isRefusal ? answer.calls - 1 : answer.calls;
  row.ms = Math.round(at - paced.at);
  row.due = pace.end(paced, at, pacedAnswer(answer, isRefusal));
  if ("reply" in answer) outcomes.reply(row, answer.reply, at);
  // Nothing is asked again after the stop, so only what ended for good counts.
  else if (parts.stopped && answer.fault.kind !== "filtered") return null;
  else if (answer.fault.kind === "stop") return outcomes.refused(answer.fault);
  else outcomes.fault(row, answer.fault, at);
  if (fault === null || fault.kind === "filtered" || fault.kind === "rejected") {
    silence.answered(at);
  } else {
    // A row that may be at fault itself has its attempts.
    const mayEnd = isRefusal || !outcomes.areAtFault(queue);
    silence.faulted(fault, { calledAt: paced.at, at, mayEnd });
  }
  if (flight.size > 0) return null;
  return (outcomes.suspicion && outcomes.decide(queue)) ?? silence.over;
}

function pacedAnswer(answer: Answer, limited: boolean): PacedAnswer {
  const { limits = [] } = answer;
  if ("fault" in answer) {
    const { fault } = answer;
    return { limited, retryAfterMs: namedWait(fault), sign: fault.kind === "filtered", limits };
  }
  const { usage } = answer.reply;
  const tokens = usage === null ? null : usage.input + usage.output;
  return { limited, sign: true, limits, tokens };
}
