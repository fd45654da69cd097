import { chaoShen } from "../../stats/entropy.ts";
import type { DiversityFindings } from "../findings.ts";
import type { Corpus } from "../reading/rows.ts";
import { rowSampler, sampleWords } from "./sample.ts";

/** Most words and rows that entropies are estimated on. */
const MOST = { words: 100_000, rows: 20_000 };
/** Words that make an opening. */
const OPENING = 3;

/**
 * How evenly words and openings (the first three words of a row, or all of a shorter one) are used:
 * entropy in bits by Chao and Shen's estimate, which reckons with what wasn't seen, on a random
 * sample of at most 100,000 words and another of at most 20,000 rows. Even so it grows with the
 * sample, hence `atWords` and `atRows`.
 *
 * `wordsMost` and `openingsMost` are log2 of the number of different words and openings in the
 * sample: the entropy if all were used equally often. An estimate may lie above it where much
 * wasn't seen. All is null that isn't defined: entropy where no word, or no opening, comes twice.
 */
export function entropyFindings(
  corpus: Corpus,
  { random }: { random: () => number },
): DiversityFindings["entropy"] {
  const { size, starts, tokens, vocabulary } = corpus;
  const sample = rowSampler(0, size, random);

  const words = new Float64Array(vocabulary.length);
  let atWords = 0;
  for (const { from, to } of sampleWords(sample, starts, MOST.words)) {
    for (let i = from; i < to; i++) words[tokens[i]!]! += 1;
    atWords += to - from;
  }

  const openings = new Map<string, number>();
  let atRows = 0;
  sample((row) => {
    const from = starts[row]!;
    const to = Math.min(starts[row + 1]!, from + OPENING);
    if (to > from) {
      const opening = tokens.subarray(from, to).join(" ");
      openings.set(opening, (openings.get(opening) ?? 0) + 1);
      atRows++;
    }
    return atRows < MOST.rows;
  });

  const wordCounts = words.filter((count) => count > 0);
  const openingCounts = Float64Array.from(openings.values());
  return {
    words: bits(chaoShen(wordCounts)),
    unit: "bits",
    openings: bits(chaoShen(openingCounts)),
    wordsMost: most(wordCounts),
    openingsMost: most(openingCounts),
    atWords,
    atRows,
  };
}

function bits(nats: number | null): number | null {
  return nats === null ? null : nats / Math.LN2;
}

function most(counts: Float64Array): number | null {
  return counts.length === 0 ? null : Math.log2(counts.length);
}
