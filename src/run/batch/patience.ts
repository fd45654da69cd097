import type { Came } from "../../models/batch/types.ts";
import type { Fault } from "../../models/types.ts";
import type { Sleep } from "../../models/waiting.ts";

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
}

/** After so many faults in a row it is told that the endpoint is waited for. */
const TOLD_AFTER = 4;

/** Milliseconds that an endpoint may ask to be left alone for: nobody asks for a day by intent. */
const LONGEST_ASKED = 600_000;

/** Whether a fault goes by itself. */
export function passes({ kind }: Fault): boolean {
  return kind === "passing" || kind === "limited";
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
  const { address, waits, signal, sleep, note } = options;

  async function pause(milliseconds: number): Promise<void> {
    signal.throwIfAborted();
    await sleep(milliseconds, { signal });
    signal.throwIfAborted();
  }

  async function after(fault: Fault, times: number): Promise<void> {
    if (times === TOLD_AFTER) {
      note(`${address} doesn't answer now (${fault.reason}). Waiting for it: nothing is lost.`);
    }
    const wait = Math.min(waits.longest, waits.shortest * 2 ** (times - 1));
    await pause(Math.max(wait, Math.min(fault.retryAfterMs ?? 0, LONGEST_ASKED)));
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
