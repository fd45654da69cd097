import type { Fault } from "../types.ts";
import type { Row } from "./row.ts";
import { backOff, namedWait } from "./waiting.ts";

/** Puts rows to wait until they are asked again. */
export interface Again<T> {
  /** After a limit or a busy server, which cost no attempt. */
  refused(row: Row<T>, fault: Fault, at: number): void;
  /** After a fault that passes. */
  failed(row: Row<T>, fault: Fault, at: number): void;
  /** As if it had had no faults. */
  anew(row: Row<T>, at: number): void;
}

/** A row that is busy again and again waits no longer than after so many faults. */
const mostBackOffs = 5;

/** `signs`: how often the endpoint has done its work; `wait` is given the rows, with when. */
export function openAgain<T>(
  { maxAttempts, random, signs, wait }: {
    maxAttempts: number;
    random: () => number;
    signs: () => number;
    wait: (row: Row<T>) => void;
  },
): Again<T> {
  function again(row: Row<T>, due: number): void {
    row.due = due;
    row.signsAtLast = signs();
    wait(row);
  }

  return {
    refused(row, fault, at) {
      // The pace knows when, where it is a limit.
      if (fault.kind === "limited") return wait(row);
      const times = Math.min(++row.busy, mostBackOffs);
      again(row, Math.max(row.due, at + (namedWait(fault) ?? backOff(times, random))));
    },
    failed(row, fault, at) {
      const pause = backOff(row.passing, random);
      if (row.passing < maxAttempts) return again(row, at + (namedWait(fault) ?? pause));
      row.due = at + pause;
      wait(row);
    },
    anew(row, at) {
      row.passing = 0;
      again(row, at + backOff(1, random));
    },
  };
}
