import { tokenize } from "./tokens.ts";

/** A word of a text, and where it stands there. */
export interface PlacedToken {
  /** As `tokenize` gives it. */
  word: string;
  /** Index of its first code unit, and of the one after its last, in the text as it is. */
  start: number;
  end: number;
}

/**
 * The words of a text with their places in it: those of `tokenize`, each at the shortest stretch that
 * gives it. Case, accents and apostrophes may be written otherwise there.
 *
 * For texts that are shown: it takes about a hundred times as long as `tokenize`.
 *
 * @param options As for `tokenize`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tokenPositions } from "./token_positions.ts";
 * assert.deepEqual(tokenPositions("“Don’t!”"), [{ word: "don't", start: 1, end: 6 }]);
 * ```
 */
export function tokenPositions(
  text: string,
  options: { language?: string } = {},
): PlacedToken[] {
  const gives = (start: number, end: number, word: string) => {
    const found = tokenize(text.slice(start, end), options);
    return found.length === 1 && found[0] === word;
  };
  const placed: PlacedToken[] = [];
  let from = 0;
  for (const word of tokenize(text, options)) {
    const place = stretchOf(word, { from, length: text.length, gives });
    if (place === null) continue;
    placed.push({ word, ...place });
    from = place.end;
  }
  return placed;
}

/** A word may be written with so many code units for each of its own, such as decomposed accents. */
const UNITS = 4;

function stretchOf(
  word: string,
  { from, length, gives }: {
    from: number;
    length: number;
    gives: (start: number, end: number, word: string) => boolean;
  },
): { start: number; end: number } | null {
  for (let start = from; start < length; start++) {
    const longest = Math.min(length, start + word.length * UNITS);
    for (let end = start + 1; end <= longest; end++) {
      if (!gives(start, end, word)) continue;
      // What stands before the word, such as a bracket, gives nothing.
      while (start + 1 < end && gives(start + 1, end, word)) start++;
      return { start, end };
    }
  }
  return null;
}
