import { wilson } from "../../stats/intervals.ts";
import { lostRows } from "../../run/row_counts.ts";
import type { LostShare } from "../findings.ts";
import type { OutcomeTally, Reading } from "../reading/rows.ts";

/**
 * The rows that were refused, filtered, cut short or empty, by the value that they were asked with:
 * among its rows that are neither pending nor failed. Values without such rows aren't listed.
 *
 * @returns The most telling first: those whose share is surely above that of all rows, by the lower
 * end of its 95 % interval; where that is the same, the larger share, then the more rows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { lostShares } from "./lost.ts";
 * const asked = (instruction: string, outcome: "ok" | "refused") => ({
 *   text: "Hi", outcome, attributes: { instruction },
 * });
 * const lost = lostShares(corpusOf([asked("Promise", "refused"), asked("Ask", "ok")]));
 * assert.equal(lost[0]?.value, "Promise");
 * assert.equal(lost[0]?.by.refused, 1);
 * ```
 */
export function lostShares(reading: Pick<Reading, "tallies">): LostShare[] {
  return reading.tallies.flatMap(lostOfAttribute)
    .sort((a, b) => b.low - a.low || b.share - a.share || b.planned - a.planned);
}

function lostOfAttribute({ stem, values, rows }: OutcomeTally): LostShare[] {
  return values.flatMap((value, i) => {
    const by = {
      refused: rows.refused[i]!,
      filtered: rows.filtered[i]!,
      truncated: rows.truncated[i]!,
      empty: rows.empty[i]!,
    };
    const lost = lostRows(by);
    const planned = lost + rows.ok[i]!;
    if (planned === 0) return [];
    const interval = wilson(lost, planned);
    return [{ attribute: stem, value, planned, lost, share: lost / planned, by, ...interval }];
  });
}
