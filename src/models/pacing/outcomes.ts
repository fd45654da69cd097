import type { UserError } from "../../error.ts";
import type { Asked, Fault, Reply } from "../types.ts";
import { watchHealth } from "./health.ts";
import { areAtFault, judge } from "./judge.ts";
import { ended, type Row } from "./row.ts";
import { backOff } from "./waiting.ts";

/** What becomes of rows, and what that tells of the endpoint. */
export interface Outcomes<T> {
  /** Signs of life that the endpoint has given. */
  readonly signs: number;
  /** Rows that are ready for the consumer. */
  readonly ready: Asked<T>[];
  /** Why nothing new is asked until the calls in flight show that the endpoint does its work. */
  readonly suspicion: UserError | null;
  /** An answer came. */
  reply(row: Row<T>, reply: Reply, at: number): void;
  /** A fault came that doesn't end the asking. */
  fault(row: Row<T>, fault: Fault, at: number): void;
  /** What ends the asking where the endpoint takes no row. */
  refused(fault: Fault): UserError;
  /** Suspects the endpoint where nearly all of the last rows failed; gives what it is suspected of. */
  suspectBroken(): UserError | null;
  /**
   * Decides on a suspicion where no call is out any more: null where the rows are at fault
   * themselves, else what ends the asking.
   */
  decide(left: { waiting: number; sourceEnded: boolean }): UserError | null;
  /** A row that was held, where nothing more can come. */
  lastHeld(): Asked<T> | undefined;
  /** The asking was stopped: rows of a suspected endpoint stay pending. */
  stop(): void;
  /** The asking failed: all rows that are held stay pending. */
  drop(): void;
}

/** Keeps what became of rows; `wait` is given those that are to be asked again, with when. */
export function openOutcomes<T>(options: {
  address: string;
  maxAttempts: number;
  answeredBefore: number;
  random: () => number;
  wait: (row: Row<T>) => void;
}): Outcomes<T> {
  const { maxAttempts, answeredBefore, random, wait } = options;
  const health = watchHealth(options);
  const ready: Asked<T>[] = [];
  /** Rows that ended while it wasn't known whether the endpoint does its work at all. */
  const held: Asked<T>[] = [];
  let suspicion: UserError | null = null;
  /** When the endpoint last did its work. */
  let signedAt = -Infinity;
  /** Rows on their way that had a passing fault. */
  let faulty = 0;
  /** Whether each fault was a 500, which a row itself can bring about; null: there was none. */
  let only500: boolean | null = null;

  /** What is held was the rows' own fault. */
  function release(): void {
    suspicion = null;
    if (held.length > 0) ready.push(...held.splice(0));
  }

  function end(row: Row<T>, reply: Reply | null, fault: Fault | null): Asked<T> {
    if (row.passing > 0) faulty--;
    return ended(row, reply, fault);
  }

  function count(row: Row<T>, fault: Fault, at: number): void {
    if (fault.kind === "rejected") only500 = false;
    if (fault.kind === "rejected" || fault.kind === "filtered") health.failed(fault);
    if (fault.kind === "filtered") signedAt = at;
    if (fault.kind !== "passing") return;
    only500 = only500 !== false && fault.status === 500;
    if (row.passing++ > 0) return;
    faulty++;
    row.signsAtFirst = health.signs;
  }

  function judged(row: Row<T>, at: number, fault: Fault) {
    const { passing, signsAtLast, signsAtFirst } = row;
    const sinceSignMs = at - signedAt;
    const { signs } = health;
    return judge(fault, {
      passing,
      maxAttempts,
      signs,
      signsAtLast,
      signsAtFirst,
      faulty,
      sinceSignMs,
    });
  }

  return {
    ready,
    get signs() {
      return health.signs;
    },
    get suspicion() {
      return suspicion;
    },
    reply(row, reply, at) {
      health.reply();
      signedAt = at;
      release();
      ready.push(end(row, reply, null));
    },
    fault(row, fault, at) {
      count(row, fault, at);
      const verdict = judged(row, at, fault);
      switch (verdict) {
        case "wait":
          if (fault.kind === "passing") {
            const named = row.passing < maxAttempts ? fault.retryAfterMs : null;
            row.due = at + (named ?? backOff(row.passing, random));
            if (row.passing < maxAttempts) row.signsAtLast = health.signs;
          }
          return wait(row);
        case "settle":
          if (fault.kind === "filtered") release();
          ready.push(end(row, null, fault));
          return;
        case "suspect":
          suspicion ??= health.down(fault, faulty);
          held.push(end(row, null, fault));
          return;
        case "hold":
          held.push(end(row, null, fault));
          return;
      }
    },
    refused: health.refused,
    suspectBroken: () => suspicion = health.broken(),
    decide({ waiting, sourceEnded }) {
      const rows = held.length + waiting;
      const { signs } = health;
      const left = { rows, signs, only500: only500 === true, answeredBefore };
      if (!sourceEnded || !areAtFault(left)) return suspicion;
      release();
      return null;
    },
    lastHeld: () => held.shift(),
    stop() {
      if (suspicion !== null) held.length = 0;
      suspicion = null;
    },
    drop: () => void held.splice(0),
  };
}
