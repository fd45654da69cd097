import type { Fault } from "../types.ts";
import type { Health } from "./health.ts";
import { areAtFault, judge, type Verdict } from "./judge.ts";
import type { Row } from "./row.ts";

/** What rows and their endpoint have come to: by that a fault is judged. */
export interface FaultStanding {
  /** Rows on their way that have had a passing fault. */
  readonly faulty: number;
  /** The endpoint did its work. */
  signed(at: number): void;
  /** Counts a fault of a row, before it is judged. */
  count(row: Row<unknown>, fault: Fault): void;
  /** A row isn't on its way any more. */
  over(row: Row<unknown>): void;
  verdict(row: Row<unknown>, fault: Fault, at: number): Verdict;
  /** Whether so many rows, the last of a run, are taken to be at fault themselves. */
  areOwn(rows: number): boolean;
}

/** Starts with no faults. */
export function openStanding(
  { health, maxAttempts, answeredBefore }: {
    health: Pick<Health, "signs">;
    maxAttempts: number;
    answeredBefore: number;
  },
): FaultStanding {
  let signedAt = -Infinity;
  let faulty = 0;
  /** Whether each fault was a 500, which a row itself can bring about; null: there was none. */
  let only500: boolean | null = null;
  return {
    get faulty() {
      return faulty;
    },
    signed(at) {
      signedAt = at;
    },
    count(row, fault) {
      if (fault.kind === "rejected") only500 = false;
      if (fault.kind !== "passing") return;
      only500 = only500 !== false && fault.status === 500;
      if (row.passing++ > 0) return;
      faulty++;
      row.signsAtFirst = health.signs;
    },
    over({ passing }) {
      if (passing > 0) faulty--;
    },
    verdict(row, fault, at) {
      const { passing, signsAtLast, signsAtFirst } = row;
      const known = { signs: health.signs, faulty, sinceSignMs: at - signedAt };
      return judge(fault, { passing, maxAttempts, signsAtLast, signsAtFirst, ...known });
    },
    areOwn: (rows) =>
      areAtFault({ rows, signs: health.signs, only500: only500 === true, answeredBefore }),
  };
}
