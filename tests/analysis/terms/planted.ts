import { corpusOf, type LooseRow } from "../../../src/analysis/reading/corpus.ts";
import type { Corpus } from "../../../src/analysis/reading/rows.ts";
import { uniform } from "../../../src/stats/random.ts";

/** Words that a topic's or a tone's rows have, four each. */
export const TOPICS: Record<string, string[]> = {
  "Car loan": ["vehicle", "dealer", "instalment", "mileage"],
  Mortgage: ["house", "deposit", "amortization", "valuation"],
  "Debit card": ["card", "terminal", "contactless", "chip"],
  Overdraft: ["overdraft", "shortfall", "buffer", "negative"],
  Savings: ["savings", "nest", "monthly", "goal"],
  Fraud: ["scam", "stolen", "suspicious", "police"],
  Transfer: ["transfer", "abroad", "iban", "currency"],
  Pension: ["pension", "retire", "fund", "age"],
};
export const TONES: Record<string, string[]> = {
  "": [],
  Angry: ["ridiculous", "unacceptable", "furious", "nonsense"],
  Worried: ["worried", "anxious", "nervous", "scared"],
  Cheerful: ["lovely", "great", "happy", "wonderful"],
};

/** Phrases that are put into every k-th row whatever is asked, and the words that they open with. */
export const PLANTED: [string, number][] = [
  ["could you please", 3],
  ["quick question here", 7],
  ["many thanks in advance", 11],
  ["kindly advise", 13],
];

const FILLERS = Array.from({ length: 400 }, (_, i) => `f${i.toString(36)}x`);

function pick<T>(list: readonly T[], ...key: (string | number)[]): T {
  return list[Math.floor(uniform("planted", ...key) * list.length)]!;
}

/**
 * Rows of one language with planted phrases at exact shares: of 8 topics, 4 tones, with words of
 * their topic (2 of 4 each) and of their tone (1), and fillers.
 */
export function plantedRows(count: number, seed = 1): LooseRow[] {
  const topics = Object.keys(TOPICS);
  const tones = Object.keys(TONES);
  return Array.from({ length: count }, (_, row): LooseRow => {
    const topic = pick(topics, seed, row, "topic");
    const tone = pick(tones, seed, row, "tone");
    const words = Array.from({ length: 6 }, (_, i) => pick(FILLERS, seed, row, "filler", i));
    for (const i of [0, 1]) words.push(pick(TOPICS[topic]!, seed, row, "topic", i));
    if (tone !== "") words.push(pick(TONES[tone]!, seed, row, "tone", 0));
    const ordered = words.map((word, i) => ({ word, key: uniform(seed, row, "order", i) }))
      .sort((a, b) => a.key - b.key).map(({ word }) => word);
    for (const [phrase, every] of PLANTED) if (row % every === 0) ordered.unshift(phrase);
    const text = ordered.join(" ");
    return {
      text: text.charAt(0).toUpperCase() + text.slice(1) + "?",
      attributes: { tone, topic },
    };
  });
}

/** The corpus of rows in English, unless they say otherwise. */
export function english(rows: readonly LooseRow[]): Corpus {
  return corpusOf(rows, { language: "en" }).corpus;
}
