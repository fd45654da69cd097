import type { TemplateTerm } from "../findings.ts";
import { referenceTo } from "../reading/corpus.ts";
import type { Corpus } from "../reading/rows.ts";

/** Rows that are named for each term. */
const EXAMPLES = 5;

/** A term that is looked for. */
interface Wanted {
  words: number[];
  term: TemplateTerm;
  /** Rows that have it up to now, and the last of them. */
  seen: number;
  last: number;
}

/**
 * Names a few rows for each term, spread over the run: its rows in the middle of equal parts.
 *
 * @param terms Terms of the corpus; their examples are filled in.
 */
export function addExamples(corpus: Corpus, terms: readonly TemplateTerm[]): void {
  const { size, starts, tokens, vocabulary } = corpus;
  const byFirst = new Map<number, Wanted[]>();
  const starters = new Uint8Array(vocabulary.length);
  const indices = new Map(vocabulary.map((word, index) => [word, index]));
  for (const term of terms) {
    const words = term.term.split(" ").map((word) => indices.get(word)!);
    const first = words[0]!;
    starters[first] = 1;
    const others = byFirst.get(first) ?? [];
    byFirst.set(first, [...others, { words, term, seen: 0, last: -1 }]);
  }
  for (let row = 0; row < size; row++) {
    const end = starts[row + 1]!;
    for (let i = starts[row]!; i < end; i++) {
      if (starters[tokens[i]!] === 0) continue;
      for (const wanted of byFirst.get(tokens[i]!)!) {
        const { words, term } = wanted;
        if (wanted.last === row || i + words.length > end) continue;
        if (!words.every((word, j) => tokens[i + j] === word)) continue;
        wanted.last = row;
        if (isExample(wanted.seen++, term.rows)) term.examples.push(referenceTo(corpus, row));
      }
    }
  }
}

/** Whether the row at this place among `rows` rows is the middle one of a part. */
function isExample(place: number, rows: number): boolean {
  const parts = Math.min(EXAMPLES, rows);
  const part = Math.floor(place * parts / rows);
  return place === Math.floor((part + 0.5) * rows / parts);
}
