import type { Corpus } from "../analysis/reading/rows.ts";

/**
 * The rows that have a term: its words one after another.
 *
 * @param options `at`: where in the row, default anywhere.
 * @returns By row: 1 where it has the term, else 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rowsWithTerm } from "./term_rows.ts";
 * import { corpusOf } from "../analysis/reading/corpus.ts";
 * const { corpus } = corpusOf([{ text: "How do I pay?" }, { text: "I do" }]);
 * assert.deepEqual([...rowsWithTerm(corpus, "do i")], [1, 0]);
 * ```
 */
export function rowsWithTerm(
  corpus: Corpus,
  term: string,
  options: { at?: "start" | "end" | "anywhere" } = {},
): Uint8Array {
  const { at = "anywhere" } = options;
  const has = new Uint8Array(corpus.size);
  const words = term.split(" ").map((word) => corpus.vocabulary.indexOf(word));
  if (words.includes(-1)) return has;
  const { tokens, starts } = corpus;
  const standsAt = (place: number) => words.every((word, i) => tokens[place + i] === word);
  for (let row = 0; row < corpus.size; row++) {
    const start = starts[row] ?? 0;
    const last = (starts[row + 1] ?? 0) - words.length;
    const from = at === "end" ? Math.max(start, last) : start;
    const to = at === "start" ? Math.min(start, last) : last;
    for (let place = from; place <= to; place++) {
      if (!standsAt(place)) continue;
      has[row] = 1;
      break;
    }
  }
  return has;
}
