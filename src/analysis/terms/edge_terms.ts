import { wilson } from "../../stats/intervals.ts";
import type { EdgeTerm } from "../findings.ts";
import type { Corpus } from "../reading/rows.ts";
import { LONGEST_TERM } from "./counted_terms.ts";
import { openPairs } from "./pairs.ts";
import { openSpreads, type Spread } from "./spread.ts";

/** Terms listed of each length. */
const MOST_OF_A_LENGTH = 50;
/** Rows that begin or end alike at least. */
const LEAST_ROWS = 2;

/**
 * The words that rows begin with or end with: for 1 to 4 words the 50 that most rows share, at least
 * two rows each, all lengths together by share. Nothing is left out for being a function word, nor for
 * being part of a longer one; punctuation is no word. A term is even where no attribute explains which
 * rows have it (`openSpreads`), by the language with the most of them.
 *
 * @returns Shares of all rows, with their Wilson interval at 95 %.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { edgeTerms } from "./edge_terms.ts";
 * const { corpus } = corpusOf([{ text: "Can I pay?" }, { text: "Can you?" }, { text: "Hi" }]);
 * const [first] = edgeTerms(corpus, { edge: "openings" });
 * assert(first?.term === "can" && first.rows === 2);
 * ```
 */
export function edgeTerms(
  corpus: Corpus,
  options: { edge: "openings" | "endings" },
): EdgeTerm[] {
  const { size, starts, tokens, vocabulary } = corpus;
  const atEnd = options.edge === "endings";
  const measure = openSpreads(corpus, { minRows: Infinity });
  const terms: EdgeTerm[] = [];
  // By row: the number of its edge of n - 1 words, -1 where it is too short or no other row has it.
  const edges = new Int32Array(size);
  let wordsOf = (_: number): string[] => [];
  for (let n = 1; n <= LONGEST_TERM; n++) {
    // Each edge is the edge that is a word shorter, and the next word.
    const longer = openPairs();
    for (let row = 0; row < size; row++) {
      if (edges[row]! < 0) continue;
      const start = starts[row]!;
      const end = starts[row + 1]!;
      const word = tokens[atEnd ? end - n : start + n - 1]!;
      edges[row] = end - start < n ? -1 : longer.number(edges[row]!, word);
    }
    const rows = new Uint32Array(longer.size);
    for (const edge of edges) if (edge >= 0) rows[edge]! += 1;
    for (let row = 0; row < size; row++) {
      if (edges[row]! >= 0 && rows[edges[row]!]! < LEAST_ROWS) edges[row] = -1;
    }
    const shorter = wordsOf;
    wordsOf = (edge) => {
      const word = vocabulary[longer.right(edge)]!;
      const rest = shorter(longer.left(edge));
      return atEnd ? [word, ...rest] : [...rest, word];
    };
    const listed = mostOften(rows);
    const having = rowsOf(edges, listed);
    for (const edge of listed) {
      const count = rows[edge]!;
      const term = wordsOf(edge).join(" ");
      const even = isEven(measure(having.get(edge) ?? new Uint32Array(), { leftOut: () => false }));
      terms.push({ term, n, rows: count, share: count / size, ...wilson(count, size), even });
    }
  }
  return terms.sort((a, b) => b.rows - a.rows || b.n - a.n);
}

/** The edges that most rows have, the first seen first among equals. */
function mostOften(rows: Uint32Array): number[] {
  const shared: number[] = [];
  for (const [edge, count] of rows.entries()) if (count >= LEAST_ROWS) shared.push(edge);
  return shared.sort((a, b) => rows[b]! - rows[a]! || a - b).slice(0, MOST_OF_A_LENGTH);
}

/** The rows that have each of the edges. */
function rowsOf(edges: Int32Array, listed: readonly number[]): Map<number, Uint32Array> {
  const rows = new Map(listed.map((edge) => [edge, new Array<number>()]));
  for (const [row, edge] of edges.entries()) rows.get(edge)?.push(row);
  return new Map([...rows].map(([edge, own]) => [edge, Uint32Array.from(own)]));
}

function isEven(spreads: readonly Spread[]): boolean {
  const [first] = spreads.toSorted((a, b) => b.rows - a.rows);
  return first?.even ?? true;
}
