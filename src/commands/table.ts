import type { RowRecord } from "../run/types.ts";
import { printable } from "../text/printable.ts";

/** Attributes that are shown at most. */
const MOST_STEMS = 3;

/**
 * A few rows as a table for the terminal: what was asked, how long, how long it came, the text.
 * Texts of models are made safe to print and cut to the line; as many attributes are shown as leave
 * them a third of it.
 *
 * @param options `columns`: the line's width; `stems`: the attributes, the most telling first.
 */
export function rowTable(
  rows: RowRecord[],
  { columns, stems: known }: { columns: number; stems: string[] },
): string {
  const stems = known
    .filter((stem) =>
      rows.length === 1 || new Set(rows.map((row) => row.attributes[stem])).size > 1
    )
    .slice(0, MOST_STEMS);
  for (;;) {
    const lines = tableLines(rows, { stems, widest: clamp(columns / 5, { low: 10, high: 24 }) });
    const room = columns - 5 - Math.max(...lines.map((line) => line.length));
    if (room < columns / 3 && stems.length > 1) {
      stems.pop();
      continue;
    }
    return lines.map((line, index) => {
      const row = rows[index - 1];
      return `  ${line}` + (row === undefined ? "" : `  ${textOf(row, Math.max(20, room))}`);
    }).join("\n");
  }
}

/** Head and rows without the texts; values and names wider than `widest` are cut. */
function tableLines(
  rows: RowRecord[],
  { stems, widest }: { stems: string[]; widest: number },
): string[] {
  const withLength = rows.some((row) => row.requestedWords !== null);
  const table = [
    [...stems, ...(withLength ? ["asked"] : []), "got"],
    ...rows.map((row) => [
      ...stems.map((stem) => row.attributes[stem] ?? ""),
      ...(withLength ? [String(row.requestedWords ?? "")] : []),
      String(row.words ?? ""),
    ]),
  ].map((line) => line.map((cell) => cut(printable(cell), widest)));
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0))
  );
  return table.map((line) =>
    line.map((cell, column) => {
      const width = widths?.[column] ?? 0;
      return column < stems.length ? cell.padEnd(width) : cell.padStart(width);
    }).join("  ")
  );
}

function clamp(value: number, { low, high }: { low: number; high: number }): number {
  return Math.max(low, Math.min(high, Math.floor(value)));
}

function textOf(row: RowRecord, room: number): string {
  if (row.outcome === "ok") return cut(printable(row.text ?? ""), room);
  return cut(`[${row.outcome}] ${printable(row.text ?? row.reason ?? "")}`, room);
}

function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  // Half of a character that takes two units isn't left at the end.
  return text.slice(0, room - 1).replace(/[\ud800-\udbff]$/, "").trimEnd() + "…";
}
