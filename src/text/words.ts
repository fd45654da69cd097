import { segments, UNSPACED } from "./segments.ts";

/**
 * How many words a text has: runs of non-space, and, in runs with characters of a script that is
 * written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese), the word-like segments that
 * `Intl.Segmenter` finds. The same count serves the request, the target and the measurement.
 *
 * @returns A whole number, 0 for a text of spaces.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { countWords } from "./words.ts";
 * assert.ok(countWords("Can I use Apple Pay abroad?") === 6);
 * assert.ok(countWords("我想贷款。") === 2);
 * ```
 */
export function countWords(text: string): number {
  let words = 0;
  let inside = false;
  let maybeUnspaced = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (isSpace(unit)) {
      inside = false;
      continue;
    }
    if (!inside) words++;
    inside = true;
    // Thai comes first of these scripts. Curly quotes and dashes lie behind it too.
    if (unit >= 0x0e00) maybeUnspaced = true;
  }
  return maybeUnspaced && UNSPACED.test(text) ? countWithSegments(text) : words;
}

/** The code units that `\s` matches. */
function isSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 32 || (unit >= 9 && unit <= 13);
  return unit === 0xa0 || unit === 0x1680 || (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 || unit === 0x2029 || unit === 0x202f || unit === 0x205f ||
    unit === 0x3000 || unit === 0xfeff;
}

function countWithSegments(text: string): number {
  let words = 0;
  for (const [run] of text.matchAll(/\S+/gu)) {
    // What isn't a space is never no word at all.
    words += Math.max(1, UNSPACED.test(run) ? segments(run).length : 0);
  }
  return words;
}
