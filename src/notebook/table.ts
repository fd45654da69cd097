import { inspectValue } from "./inspect.ts";
import type { Bundle } from "./jupyter.ts";
import {
  isMarkedText,
  markedHtml,
  markedPlain,
  type MarkedText,
  shortenedMarks,
} from "./marked_text.ts";
import { markup, shortened } from "./markup.ts";
import { count, counted } from "../text/numbers.ts";
import { printable } from "../text/printable.ts";

/** Columns beyond these are left out, with a note. */
const MOST_COLUMNS = 40;
/** Longer cells are cut, in characters. */
const LONGEST_CELL = 600;
/** Longer cells make a table take the whole width. */
const LONG_CELL = 40;
const LONGEST_TEXT_CELL = 60;

/** An object as a line of a table: keys are columns. */
export type TableRow = Readonly<Record<string, unknown>>;

/**
 * Objects as a table, in HTML and as text. Everything is escaped. Columns are the keys in the order
 * in which they first occur.
 *
 * @param options `shown`: rows that are shown, at least 0; a note says how many there are.
 */
export function tableBundle(
  rows: readonly TableRow[],
  options: { shown: number; title?: string },
): Bundle & { "text/html": string } {
  const head = rows.slice(0, options.shown);
  const keys = Array.from(new Set(head.flatMap((row) => Object.keys(row))));
  const columns = keys.slice(0, MOST_COLUMNS).map((key) => columnOf(key, head));
  const notes = [
    ...(head.length < rows.length
      ? [`${count(head.length)} of ${counted(rows.length, "row")}`]
      : []),
    ...(columns.length < keys.length ? [`${columns.length} of ${keys.length} columns`] : []),
  ];
  return {
    "text/html": tableHtml(columns, { ...options, rows: head.length, notes }),
    "text/plain": tableText(columns, { ...options, rows: head.length, notes }),
  };
}

interface Column {
  name: string;
  /** Texts of the cells, from the first row on. */
  cells: (string | MarkedText)[];
  /** Numbers stand to the right. */
  numeric: boolean;
}

interface Layout {
  rows: number;
  notes: string[];
  title?: string;
}

function columnOf(name: string, rows: readonly TableRow[]): Column {
  const values = rows.map((row) => row[name]).filter((value) =>
    value !== null && value !== undefined
  );
  return {
    name,
    cells: rows.map((row) => cellText(row[name])),
    numeric: values.length > 0 && values.every((value) => typeof value === "number"),
  };
}

function cellText(value: unknown): string | MarkedText {
  if (isMarkedText(value)) return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value);
  return inspectValue(value, { compact: true });
}

/** Six digits say enough in a table; whole numbers keep theirs. */
function numberText(value: number): string {
  return Number.isInteger(value) || !Number.isFinite(value)
    ? String(value)
    : String(Number(value.toPrecision(6)));
}

// Alignment is said by both style and attribute: pages that aren't trusted keep one or the other.
function tableHtml(columns: Column[], layout: Layout): string {
  const side = (column: Column) => column.numeric ? "right" : "left";
  const cell = (tag: string, column: Column, text: string | MarkedText) =>
    `<${tag} align="${side(column)}" style="text-align:${side(column)}${
      isLong(column) ? ";min-width:14em;overflow-wrap:anywhere" : ""
    }">` +
    `${cellHtml(text)}</${tag}>`;
  const lines = Array.from(
    { length: layout.rows },
    (_, row) =>
      `<tr>${columns.map((column) => cell("td", column, column.cells[row] ?? "")).join("")}</tr>`,
  );
  // A table with long texts takes the page's width and no more: they are broken, not pushed aside.
  const wide = columns.some(isLong);
  return (layout.title === undefined ? "" : `<p><strong>${markup(layout.title)}</strong></p>`) +
    `<table${wide ? ' style="width:100%;table-layout:auto"' : ""}><thead><tr>${
      columns.map((column) => cell("th", column, column.name)).join("")
    }` +
    `</tr></thead><tbody>${lines.join("")}</tbody></table>` +
    layout.notes.map((note) => `<p><em>${note}</em></p>`).join("");
}

function cellHtml(text: string | MarkedText): string {
  return isMarkedText(text)
    ? markedHtml(shortenedMarks(text, LONGEST_CELL))
    : markup(shortened(text, LONGEST_CELL));
}

function isLong({ cells }: Column): boolean {
  return cells.some((cell) => (isMarkedText(cell) ? cell.text : cell).length > LONG_CELL);
}

function tableText(columns: Column[], layout: Layout): string {
  const shown = columns.map((column) => ({
    ...column,
    lines: [column.name, ...column.cells].map((cell) => {
      // Cut first: what hides becomes longer when it is shown, and a text may be megabytes long.
      const text = isMarkedText(cell)
        ? markedPlain(shortenedMarks(cell, LONGEST_TEXT_CELL))
        : shortened(cell, LONGEST_TEXT_CELL);
      return shortened(printable(text), LONGEST_TEXT_CELL);
    }),
  }));
  const widths = shown.map(({ lines }) => Math.max(...lines.map((text) => text.length)));
  const lines = Array.from(
    { length: layout.rows + 1 },
    (_, row) =>
      shown.map(({ lines, numeric }, i) => {
        const text = lines[row] ?? "";
        return numeric ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0);
      }).join("  ").trimEnd(),
  );
  return [
    ...(layout.title === undefined ? [] : [printable(layout.title)]),
    ...lines,
    ...layout.notes,
  ].join("\n");
}
