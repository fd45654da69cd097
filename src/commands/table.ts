import type { RowRecord } from "../run/types.ts";
import { printable } from "../text/printable.ts";

/** Wider values of an attribute are cut. */
const WIDEST_VALUE = 24;

/**
 * A few rows as a table for the terminal: what was asked, how long, how long it came, the text.
 * Texts of models are made safe to print and cut to the line.
 */
export function rowTable(rows: RowRecord[], columns: number): string {
  const stems = Object.keys(rows[0]?.attributes ?? {})
    .filter((stem) => new Set(rows.map((row) => row.attributes[stem])).size > 1)
    .slice(0, 3);
  const withLength = rows.some((row) => row.requestedWords !== null);
  const head = [...stems, ...(withLength ? ["asked"] : []), "got"];
  const cells = rows.map((row) => [
    ...stems.map((stem) => cut(printable(row.attributes[stem] ?? ""), WIDEST_VALUE)),
    ...(withLength ? [String(row.requestedWords ?? "")] : []),
    String(row.words ?? ""),
  ]);
  const widths = head.map((name, column) =>
    Math.max(name.length, ...cells.map((line) => line[column]?.length ?? 0))
  );
  const pad = (line: string[]) =>
    line.map((cell, column) =>
      column < stems.length ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
    ).join("  ");
  const room = Math.max(30, columns - 4 - widths.reduce((sum, width) => sum + width + 2, 0));
  return [
    `  ${pad(head)}`,
    ...rows.map((row, index) => `  ${pad(cells[index] ?? [])}  ${textOf(row, room)}`),
  ].join("\n");
}

function textOf(row: RowRecord, room: number): string {
  if (row.outcome === "ok") return cut(printable(row.text ?? ""), room);
  return cut(`[${row.outcome}] ${printable(row.text ?? row.reason ?? "")}`, room);
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : text.slice(0, room - 1).trimEnd() + "…";
}
