import { studentQuantile } from "../../stats/student.ts";
import type { RunningMean } from "./measured.ts";

/** A number and between which two it lies, as far as is known: low ≤ estimate ≤ high. */
export interface Range {
  estimate: number;
  low: number;
  high: number;
}

/**
 * The 95 % margin of the mean of `rest` rows to come, from rows that were measured: both the mean
 * that was measured and the rows to come vary.
 */
export function marginOf(measured: RunningMean, rest: number): number {
  const { n, sd } = measured;
  if (rest === 0 || n < 2) return 0;
  return studentQuantile(0.975, n - 1) * sd * Math.sqrt(1 / n + 1 / rest);
}
