import { printable } from "../text/printable.ts";

/**
 * A text as HTML or XML shows it, in elements and in quoted attributes. Nothing in it is markup, and
 * characters that hide or turn the direction of writing are made visible.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { markup } from "./markup.ts";
 * assert(markup("<b> & 'c'") === "&lt;b&gt; &amp; &#39;c&#39;");
 * ```
 */
export function markup(text: string): string {
  return printable(text).replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text of several lines that can be shown safely: as {@linkcode printable}, line by line. */
export function printableLines(text: string): string {
  return text.split(/\r\n?|\n/).map(printable).join("\n");
}

/** The start of a text, with a mark where it was cut. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // A pair of surrogates isn't cut in two.
  return text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "").trimEnd() + "…";
}
