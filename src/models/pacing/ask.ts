import type { UserError } from "../../error.ts";
import { watchHealth } from "./health.ts";
import { openPace, type PacedAnswer } from "./pace.ts";
import { openSource } from "./source.ts";
import type { Answer, Asked, Call, ChatRequest, Fault, Reply } from "../types.ts";
import { backOff, insertByDue, type Sleep, sleep as sleepByClock } from "./waiting.ts";

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
  /** Ends the asking: calls in flight end and are yielded, rows that wait are not. */
  signal?: AbortSignal | undefined;
  /** Ends the calls in flight too; their rows are not yielded. */
  cut?: AbortSignal | undefined;
  /** Milliseconds without any answer after which the asking ends. Default 300,000. */
  patienceMs?: number;
  /** Told the endpoint's own words once when a wait begins or changes. */
  note?: (message: string) => void;
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

/** Rows that fail at the end of a run are few up to this part of those that were answered. */
const FEW = 0.1;

/** An endpoint that has answered before is waited for so long before it counts as down. */
const patienceMs = 30_000;

/** A row on its way: what was asked, and what it took so far. */
interface Row<T> {
  item: T;
  request: ChatRequest;
  calls: number;
  attempts: number;
  passing: number;
  ms: number;
  /** Signs of life that the endpoint had given when the row was first asked, or last put to wait. */
  signsAtLast: number;
  /** Those that it had given at the row's first passing fault. */
  signsAtFirst: number;
  /** When it may be asked again, by `now`. */
  due: number;
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
 *
 * @throws {UserError} With exit code 3 where no row can be asked: the endpoint refuses (key, model,
 * path, credit), is down (a row's attempts are used up while no call came through, for half a minute
 * where it had answered before), or rejects or filters nearly all of the last rows. Calls in flight end first and their replies are yielded; all other rows stay pending.
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
  const { request, call, concurrency, limit, signal, cut, maxAttempts = 4 } = options;
  const { onHeld = () => {}, answeredBefore = 0 } = options;
  const { random = Math.random, sleep = sleepByClock, now = () => performance.now() } = options;
  const health = watchHealth({ address: options.address });
  const pace = openPace({ ceiling: concurrency, share: options.share ?? 1, random });
  const source = openSource(items, { onItem: fill, onError: fail });
  const mostWaiting = 2 * concurrency;
  const mostUntaken = concurrency;
  /**
   * One for each call that is out. A signal shared by all of them would gather what the client hangs
   * on it call by call.
   */
  const out = new Set<AbortController>();

  /** Rows that wait to be asked again, the first due first. */
  const waiting: Row<T>[] = [];
  /** What is ready for the consumer. */
  const ready: Asked<T>[] = [];
  /** Rows that ended while it wasn't known whether the endpoint does its work at all. */
  const held: Asked<T>[] = [];
  /** What ends the run, if the calls in flight don't show that the endpoint does its work. */
  let suspicion: UserError | null = null;
  /** When the endpoint last did its work. */
  let signedAt = -Infinity;
  /** Rows on their way that had a passing fault. */
  let faulty = 0;
  /** Whether each fault was a 500, which a row itself can bring about; null: there was none. */
  let only500: boolean | null = null;
  let inFlight = 0;
  let sourceEnded = false;
  let stopped = false;
  const failures: unknown[] = [];
  let alarm: { at: number; controller: AbortController } | null = null;
  let wake = () => {};

  function start(row: Row<T>): void {
    inFlight++;
    onHeld(0);
    const paced = pace.start(now());
    const controller = new AbortController();
    out.add(controller);
    call(row.request, { signal: controller.signal }).then(
      (answer) => {
        const at = now();
        inFlight--;
        out.delete(controller);
        row.calls += answer.calls;
        row.attempts += answer.calls;
        row.ms = Math.round(at - paced.at);
        row.due = pace.end(paced, at, pacedAnswer(answer));
        if ("reply" in answer) settle(row, answer.reply, null);
        else take(row, answer.fault);
        if (suspicion !== null && inFlight === 0) {
          if (isTheirOwnFault()) clear();
          else fail(suspicion);
        }
        fill();
      },
      (error) => {
        inFlight--;
        out.delete(controller);
        if (controller.signal.aborted) wake();
        else fail(error);
      },
    );
  }

  function take(row: Row<T>, fault: Fault): void {
    if (fault.kind === "limited" || fault.kind === "busy") row.attempts--;
    // Nothing is asked again after the stop, so only what ended for good counts.
    if (stopped && fault.kind !== "filtered") return;
    switch (fault.kind) {
      case "limited":
      case "busy":
        return insertByDue(waiting, row);
      case "passing":
        if (row.passing++ === 0) {
          faulty++;
          row.signsAtFirst = health.signs;
        }
        only500 = only500 !== false && fault.status === 500;
        if (row.passing < maxAttempts) {
          row.due = now() + (fault.retryAfterMs ?? backOff(row.passing, random));
          row.signsAtLast = health.signs;
          return insertByDue(waiting, row);
        }
        // Where an endpoint goes down, answers may still have come since the row was first asked.
        if (health.signs > row.signsAtLast) return settle(row, null, fault);
        // Unless they were many: then it is a part of the rows that it fails at.
        if (health.signs - row.signsAtFirst >= faulty) return settle(row, null, fault);
        // An endpoint that did its work before may be away for a moment only.
        if (health.signs > 0 && now() - signedAt < patienceMs) {
          row.due = now() + backOff(row.passing, random);
          return insertByDue(waiting, row);
        }
        suspicion ??= health.down(fault, faulty);
        held.push(ended(row, null, fault));
        return;
      case "filtered":
        return settle(row, null, fault);
      case "rejected":
        only500 = false;
        health.failed(fault);
        held.push(ended(row, null, fault));
        return;
      case "stop":
        return fail(health.refused(fault));
    }
  }

