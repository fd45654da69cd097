import type { UserError } from "../../error.ts";
import type { Asked, Fault, Reply } from "../types.ts";
import { watchHealth } from "./health.ts";
import { areAtFault, isRefusal, judge, mayBeBusy, type Verdict } from "./judge.ts";
import { ended, type Row } from "./row.ts";
import { backOff, namedWait } from "./waiting.ts";

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
  /** Whether a fault says nothing of its row: it costs no attempt, and the pace is told. */
  isRefusal(row: Row<T>, fault: Fault): boolean;
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
  decide(left: Left): UserError | null;
  /** Whether the rows that are left are taken to be at fault themselves if nothing more is answered. */
  areAtFault(left: Left): boolean;
  /** What ends the asking where all of its rows were rejected alike; else null. */
  alike(): UserError | null;
  /** A row that was held, where nothing more can come. */
  lastHeld(): Asked<T> | undefined;
  /** The asking was stopped: rows of a suspected endpoint stay pending. */
  stop(): void;
  /** The asking failed: all rows that are held stay pending. */
  drop(): void;
}

/** What is left to ask for beside the rows that are held. */
type Left = { waiting: number; sourceEnded: boolean };

/** A row that is busy again and again waits no longer than after so many faults. */
const mostBackOffs = 5;

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
  const held: { row: Row<T>; fault: Fault }[] = [];
  let suspicion: UserError | null = null;
  /** When the endpoint last did its work. */
  let signedAt = -Infinity;
  /** Rows on their way that had a passing fault. */
  let faulty = 0;
  /** Whether each fault was a 500, which a row itself can bring about; null: there was none. */
  let only500: boolean | null = null;

  function end(row: Row<T>, reply: Reply | null, fault: Fault | null): void {
    if (row.passing > 0) faulty--;
    ready.push(ended(row, reply, fault));
  }

  function hold(row: Row<T>, fault: Fault): void {
    if (row.passing > 0) faulty--;
    held.push({ row, fault });
  }

  /** What is held was the rows' own fault. */
  function release(): void {
    suspicion = null;
    for (const { row, fault } of held.splice(0)) ready.push(ended(row, null, fault));
  }

  /** The endpoint does its work: so it was, unless it may have been busy. */
  function sign(at: number): void {
    signedAt = at;
    suspicion = null;
    if (held.length === 0) return;
    for (const { row, fault } of held.splice(0)) {
      if (mayBeBusy(fault)) {
        row.passing = 0;
        again(row, at + backOff(1, random));
      } else ready.push(ended(row, null, fault));
    }
  }

  function again(row: Row<T>, due: number): void {
    row.due = due;
    row.signsAtLast = health.signs;
    wait(row);
  }

  function count(row: Row<T>, fault: Fault, at: number): void {
    if (fault.kind === "rejected") only500 = false;
    if (fault.kind === "rejected" || fault.kind === "filtered") health.failed(fault);
    if (fault.kind === "filtered") sign(at);
    if (fault.kind !== "passing") return;
    only500 = only500 !== false && fault.status === 500;
    if (row.passing++ > 0) return;
    faulty++;
    row.signsAtFirst = health.signs;
  }

  function verdictOn(row: Row<T>, fault: Fault, at: number): Verdict {
    const { passing, signsAtLast, signsAtFirst } = row;
    const { signs } = health;
    const known = { signs, faulty, sinceSignMs: at - signedAt };
    return judge(fault, { passing, maxAttempts, signsAtLast, signsAtFirst, ...known });
  }

  function refuse(row: Row<T>, fault: Fault, at: number): void {
    // The pace knows when, where it is a limit.
    if (fault.kind === "limited") return wait(row);
    const times = Math.min(++row.busy, mostBackOffs);
    again(row, Math.max(row.due, at + (namedWait(fault) ?? backOff(times, random))));
  }

  function tryAgain(row: Row<T>, fault: Fault, at: number): void {
    const pause = backOff(row.passing, random);
    if (row.passing < maxAttempts) again(row, at + (namedWait(fault) ?? pause));
    else {
      row.due = at + pause;
      wait(row);
    }
  }

  function isOwn({ waiting, sourceEnded }: Left): boolean {
    const rows = held.length + waiting;
    const { signs } = health;
    return sourceEnded && areAtFault({ rows, signs, only500: only500 === true, answeredBefore });
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
      sign(at);
      end(row, reply, null);
    },
    isRefusal: ({ signsAtLast }, fault) => isRefusal(fault, { signs: health.signs, signsAtLast }),
    fault(row, fault, at) {
      const { signsAtLast } = row;
      if (isRefusal(fault, { signs: health.signs, signsAtLast })) return refuse(row, fault, at);
      count(row, fault, at);
      switch (verdictOn(row, fault, at)) {
        case "wait":
          return tryAgain(row, fault, at);
        case "settle":
          return end(row, null, fault);
        case "suspect":
          suspicion ??= health.down(fault, faulty);
          return hold(row, fault);
        case "hold":
          return hold(row, fault);
      }
    },
    refused: health.refused,
    suspectBroken: () => suspicion = health.broken(),
    decide(left) {
      if (!isOwn(left)) return suspicion;
      release();
      return null;
    },
    areAtFault: isOwn,
    alike: () => held.length > answeredBefore ? health.alike() : null,
    lastHeld() {
      const last = held.shift();
      return last && ended(last.row, null, last.fault);
    },
    stop() {
      // What nothing is known of stays pending.
      if (suspicion !== null || health.signs === 0) held.length = 0;
      suspicion = null;
    },
    drop: () => void held.splice(0),
  };
}
