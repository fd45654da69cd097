import type { RowRecord } from "../run/types.ts";
import type { TableRow } from "./table.ts";

/**
 * Records as lines of a table: row, text, what became of it, what was asked, how long it came. A
 * reason stands in the text's place where nothing came.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rowTable } from "./row_table.ts";
 * assert(rowTable([]).length === 0);
 * ```
 */
export function rowTable(records: readonly RowRecord[]): TableRow[] {
  const withLength = records.some(({ requestedWords }) => requestedWords !== null);
  return records.map((record) => {
    const came = {
      ...(withLength ? { "words asked": record.requestedWords } : {}),
      words: record.words,
    };
    const { row, outcome } = record;
    const first = { row, text: record.text ?? record.reason, outcome };
    // An attribute that is called as one of our own columns keeps its place beside it.
    const asked = Object.entries(record.attributes).map(([stem, value]) =>
      [stem in came || stem in first ? `${stem} asked` : stem, value] as const
    );
    return { ...first, ...Object.fromEntries(asked), ...came };
  });
}