  /** The row is done, and the endpoint does its work. */
  function settle(row: Row<T>, reply: Reply | null, fault: Fault | null): void {
    if (reply !== null || fault?.kind === "filtered") {
      if (fault === null) health.reply();
      else health.failed(fault);
      signedAt = now();
      clear();
    }
    ready.push(ended(row, reply, fault));
  }

  function ended(row: Row<T>, reply: Reply | null, fault: Fault | null): Asked<T> {
    if (row.passing > 0) faulty--;
    const { item, attempts, calls, ms } = row;
    return { item, reply, fault, attempts, calls, ms };
  }

  /** The endpoint does its work: what is held was the rows' own fault. */
  function clear(): void {
    suspicion = null;
    if (held.length > 0) ready.push(...held.splice(0));
  }

  /**
   * The last rows of a run have no others beside them that could be answered: where they are few
   * against those that were answered before, they are taken to be at fault themselves. So they are
   * where an earlier start left them and each of them gets nothing but 500.
   */
  function isTheirOwnFault(): boolean {
    if (!sourceEnded) return false;
    const { signs } = health;
    const rows = held.length + waiting.length;
    return signs > 0
      ? rows <= Math.max(1, FEW * signs)
      : only500 === true && rows <= answeredBefore;
  }

  function fill(): void {
    while (
      !stopped && suspicion === null && inFlight + ready.length < concurrency + mostUntaken
    ) {
      const at = now();
      const freeAt = pace.freeAt(at);
      if (freeAt > at) {
        if (freeAt < Infinity && (waiting.length > 0 || !sourceEnded)) {
          ring(freeAt);
          onHeld(freeAt - at);
        }
        break;
      }
      const row = nextRow(at);
      if (row === null) break;
      const broken = health.broken();
      if (broken !== null) {
        waiting.unshift(row);
        if (inFlight === 0) fail(broken);
        else suspicion = broken;
        break;
      }
      if (limit?.admits(inFlight) === false) {
        waiting.unshift(row);
        if (inFlight === 0) fail(limit.reached());
        break;
      }
      start(row);
    }
    wake();
  }

  /** The first row that waits and is due, else a new one. */
  function nextRow(at: number): Row<T> | null {
    const first = waiting[0];
    if (first !== undefined) {
      if (first.due <= at) return waiting.shift() ?? null;
      ring(first.due);
      if (waiting.length > mostWaiting) return null;
    }
    if (sourceEnded) return null;
    try {
      const next = source.next();
      if (next === "later") return null;
      if (next !== null) {
        const { item } = next;
        const { signs } = health;
        const counts = { calls: 0, attempts: 0, passing: 0, ms: 0, due: 0 };
        return {
          item,
          request: request(item),
          signsAtLast: signs,
          signsAtFirst: signs,
          ...counts,
        };
      }
    } catch (error) {
      fail(error);
    }
    sourceEnded = true;
    return null;
  }

  /** Looks again at that time; an earlier one beats a later one. */
  function ring(at: number): void {
    if (alarm !== null && alarm.at <= at) return;
    alarm?.controller.abort();
    const controller = new AbortController();
    const mine = alarm = { at, controller };
    sleep(Math.max(0, at - now()), { signal: controller.signal }).then(() => {
      if (alarm !== mine) return;
      alarm = null;
      fill();
    });
  }

  function stop(): void {
    stopped = true;
    alarm?.controller.abort();
    alarm = null;
    waiting.length = 0;
    if (suspicion !== null) held.length = 0;
    suspicion = null;
    wake();
  }

  function fail(error: unknown): void {
    failures.push(error);
    stop();
    held.length = 0;
  }

  function leave(): void {
    stop();
    for (const controller of out) controller.abort();
  }

  function isDone(): boolean {
    return inFlight === 0 && waiting.length === 0 && (stopped || sourceEnded);
  }

  signal?.addEventListener("abort", stop, { once: true });
  cut?.addEventListener("abort", leave, { once: true });
  try {
    if (signal?.aborted || cut?.aborted) stop();
    while (true) {
      fill();
      const next = ready.shift() ?? (isDone() ? held.shift() : undefined);
      if (next !== undefined) {
        yield next;
      } else if (isDone()) {
        break;
      } else {
        await new Promise<void>((resolve) => wake = resolve);
      }
    }
    if (failures.length > 0) throw failures[0];
  } finally {
    signal?.removeEventListener("abort", stop);
    cut?.removeEventListener("abort", leave);
    leave();
    source.close();
    while (inFlight > 0) await new Promise<void>((resolve) => wake = resolve);
  }
}

function pacedAnswer(answer: Answer): PacedAnswer {
  const { limits = [] } = answer;
  if ("fault" in answer) {
    const { kind, retryAfterMs } = answer.fault;
    return {
      limited: kind === "limited" || kind === "busy",
      retryAfterMs,
      sign: kind === "filtered",
      limits,
    };
  }
  const { usage } = answer.reply;
  const tokens = usage === null ? null : usage.input + usage.output;
  return { limited: false, sign: true, limits, tokens };
}
