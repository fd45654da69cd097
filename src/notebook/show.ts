// deno-lint-ignore-file no-console -- Outside Jupyter this is where a notebook's cells print.
import { inspectValue } from "./inspect.ts";
import { type Bundle, bytesOf, display } from "./jupyter.ts";
import { markup, printableLines, shortened } from "./markup.ts";
import { isElement, pictureBundle } from "./picture.ts";
import { tableBundle, type TableRow } from "./table.ts";
import { count } from "../text/numbers.ts";
import { printable } from "../text/printable.ts";

/** How a value is shown. */
export interface ShowOptions {
  /** Rows of a table, 0 to 50. Default 20. */
  maxRows?: number;
  /** Stands above it. */
  title?: string;
  /** A string is Markdown. Only for text of your own: it isn't escaped. */
  markdown?: boolean;
  /** Where text goes outside Jupyter; default `console.log`. */
  write?: (text: string) => void;
}

/** More rows than anybody reads under a cell. */
const MOST_ROWS = 50;
/** An output of several megabytes can silence the kernel for good. */
const MOST_BYTES = 1_000_000;
/** A text is cut to this, in characters: escaped three times over it still fits. */
const LONGEST_TEXT = 50_000;

/**
 * Shows a value under the cell: objects as a table, a chart as a picture, a string as plain text,
 * anything else inspected. Wait for it (`await show(…)`), also at the end of a cell: the kernel may
 * lose a bare last value. Everything is escaped, so texts of models can be shown. Outside Jupyter it
 * prints text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { show } from "./show.ts";
 * const lines: string[] = [];
 * await show([{ row: 0, text: "Hi <b>" }], { write: (text) => lines.push(text) });
 * assert(lines[0] === "row  text\n  0  Hi <b>");
 * ```
 */
export async function show(value: unknown, options: ShowOptions = {}): Promise<void> {
  const bundle = bundleOf(value, options);
  if (await display(bundle)) return;
  (options.write ?? console.log)(bundle["text/plain"]);
}

/** What {@linkcode show} sends for a value: about a megabyte at most. */
export function bundleOf(
  value: unknown,
  options: Pick<ShowOptions, "maxRows" | "title" | "markdown"> = {},
): Bundle {
  const title = options.title === undefined ? {} : { title: options.title };
  if (isElement(value)) {
    const picture = pictureBundle(value, title);
    const bytes = bytesOf(picture);
    return bytes <= MOST_BYTES ? picture : textBundle(
      `${picture["text/plain"]}\nThe chart is not shown: ${
        (bytes / 1e6).toFixed(1)
      } MB is more than a cell can hold. Draw fewer marks.`,
      {},
    );
  }
  if (isTable(value)) return cutTable(value, options);
  if (typeof value !== "string") return textBundle(inspectValue(value), title);
  if (!options.markdown) return textBundle(value, title);
  const text = shortened(value, LONGEST_TEXT);
  return {
    "text/markdown": (options.title === undefined ? "" : `**${options.title}**\n\n`) + text,
    "text/plain": printableLines(text),
  };
}

function cutTable(
  rows: readonly TableRow[],
  options: Pick<ShowOptions, "maxRows" | "title">,
): Bundle {
  if (rows.length === 0) return textBundle("No rows.", options);
  const title = options.title === undefined ? {} : { title: options.title };
  let shown = Math.min(Math.max(0, Math.floor(options.maxRows ?? 20)), MOST_ROWS, rows.length);
  let table = tableBundle(rows, { shown, ...title });
  while (bytesOf(table) > MOST_BYTES && shown > 1) {
    shown = Math.floor(shown / 2);
    table = tableBundle(rows, { shown, ...title });
  }
  return table;
}

function textBundle(text: string, options: { title?: string }): Bundle {
  const lines = printableLines(shortened(text, LONGEST_TEXT));
  const note = text.length > LONGEST_TEXT
    ? `\n(the first ${count(LONGEST_TEXT)} of ${count(text.length)} characters)`
    : "";
  if (options.title === undefined) return { "text/plain": lines + note };
  return {
    "text/html": `<p><strong>${markup(options.title)}</strong></p><pre>${
      (lines + note).split("\n").map(markup).join("\n")
    }</pre>`,
    "text/plain": `${printable(options.title)}\n${lines}${note}`,
  };
}

function isTable(value: unknown): value is readonly TableRow[] {
  return Array.isArray(value) && value.every(isPlainObject);
}

function isPlainObject(value: unknown): value is TableRow {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
