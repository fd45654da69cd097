import type { Corpus } from "../reading/rows.ts";
import { rowSampler, sampleWords, type Span } from "./sample.ts";

/** Samples that a share is the mean of, where not said otherwise. */
const SAMPLES = 20;

/**
 * Distinct-n at a common size: different n-grams ÷ n-grams, the mean over samples of `per` words
 * each. The share in all words falls as a run grows, since words come back; at one size runs can be
 * compared. n-grams never reach from one row into the next.
 *
 * @param options `from`, `to`: the rows; all if not given. `samples`: how many, 20 if not given.
 * `random` gives numbers in [0, 1).
 * @returns The shares for n = 1, 2, 3; null where there are fewer words than `per`, or no such n-gram.
 */
export function rarefiedDistinct(
  { size, tokens, starts, vocabulary }: Corpus,
  options: { per: number; random: () => number; from?: number; to?: number; samples?: number },
): [number | null, number | null, number | null] {
  const { per, random, from = 0, to = size, samples = SAMPLES } = options;
  if (starts[to]! - starts[from]! < per) return [null, null, null];
  const sample = rowSampler(from, to, random);
  const sums: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < samples; i++) {
    const shares = distinct(sampleWords(sample, starts, per), tokens, vocabulary.length);
    sums[0] += shares[0];
    sums[1] += shares[1];
    sums[2] += shares[2];
  }
  const mean = (sum: number) => Number.isNaN(sum) ? null : sum / samples;
  return [mean(sums[0]), mean(sums[1]), mean(sums[2])];
}

/** Different n-grams ÷ n-grams for n = 1, 2, 3; NaN where there are none. */
function distinct(spans: Span[], tokens: Uint32Array, words: number): [number, number, number] {
  const ones = new Set<number>();
  const twos = new Map<number, number>();
  const threes = new Set<number>();
  const totals: [number, number, number] = [0, 0, 0];
  for (const { from, to } of spans) {
    let two = -1;
    for (let i = from; i < to; i++) {
      const word = tokens[i]!;
      ones.add(word);
      totals[0]++;
      if (i === from) continue;
      // Both keys stay far below 2^53: a sample has few pairs, and no language that many words.
      if (two >= 0) {
        threes.add(two * words + word);
        totals[2]++;
      }
      const pair = tokens[i - 1]! * words + word;
      two = twos.get(pair) ?? twos.size;
      twos.set(pair, two);
      totals[1]++;
    }
  }
  return [ones.size / totals[0], twos.size / totals[1], threes.size / totals[2]];
}
