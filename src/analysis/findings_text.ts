import { relative, sep } from "node:path";
import type { Findings } from "./findings.ts";

/** Digits of a number that isn't whole: more than any of them means. */
const DIGITS = 6;

/**
 * `analysis.json` as text: the same findings always give the same one. Numbers are rounded to six
 * digits, what isn't a number becomes null, and characters that could act on a terminal are written
 * as escapes.
 *
 * @param options `folder`: where the file is written; the paths of `made.files` count from there,
 * so that a folder may be moved. Absent: they stay as they are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { jsonText } from "./findings_text.ts";
 * assert.equal(jsonText({ share: 1 / 3, rows: 1234567, text: "\u009b1m" }).replaceAll(/\s/g, ""),
 *   '{"share":0.333333,"rows":1234567,"text":"\\u009b1m"}');
 * ```
 */
export function findingsText(findings: Findings, options: { folder?: string } = {}): string {
  const { folder } = options;
  if (folder === undefined) return jsonText(findings);
  const files = findings.made.files.map(({ path, bytes }) => ({
    path: relative(folder, path).split(sep).join("/"),
    bytes,
  }));
  return jsonText({ ...findings, made: { ...findings.made, files } });
}

/** A value as JSON for people and programs: see {@linkcode findingsText}. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "string") return part.toWellFormed();
    return typeof part === "number" && !Number.isInteger(part)
      ? Number(part.toPrecision(DIGITS))
      : part;
  }, 2);
  // Such characters stand in texts alone, where JSON takes the escape for the character.
  return text.replaceAll(ACTING, escaped) + "\n";
}

const ACTING = /[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gu;

function escaped(sign: string): string {
  // JSON.stringify has set line ends itself; those of texts are escapes already.
  if (sign === "\n") return sign;
  return Array.from({ length: sign.length }, (_, index) => {
    return "\\u" + sign.charCodeAt(index).toString(16).padStart(4, "0");
  }).join("");
}
