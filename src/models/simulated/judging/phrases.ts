/** A text to look for phrases in: case, Unicode form and white space don't matter. */
export function plainText(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
}

/**
 * Characters of a text that phrases cover. Longer phrases come first, and what one covers isn't
 * counted again; a phrase never begins or ends inside a word.
 *
 * @param text Of {@linkcode plainText}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { covered, plainText } from "./phrases.ts";
 * const text = plainText("Where is my car loan? A car is no card.");
 * assert.equal(covered(text, ["my car loan", "car"]), "my car loan".length + "car".length);
 * ```
 */
export function covered(text: string, phrases: readonly string[]): number {
  let rest = text;
  let characters = 0;
  const longestFirst = phrases.map(bare).toSorted((a, b) => b.length - a.length);
  for (const phrase of longestFirst) {
    if (phrase === "") continue;
    for (let at = rest.indexOf(phrase); at >= 0; at = rest.indexOf(phrase, at + 1)) {
      const end = at + phrase.length;
      if (!isWhole(rest, { at, end })) continue;
      rest = rest.slice(0, at) + "\0".repeat(phrase.length) + rest.slice(end);
      characters += phrase.length;
    }
  }
  return characters;
}

/** A phrase without the marks that end a sentence. */
function bare(phrase: string): string {
  return plainText(phrase).replace(/[.,!?…]+$/, "");
}

const WORD = /[\p{L}\p{N}]/u;

function isWhole(text: string, { at, end }: { at: number; end: number }): boolean {
  const isWord = (i: number) => WORD.test(text.charAt(i));
  return !(isWord(at) && isWord(at - 1)) && !(isWord(end - 1) && isWord(end));
}
