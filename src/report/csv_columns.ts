import { RECORD_COLUMNS } from "../run/log/record_fields.ts";
import type { ColumnDetails } from "../text/csv.ts";

/** The headers beside the attributes, in their order; the attributes stand after the first. */
export const CSV_HEADERS: readonly string[] = RECORD_COLUMNS.map(({ header }) => header);

/**
 * The columns of exported records: row, each attribute by its stem, then what was asked and came.
 * A stem that is the name of another column gets "attribute_" before it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { csvColumns } from "./csv_columns.ts";
 * const headers = csvColumns(["tone", "text"]).map(({ header }) => header);
 * assert(headers[1] === "tone" && headers[2] === "attribute_text" && headers.includes("text"));
 * ```
 */
export function csvColumns(stems: readonly string[]): ColumnDetails[] {
  const taken = new Set([...CSV_HEADERS, ...stems.filter((stem) => !CSV_HEADERS.includes(stem))]);
  const attributes = stems.map((stem) => {
    let header = stem;
    if (CSV_HEADERS.includes(stem)) {
      do header = `attribute_${header}`; while (taken.has(header));
      taken.add(header);
    }
    return { header, prop: ["attributes", stem] };
  });
  return RECORD_COLUMNS.flatMap((column) =>
    column.header === "row" ? [column, ...attributes] : [column]
  );
}
