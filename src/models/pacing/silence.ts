import type { UserError } from "../../error.ts";
import { count } from "../../text/numbers.ts";
import type { Fault } from "../types.ts";
import { stoppedBy } from "./stopped.ts";
import { wordsOf } from "./words_of.ts";

/** How long an endpoint has answered nothing, and what it says meanwhile. */
export interface Silence {
  /** What ends the asking where no call is out any more; null: there is patience left. */
  readonly over: UserError | null;
  /** An answer came. */
  answered(at: number): void;
  /** A call that was made at `calledAt` got a fault; `mayEnd`: whether patience may end by it. */
  faulted(fault: Fault, times: { calledAt: number; at: number; mayEnd: boolean }): void;
  /**
   * No call may start until then; `isIdle`: none is out either. Gives what ends the asking where
   * that is longer than there is patience.
   */
  waits(at: number, until: number, isIdle: boolean): UserError | null;
}

/** A wait of all calls that is longer is told. */
const longWaitMs = 5_000;

/** So is a time without an answer that is. */
const longSilenceMs = 30_000;

/** The same words are told again after so long. */
const quietMs = 600_000;

/**
 * Starts to listen to an endpoint's silence: from the first call on that has no answer, until an
 * answer comes. Only a fault that says how things stand ends the patience, so that calls that take
 * long and a consumer that does aren't taken for silence.
 *
 * @param options `address`: where the calls go; `note`: told the endpoint's words where a long wait
 * begins, and where they change.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openSilence } from "./silence.ts";
 * const said: string[] = [];
 * const silence = openSilence({
 *   address: "http://127.0.0.1:8000/v1",
 *   patienceMs: 300_000,
 *   note: (message) => said.push(message),
 * });
 * const fault = { kind: "busy" as const, reason: "503 busy", status: 503, retryAfterMs: null };
 * silence.faulted(fault, { calledAt: 0, at: 40_000, mayEnd: true });
 * assert(said[0]?.includes("503 busy"));
 * silence.faulted(fault, { calledAt: 290_000, at: 300_000, mayEnd: true });
 * assert(said.length === 1 && silence.over?.exitCode === 3);
 * ```
 */
export function openSilence(
  options: { address: string; patienceMs: number; note: (message: string) => void },
): Silence {
  const { address, patienceMs, note } = options;
  let answeredAt = -Infinity;
  /** Since when nothing was answered though calls were made; null: something was. */
  let from: number | null = null;
  /** The last fault since then. */
  let last: Fault | null = null;
  /** Whether patience may end by that one. */
  let mayEnd = true;
  let told: { words: string; at: number } | null = null;
  let over: UserError | null = null;

  function tell(what: string, at: number): void {
    if (last === null) return;
    const words = wordsOf(last);
    if (told?.words === words && at - told.at < quietMs) return;
    told = { words, at };
    note(`${address} ${what}: ${last.reason}`);
  }

  function ended(what: string): UserError {
    const said = last === null ? "" : ` The last time: ${last.reason}`;
    return stoppedBy(
      `${address} ${what}.${said}\n` +
        `It was waited for as long as --patience says (${span(patienceMs)} without an answer).`,
    );
  }

  /** No answer can come before that: nothing is gained by waiting for the end of patience. */
  function tooLong(what: string): UserError {
    const said = last === null ? "" : ` The last time: ${last.reason}`;
    return stoppedBy(
      `${address} ${what}.${said}\nThat is longer than --patience (${span(patienceMs)}).`,
    );
  }

  return {
    get over() {
      return over;
    },
    answered(at) {
      answeredAt = at;
      from = null;
      last = null;
      mayEnd = true;
      over = null;
    },
    faulted(fault, times) {
      const { calledAt, at } = times;
      from ??= Math.max(answeredAt, calledAt);
      last = fault;
      mayEnd = times.mayEnd;
      const silentMs = at - from;
      if (silentMs >= longSilenceMs) tell(`has answered nothing for ${span(silentMs)}`, at);
      if (mayEnd && silentMs >= patienceMs) {
        over ??= ended(`has answered nothing for ${span(silentMs)}`);
      }
    },
    waits(at, until, isIdle) {
      const wait = `takes no call for another ${span(until - at)}`;
      const since = mayEnd ? from ?? at : at;
      if (isIdle && until - at > patienceMs) return tooLong(wait);
      if (isIdle && until - since > patienceMs) {
        return tooLong(`has answered nothing for ${span(at - since)} and ${wait}`);
      }
      if (until - at > longWaitMs) tell(wait, at);
      return null;
    },
  };
}

/** A time for people: 90 s, 5 minutes, 3 hours, 12 days. */
function span(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  for (const [unit, length, most] of units) {
    if (seconds < most * length) return `${count(Math.round(seconds / length))} ${unit}`;
  }
  return "more than a year";
}

const units = [["minutes", 60, 120], ["hours", 3_600, 48], ["days", 86_400, 366]] as const;
