/** What a reading is held against. */
export interface Target {
  /** As it is shown, such as `≤ 1.3 ×`. */
  text: string;
  met: boolean;
}

/** A line of a table. */
export interface Line {
  cells: string[];
  target?: Target;
}

/** What a part of the measurements found. */
export interface Table {
  title: string;
  columns: string[];
  lines: Line[];
  /** Said below the table. */
  notes: string[];
}

/**
 * A table as text: the first column and the last two flush left, the others flush right.
 *
 * @example
 * ```ts
 * import { tableText } from "./table.ts";
 * const target = { text: "< 1 s", met: true };
 * const lines = [{ cells: ["--help", "0.1 s"], target }];
 * console.assert(tableText({ title: "Start", columns: ["", ""], lines, notes: [] }).includes("met"));
 * ```
 */
export function tableText({ title, columns, lines, notes }: Table): string {
  const rows = [
    [...columns, "target", ""],
    ...lines.map(({ cells, target }) => [
      ...columns.map((_, i) => cells[i] ?? ""),
      target?.text ?? "",
      target === undefined ? "" : target.met ? "met" : "not met",
    ]),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const text = rows.map((row) =>
    row.map((cell, i) => {
      const width = widths[i] ?? 0;
      return i === 0 || i >= columns.length ? cell.padEnd(width) : cell.padStart(width);
    }).join("  ").trimEnd()
  );
  return [title, ...text.map((line) => `  ${line}`), ...notes.map((note) => `  ${note}`), ""]
    .join("\n");
}
