import type { UserError } from "../../error.ts";
import type { Asked, Fault, Reply } from "../types.ts";
import { openAgain } from "./again.ts";
import { watchHealth } from "./health.ts";
import { isRefusal, mayBeBusy } from "./judge.ts";
import { ended, type Row } from "./row.ts";
import { openStanding } from "./standing.ts";

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

/** What outcomes are kept with; `wait` is given rows that are to be asked again, with when. */
interface OutcomesOptions<T> {
  address: string;
  maxAttempts: number;
  answeredBefore: number;
  random: () => number;
  wait: (row: Row<T>) => void;
}

/**
 * So few rows that are rejected in the same words may be at fault themselves, such as for their
 * length, where more were answered by earlier starts. Where none was, a single one stops the run.
 */
const MOST_OWN = 4;

/** Keeps what became of rows. */
export function openOutcomes<T>(options: OutcomesOptions<T>): Outcomes<T> {
  const health = watchHealth(options);
  const standing = openStanding({ ...options, health });
  const again = openAgain<T>({ ...options, signs: () => health.signs });
  const ready: Asked<T>[] = [];
  /** Rows that ended while it wasn't known whether the endpoint does its work at all. */
  const held: { row: Row<T>; fault: Fault }[] = [];
  let suspicion: UserError | null = null;

  function end(row: Row<T>, reply: Reply | null, fault: Fault | null): void {
    standing.over(row);
    ready.push(ended(row, reply, fault));
  }

  /** The endpoint does its work: what is held was the rows' own fault, unless it may have been busy. */
  function sign(at: number): void {
    standing.signed(at);
    suspicion = null;
    for (const { row, fault } of held.splice(0)) {
      if (mayBeBusy(fault)) again.anew(row, at);
      else ready.push(ended(row, null, fault));
    }
  }

  function take(row: Row<T>, fault: Fault, at: number): void {
    standing.count(row, fault);
    if (fault.kind === "rejected" || fault.kind === "filtered") health.failed(fault);
    if (fault.kind === "filtered") sign(at);
    const verdict = standing.verdict(row, fault, at);
    if (verdict === "wait") return again.failed(row, fault, at);
    if (verdict === "settle") return end(row, null, fault);
    if (verdict === "suspect") suspicion ??= health.down(fault, standing.faulty);
    standing.over(row);
    held.push({ row, fault });
  }

  const isBusy = (row: Row<T>, fault: Fault) =>
    isRefusal(fault, { signs: health.signs, signsAtLast: row.signsAtLast });
  const areAtFault = ({ waiting, sourceEnded }: Left) =>
    sourceEnded && standing.areOwn(held.length + waiting);
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
    isRefusal: isBusy,
    fault: (row, fault, at) =>
      isBusy(row, fault) ? again.refused(row, fault, at) : take(row, fault, at),
    refused: health.refused,
    suspectBroken: () => suspicion = health.broken(),
    decide(left) {
      if (!areAtFault(left)) return suspicion;
      suspicion = null;
      for (const { row, fault } of held.splice(0)) ready.push(ended(row, null, fault));
      return null;
    },
    areAtFault,
    alike: () => held.length > Math.min(options.answeredBefore, MOST_OWN) ? health.alike() : null,
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
