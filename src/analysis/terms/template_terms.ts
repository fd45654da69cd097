import { betaQuantile } from "../../stats/beta.ts";
import type { TemplateTerm } from "../findings.ts";
import type { Corpus } from "../reading/rows.ts";
import type { CountedTerm, CountedTerms } from "./counted_terms.ts";
import { addExamples } from "./examples.ts";
import type { Spread } from "./spread.ts";

/** Terms that are listed at most. */
const MOST_TERMS = 200;

/**
 * The words and phrases that stand in rows whatever was asked for, by score, the highest first; at
 * most 200. A term that some attribute's values explain is none of them, so that a topic's own words
 * are never blamed (how that is told: `openSpreads`).
 *
 * Within a language, with d of its N rows having the term, its score is the smaller of two shares:
 * the lower bound of d/N (Clopper–Pearson, 95 % two-sided, Bonferroni over all m phrases that
 * stand in enough rows: betaQuantile(.025/m; d, N - d + 1)), and its breadth, the share among the
 * values that have it least: for each attribute the lower quartile over its values. The term's score
 * is the highest of its languages. In runs of one language `low` is that bound; in others it is the
 * bound of the share of all rows.
 *
 * @param counted What `countTerms` found in the same corpus.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { countTerms } from "./counted_terms.ts";
 * import { templateTerms } from "./template_terms.ts";
 * const rows = ["a loan", "a card", "pay", "my bank", "help"].map((topic) => ({
 *   text: `I was wondering about ${topic}`,
 *   attributes: { topic },
 * }));
 * const { corpus } = corpusOf(rows, { language: "en" });
 * const [first] = templateTerms(corpus, countTerms(corpus, { config: null }));
 * assert(first?.term === "i was wondering about" && first.share === 1);
 * ```
 */
export function templateTerms(corpus: Corpus, counted: CountedTerms): TemplateTerm[] {
  const bound = (rows: number, of: number) =>
    betaQuantile(0.025 / counted.candidates, rows, of - rows + 1);
  const candidates = counted.terms.flatMap((term) => {
    const spreads = term.spreads.filter(({ even }) => even);
    const most = Math.max(...spreads.map(mostScore));
    return spreads.length === 0 ? [] : [{ term, spreads, most }];
  }).sort((a, b) => b.most - a.most);

  const best: { term: CountedTerm; spread: Spread; score: number }[] = [];
  for (const { term, spreads, most } of candidates) {
    // The bounds cost more than all the rest: what can't come in any more isn't scored.
    if (best.length === MOST_TERMS && most <= best.at(-1)!.score) break;
    const [first] = spreads.map((spread) => ({
      term,
      spread,
      score: Math.min(bound(spread.rows, spread.of), spread.breadth),
    })).sort((a, b) => b.score - a.score);
    const place = best.findIndex((other) => before(first!, other));
    best.splice(place < 0 ? best.length : place, 0, first!);
    best.length = Math.min(best.length, MOST_TERMS);
  }
  const terms = best.map(({ term: { term, n, rows }, spread, score }): TemplateTerm => ({
    term,
    n,
    rows,
    share: rows / corpus.size,
    low: bound(rows, corpus.size),
    score,
    language: corpus.languages[spread.language]!,
    languageShare: spread.rows / spread.of,
    examples: [],
  }));
  addExamples(corpus, terms);
  return terms;
}

function mostScore({ rows, of, breadth }: Spread): number {
  return Math.min(rows / of, breadth);
}

/** By score; the longer phrase first where it is the same, then by the alphabet. */
function before(
  one: { term: CountedTerm; score: number },
  other: { term: CountedTerm; score: number },
): boolean {
  if (one.score !== other.score) return one.score > other.score;
  if (one.term.n !== other.term.n) return one.term.n > other.term.n;
  return one.term.term < other.term.term;
}
