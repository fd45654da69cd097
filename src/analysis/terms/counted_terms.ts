import type { Config } from "../../config/types.ts";
import { isFunctionWord } from "../../text/function_words.ts";
import type { Corpus } from "../reading/rows.ts";
import { openNames } from "./names.ts";
import { type NgramLevel, ngramLevels, postings } from "./ngrams.ts";
import { openSpreads, type Spread } from "./spread.ts";

/** Words of the longest terms. */
export const LONGEST_TERM = 4;

/** A word or phrase, and where it stands. */
export interface CountedTerm {
  /** Lower-cased words, joined by one space. */
  term: string;
  n: number;
  /** Rows that have it. */
  rows: number;
  /** By language that it stands in, but for those in which it is made of function words alone. */
  spreads: Spread[];
}

/** The terms of a corpus. */
export interface CountedTerms {
  /** Rows that a term stands in at least. */
  minRows: number;
  /** Phrases of 1 to 4 words that stand in so many rows, those that are no terms among them. */
  candidates: number;
  terms: CountedTerm[];
}

/**
 * Counts the words and phrases of up to 4 words, and how each is spread over what was asked for. They
 * must stand in 5 rows, or in one of 5,000 where that is more. Left out are what consists of function
 * words alone (of the language or of English, into which models fall), and parts of longer phrases:
 * a phrase that has at most 1.1 times as many rows as one that it is part of. Of a phrase of more
 * than 4 words the first 4 stand for it.
 *
 * It takes one pass for each length of phrases, and time and memory in proportion to the words.
 *
 * @param options `config`: has the wording of values that the model was shown; null where it isn't
 * known.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { countTerms } from "./counted_terms.ts";
 * const { corpus } = corpusOf(Array(5).fill({ text: "A car loan?" }), { language: "en" });
 * assert.deepEqual(countTerms(corpus, { config: null }).terms.map(({ term }) => term), ["a car loan"]);
 * ```
 */
export function countTerms(
  corpus: Corpus,
  options: { config: Pick<Config, "attributes"> | null },
): CountedTerms {
  const minRows = Math.max(LEAST_ROWS, Math.ceil(corpus.size / ROWS_PER_NEEDED));
  const measure = openSpreads(corpus, { minRows: LEAST_ROWS });
  const isFunction = functionTest(corpus);
  const named = openNames(corpus, { ...options, isFunction });
  let candidates = 0;
  let shorter: Phrase[] = [];
  const terms: CountedTerm[] = [];
  // One level more than terms have: it tells which of the longest belong to longer phrases.
  for (const level of ngramLevels(corpus, { minRows, longest: LONGEST_TERM + 1 })) {
    leaveOutParts(level, shorter);
    for (const { counted } of shorter) if (counted !== null) terms.push(counted);
    if (level.n > LONGEST_TERM) {
      shorter = [];
      break;
    }
    candidates += level.size;
    const phrases = phrasesOf(level, shorter);
    const wanted = Uint8Array.from(
      phrases,
      ({ words }) => corpus.languages.every((language) => isFunction(words, language)) ? 0 : 1,
    );
    const { from, rows } = postings(corpus, level, { wanted });
    for (const [i, phrase] of phrases.entries()) {
      if (wanted[i] === 0) continue;
      const spreads = measure(rows.subarray(from[i], from[i + 1]), {
        leftOut: (language) => isFunction(phrase.words, corpus.languages[language]!),
        named: (language) => named(phrase.words, corpus.languages[language]!),
      });
      if (spreads.length === 0) continue;
      const term = Array.from(phrase.words, (word) => corpus.vocabulary[word]!).join(" ");
      phrase.counted = { term, n: level.n, rows: level.rows[i]!, spreads };
    }
    shorter = phrases;
  }
  for (const { counted } of shorter) if (counted !== null) terms.push(counted);
  return { minRows, candidates, terms };
}

const LEAST_ROWS = 5;
const ROWS_PER_NEEDED = 5_000;
/** A part of a phrase says no more than the phrase where it has at most this many times its rows. */
const SAME = 1.1;

/** A phrase of the level at hand. */
interface Phrase {
  rows: number;
  words: Uint32Array;
  /** Null where it is no term. */
  counted: CountedTerm | null;
}

function phrasesOf({ n, size, rows, left, right }: NgramLevel, shorter: Phrase[]): Phrase[] {
  return Array.from({ length: size }, (_, i) => {
    const words = new Uint32Array(n);
    if (n === 1) words[0] = left[i]!;
    else {
      words.set(shorter[left[i]!]!.words);
      words[n - 1] = shorter[right[i]!]!.words.at(-1)!;
    }
    return { rows: rows[i]!, words, counted: null };
  });
}

/** Takes out those of the shorter phrases that a phrase of the level says as well. */
function leaveOutParts({ n, size, rows, left, right }: NgramLevel, shorter: Phrase[]): void {
  if (n === 1) return;
  for (let i = 0; i < size; i++) {
    const first = shorter[left[i]!]!;
    const second = shorter[right[i]!]!;
    const most = SAME * rows[i]!;
    if (n <= LONGEST_TERM) {
      if (first.rows <= most) first.counted = null;
      if (second.rows <= most) second.counted = null;
    } else if (first.rows <= most && second.rows <= most && left[i]! < right[i]!) {
      // Both are cut out of the same longer phrase: the first to be seen stands for it.
      second.counted = null;
    }
  }
}

/** Whether words, by their indices, all are function words where a language is asked for. */
function functionTest(corpus: Corpus): (words: Uint32Array, language: string) => boolean {
  const known = new Map(corpus.languages.map((language) => [language, new Map<number, boolean>()]));
  return (words, language) => {
    const ofLanguage = known.get(language)!;
    return words.every((word) => {
      let is = ofLanguage.get(word);
      if (is === undefined) {
        const text = corpus.vocabulary[word]!;
        is = isFunctionWord(text, { language }) ||
          (language !== "und" && isFunctionWord(text, { language: "en" }));
        ofLanguage.set(word, is);
      }
      return is;
    });
  };
}
