import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import type { Corpus } from "../../../src/analysis/reading/rows.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";

/** The corpus of texts, in a language where one is given. */
export function corpusFrom(texts: readonly string[], language = "und"): Corpus {
  return corpusOf(texts.map((text) => ({ text })), { language }).corpus;
}

/** One of `values`. */
export function oneOf<T>(values: readonly T[], random: () => number): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError("There is none");
  return value;
}

/** Words of a vocabulary by Zipf's law: word i has a share in proportion to 1 / (i + 1). */
export function zipfWords(
  vocabulary: number,
  random: () => number,
): { draw: () => string; shares: Float64Array } {
  const weights = Float64Array.from({ length: vocabulary }, (_, i) => 1 / (i + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const sums = new Float64Array(vocabulary);
  let sum = 0;
  for (let i = 0; i < vocabulary; i++) sums[i] = sum += shares[i] ?? 0;
  const words = Array.from({ length: vocabulary }, (_, i) => wordNumber(i));
  return {
    shares,
    draw() {
      const u = random() * sum;
      let [low, high] = [0, vocabulary - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sums[middle] ?? 0) < u) low = middle + 1;
        else high = middle;
      }
      return words[low] ?? "";
    },
  };
}

/** A word of two to four syllables, another for each number, the letters of which tell little of it. */
function wordNumber(i: number): string {
  const random = openRandom("word", i);
  const syllables = 1 + Math.floor(random() * 3);
  const ending = Array.from(i.toString(12), (digit) => "bdfgklmnprst"[parseInt(digit, 12)] + "a");
  return Array.from({ length: syllables }, () =>
    oneOf([..."bdfgklmnprst"], random) +
    oneOf([..."aeiouy"], random)).join("") + ending.join("");
}
