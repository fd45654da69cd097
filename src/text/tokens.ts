import { RegexpTokenizer } from "natural/lib/natural/tokenizers/index.js";
import { segments, UNSPACED } from "./segments.ts";

/**
 * Letters, marks and digits of every script, with what joins them inside a word: apostrophes,
 * hyphens, the dots and quotes of Catalan and Hebrew, and the joiners of Persian and Indic scripts.
 * A word starts with a letter or digit, so that what follows an emoji isn't one.
 */
const WORD =
  /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['\-·\u05f3\u05f4\u200c\u200d][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;

// Its other tokenizers know the letters of single languages only.
const words = new RegexpTokenizer({ pattern: WORD, gaps: false });

/** Languages whose lower case differs from everybody's: Turkish I is ı. */
const OWN_CASE = new Set(["az", "lt", "tr"]);

/**
 * The words of a text in order: lower-cased, NFC, with apostrophes and hyphens inside (curly ones as
 * ' and -). Where a script is written without spaces, they are the segments of `Intl.Segmenter`.
 * Punctuation, symbols, emoji and lone surrogates are no words.
 *
 * These are the words that are compared; how long a text is, `countWords` says.
 *
 * @param options `language`: base code of the text's language, which lower case depends on in Turkish,
 * Azerbaijani and Lithuanian; default: none of these.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tokenize } from "./tokens.ts";
 * assert.deepEqual(tokenize("Don’t I get 2 e-invoices?"), ["don't", "i", "get", "2", "e-invoices"]);
 * assert.deepEqual(tokenize("IRAK", { language: "tr" }), ["ırak"]);
 * ```
 */
export function tokenize(text: string, options: { language?: string } = {}): string[] {
  const found: string[] | null = words.tokenize(normal(text, options.language ?? ""));
  // The tokenizer's type leaves out what it gives where there is no word.
  if (found === null) return [];
  if (!BEYOND_ASCII.test(text) || !UNSPACED.test(text)) return found;
  // A joiner joins nothing at the end of a segment.
  return found.flatMap((word) =>
    UNSPACED.test(word)
      ? segments(word).map((segment) => segment.replace(JOINERS_AT_END, ""))
      : [word]
  );
}

const JOINERS_AT_END = /['\-·\u05f3\u05f4\u200c\u200d]+$/;

const BEYOND_ASCII = /[\u0080-\uffff]/;
const SOFT_HYPHENS = /\u00ad/g;
const APOSTROPHES = /[\u2018\u2019\u02bc\uff07\u00b4]/g;
const HYPHENS = /[\u2010\u2011]/g;

function normal(text: string, language: string): string {
  if (!BEYOND_ASCII.test(text)) {
    return OWN_CASE.has(language) ? text.toLocaleLowerCase(language) : text.toLowerCase();
  }
  const lower = OWN_CASE.has(language)
    ? text.normalize("NFC").toLocaleLowerCase(language)
    : text.toLowerCase();
  return lower.normalize("NFC").replace(SOFT_HYPHENS, "").replace(APOSTROPHES, "'")
    .replace(HYPHENS, "-");
}
