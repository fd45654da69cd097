import type { Came } from "../../models/batch/types.ts";
import type { Fault } from "../../models/types.ts";
import type { Sleep } from "../../models/pacing/waiting.ts";
import { clock } from "../../text/clock.ts";

/** Waits for an endpoint that has something of ours. */
export interface Patience {
  /** Ends when nothing more shall be waited for. */
  signal: AbortSignal;
  /**
   * Asks again after each fault that passes, for ever: what is paid is never given up because its
   * endpoint is away. Other faults are handed back.
   *
   * @throws The signal's reason where it aborts.
   */
  ask<T>(question: () => Promise<Came<T>>): Promise<Came<T>>;
  /**
   * Waits after a fault that passes.
   *
   * @param times How many there were in a row, from 1.
   */
  after(fault: Fault, times: number): Promise<void>;
  /** Waits for so long. */
  pause(milliseconds: number): Promise<void>;
}

/** What patience is made of. */
export interface PatienceOptions {
  /** Who is waited for, in words. */
  address: string;
  /** Milliseconds: the first wait after a fault, and the longest. */
  waits: { shortest: number; longest: number };
  signal: AbortSignal;
  sleep: Sleep;
  note: (message: string) => void;
  /** Told until when a long wait lasts, in milliseconds since 1970; null: it is over. */
  onHeld?: ((until: number | null) => void) | undefined;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: (() => number) | undefined;
}

/** After so many faults in a row it is told that the endpoint is waited for. */
const TOLD_AFTER = 4;

/** A wait that the endpoint asks for is told where it is longer than so many milliseconds. */
const LONG_MS = 60_000;

/** Whether a fault only says until when to wait: it tells of no trouble, however often it comes. */
export function isNamedWait({ kind, retryAfterMs }: Fault): boolean {
  return (kind === "limited" || kind === "busy") && (retryAfterMs ?? 0) > 0;
}

/** Whether a fault goes by itself. */
export function passes({ kind }: Fault): boolean {
  return kind === "passing" || kind === "limited" || kind === "busy";
}

/**
 * Opens the way to wait for an endpoint: longer from fault to fault, and as long as it asks for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openPatience } from "./patience.ts";
 * const { signal } = new AbortController();
 * const patience = openPatience({
 *   address: "http://127.0.0.1:8000/v1",
 *   waits: { shortest: 1, longest: 8 },
 *   signal,
 *   sleep: () => Promise.resolve(),
 *   note: () => {},
 * });
 * let asked = 0;
 * const fault = { kind: "passing" as const, reason: "503", status: 503, retryAfterMs: null };
 * const came = await patience.ask(() =>
 *   Promise.resolve(++asked < 9 ? { fault } : { value: "Hej" })
 * );
 * assert.deepEqual([came, asked], [{ value: "Hej" }, 9]);
 * ```
 */
export function openPatience(options: PatienceOptions): Patience {
  const { address, waits, signal, sleep, note, onHeld = () => {}, now = Date.now } = options;

  async function pause(milliseconds: number): Promise<void> {
    signal.throwIfAborted();
    await sleep(milliseconds, { signal });
    signal.throwIfAborted();
  }

  async function after(fault: Fault, times: number): Promise<void> {
    const asked = fault.retryAfterMs ?? 0;
    if (asked > LONG_MS) {
      const until = now() + asked;
      note(`${address} asks to wait until ${clock(until, now())} (${fault.reason}).`);
      onHeld(until);
      await pause(asked);
      onHeld(null);
      return;
    }
    if (times === TOLD_AFTER) {
      note(`${address} doesn't answer now (${fault.reason}). Waiting for it: nothing is lost.`);
    }
    const wait = Math.min(waits.longest, waits.shortest * 2 ** (times - 1));
    await pause(Math.max(wait, asked));
  }

  return {
    signal,
    pause,
    after,
    async ask(question) {
      for (let times = 1;; times++) {
        signal.throwIfAborted();
        const came = await question();
        if ("value" in came || !passes(came.fault)) return came;
        await after(came.fault, times);
      }
    },
  };
}
