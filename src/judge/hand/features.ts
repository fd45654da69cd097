import { tokenize } from "../../text/tokens.ts";

/** What a text is made of, as numbers: features that it has, and how much of each. */
export interface FeatureRow {
  indices: Int32Array;
  /** Of length 1 together. */
  values: Float64Array;
}

/** Features that were learned from some texts. */
export interface Features {
  /** How many there are. */
  size: number;
  of(text: string): FeatureRow;
}

/** Runs of so many characters of a word, its borders counted as characters. */
const SHORTEST_RUN = 3;
const LONGEST_RUN = 5;

/**
 * Learns which words, pairs of words and runs of 3 to 5 characters texts have. Each counts by its
 * term frequency and inverse document frequency, (1 + ln n) (1 + ln((1 + N) / (1 + N_term))); words
 * and characters have the same weight in sum.
 *
 * @param texts At least one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { learnFeatures } from "./features.ts";
 * const features = learnFeatures(["Where is my card?", "My card is lost"]);
 * const { values } = features.of("Lost card");
 * assert(Math.abs(values.reduce((sum, value) => sum + value ** 2, 0) - 1) < 1e-12);
 * ```
 */
export function learnFeatures(texts: readonly string[]): Features {
  let size = 0;
  const blocks = BLOCKS.map(({ termsOf, least }) => {
    const found = new Map<string, number>();
    for (const text of texts) {
      for (const term of new Set(termsOf(text))) found.set(term, (found.get(term) ?? 0) + 1);
    }
    const known = new Map<string, Term>();
    for (const [term, rows] of found) {
      if (rows < Math.min(least, texts.length)) continue;
      known.set(term, { index: size++, weight: 1 + Math.log((1 + texts.length) / (1 + rows)) });
    }
    return { termsOf, known };
  });
  return {
    size,
    of(text) {
      const parts = blocks.map(({ termsOf, known }) => weighted(termsOf(text), known));
      const whole = Math.sqrt(parts.filter(({ length }) => length > 0).length);
      return {
        indices: Int32Array.from(parts.flatMap(({ indices }) => indices)),
        values: Float64Array.from(
          parts.flatMap(({ values, length }) => values.map((value) => value / length / whole)),
        ),
      };
    },
  };
}

/** Words, and characters: what is in a single text tells nothing of others but where it is a word. */
const BLOCKS = [
  { termsOf: wordTerms, least: 1 },
  { termsOf: characterTerms, least: 2 },
] as const;

/** A feature, and how much it tells. */
interface Term {
  index: number;
  weight: number;
}

function weighted(
  terms: readonly string[],
  known: ReadonlyMap<string, Term>,
): { indices: number[]; values: number[]; length: number } {
  const counts = new Map<Term, number>();
  for (const term of terms) {
    const found = known.get(term);
    if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  const values = Array.from(counts, ([{ weight }, count]) => (1 + Math.log(count)) * weight);
  return {
    indices: Array.from(counts.keys(), ({ index }) => index),
    values,
    length: Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0)),
  };
}

function wordTerms(text: string): string[] {
  const words = tokenize(text);
  return [...words, ...words.slice(1).map((word, i) => `${words[i]} ${word}`)];
}

function characterTerms(text: string): string[] {
  return tokenize(text).flatMap((word) => {
    const bordered = ` ${word} `;
    const runs: string[] = [];
    for (let length = SHORTEST_RUN; length <= LONGEST_RUN; length++) {
      for (let at = 0; at + length <= bordered.length; at++) {
        runs.push(bordered.slice(at, at + length));
      }
    }
    return runs;
  });
}
