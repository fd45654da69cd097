import type { Config } from "../../config/types.ts";
import { basename } from "node:path";
import type { Findings } from "../findings.ts";
import { RECORDS_FILE } from "../../run/log/records.ts";

/** One thing that an analysis found, worth a line on the screen. */
export interface Headline {
  kind:
    | "phrase"
    | "length"
    | "realised"
    | "followed"
    | "accepted"
    | "lost"
    | "duplicates"
    | "openings"
    | "drift"
    | "several"
    | "pairs"
    | "unmeasured";
  /** The attribute that it is about; null: none. */
  attribute: string | null;
  /** How much it matters, in [0, 1]: see {@linkcode severityOf}. */
  severity: number;
  /** What was found, with its numbers; safe to print. */
  says: string;
  /** What to do about it. */
  next: string;
}

/** What a headline is made from. */
export interface Told {
  findings: Findings;
  /** That of the rows; null: rows from elsewhere, without targets. */
  config: Config | null;
}

/**
 * How much a finding matters, on one scale for all kinds: the part of a group's rows (or words) that
 * is wrong, as its interval's end nearest to nothing has it, times the root of the group's share of
 * all rows. So what spoils all rows comes before what spoils few, but what spoils a rare value wholly
 * isn't lost: for that value nothing can be read off the rows.
 *
 * @param part In [0, 1]; at or below 0: nothing is known to be wrong.
 * @param group Share of all rows, in [0, 1].
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { severityOf } from "./headline.ts";
 * // A phrase in at least a fifth of all rows; a value of 4 % of the rows, lost by half.
 * assert(severityOf(0.2, 1) === 0.2 && severityOf(0.5, 0.04) === 0.1);
 * ```
 */
export function severityOf(part: number, group: number): number {
  if (!(part > 0) || !(group > 0)) return 0;
  return Math.min(1, part) * Math.sqrt(Math.min(1, group));
}

/** Whether findings are on a file from elsewhere: commands that take a run by its name don't take it. */
export function isOfFile({ findings }: Told): boolean {
  const { files } = findings.made;
  return files.length > 0 && files.every(({ path }) => basename(path) !== RECORDS_FILE);
}
