/** A character of a script that is written without spaces between words. */
export const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

let segmenter: Intl.Segmenter | undefined;

/**
 * The word-like segments of a text, punctuation and spaces left out: the words of scripts that are
 * written without spaces, by the dictionaries of `Intl.Segmenter`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { segments } from "./segments.ts";
 * assert.deepEqual(segments("我想贷款。"), ["我想", "贷款"]);
 * ```
 */
export function segments(text: string): string[] {
  // Segments don't depend on the locale here, but a fixed one makes that certain.
  segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
  const found: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (isWordLike) found.push(segment);
  }
  return found;
}
