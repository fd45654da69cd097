import { isFunctionWord } from "../../text/function_words.ts";
import type { TemplateTerm } from "../findings.ts";

/**
 * Score from which on a phrase stands everywhere, and a single word, of which a matter has more of its
 * own: below it, it is no more than common.
 */
const EVERYWHERE = { phrase: 0.05, word: 0.1 };
/** Of fewer rows that have it nothing is said of breadth: chance, or a value or two, explain them. */
const LEAST_ROWS = 10;
/** A longer phrase is told instead of its part where it has at least this share of the part's rows. */
const MOST_OF_IT = 2 / 3;

/**
 * The terms to name where there is room for a few: phrases in 5 % and single words in 10 % of rows for
 * sure (by their score), whatever was asked, and in 10 rows at least. A word with a function word beside
 * it ("to pay") says no more than the word. Phrases come before words, and of phrases that hold each
 * other one only: the longer where most of the shorter one's rows have it.
 *
 * @param template All template terms, by score.
 * @param options `most`: how many are named at most.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { countTerms } from "./counted_terms.ts";
 * import { remarkableTerms } from "./remarkable_terms.ts";
 * import { templateTerms } from "./template_terms.ts";
 * const texts = Array.from({ length: 90 }, (_, i) => i % 9 < 7 ? "I need help" : "We need time");
 * const { corpus } = corpusOf(texts.map((text) => ({ text })), { language: "en" });
 * const terms = templateTerms(corpus, countTerms(corpus, { config: null }));
 * const named = remarkableTerms(terms, { most: 3 }).map(({ term }) => term);
 * assert.deepEqual(named, ["i need help", "we need time"]);
 * ```
 */
export function remarkableTerms(
  template: readonly TemplateTerm[],
  options: { most: number },
): TemplateTerm[] {
  const everywhere = template.filter(isEverywhere);
  const named: TemplateTerm[] = [];
  const inOrder = [
    ...everywhere.filter((term) => !saysOneWord(term)),
    ...everywhere.filter(saysOneWord),
  ];
  for (const term of inOrder) {
    const told = longest(term, everywhere);
    const overlaps = named.some((other) => holds(told, other) || holds(other, told));
    if (!overlaps) named.push(told);
    if (named.length === options.most) break;
  }
  return named;
}

function isEverywhere(term: TemplateTerm): boolean {
  const least = saysOneWord(term) ? EVERYWHERE.word : EVERYWHERE.phrase;
  return term.rows >= LEAST_ROWS && term.score >= least;
}

/** Whether a term is a single word, or one with a function word beside it. */
export function saysOneWord({ term, n, language }: TemplateTerm): boolean {
  if (n > 2) return false;
  return n === 1 || term.split(" ").some((word) => isFunctionWord(word, { language }));
}

/** The longest term that most rows of this one have. */
function longest(term: TemplateTerm, everywhere: readonly TemplateTerm[]): TemplateTerm {
  const longer = everywhere.filter((other) =>
    other.n > term.n && other.language === term.language && holds(other, term) &&
    other.rows >= MOST_OF_IT * term.rows
  );
  return longer.reduce((most, other) => other.n > most.n ? other : most, term);
}

/** Whether a term has all words of another one after another. */
function holds(term: TemplateTerm, part: TemplateTerm): boolean {
  return ` ${term.term} `.includes(` ${part.term} `);
}
