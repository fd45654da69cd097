import { join } from "node:path";
import type { RowRecord, RunManifest } from "../src/run/types.ts";

/** Different words of the texts. */
const WORDS = 30_000;
/** Said in these shares of rows, before words drawn by Zipf's law. */
const TEMPLATES = [
  { share: 0.2, words: "could you please tell me".split(" ") },
  { share: 0.06, words: "i would like to know if".split(" ") },
];
/** Rows that are a copy of an earlier one, and that are one but for a word. */
const COPIED = { exactly: 0.02, nearly: 0.02 };

/**
 * Writes a run as `generate` does, without asking anybody: ok rows of 18 words at the median, with
 * three attributes, templates and copies. The same number of rows is the same run.
 */
export async function writeZipfRun(folder: string, rows: number): Promise<void> {
  await Deno.writeTextFile(join(folder, "run.json"), JSON.stringify(manifestOf(rows)));
  using log = await Deno.open(join(folder, "records.jsonl"), { write: true, create: true });
  const random = openRandom(1);
  const draw = zipfWords(random);
  const earlier: string[][] = [];
  const encoder = new TextEncoder();
  let lines = "";
  for (let row = 0; row < rows; row++) {
    const requestedWords = Math.min(60, Math.floor(2 + Math.exp(2.77 + 0.45 * normal(random))));
    const words = wordsOf(requestedWords, { draw, random, earlier });
    earlier[row % 1000] = words;
    const text = words.join(" ");
    const record: RowRecord = {
      row,
      attributes: {
        language: at(LANGUAGES, random),
        tone: at(TONES, random),
        topic: at(TOPICS, random),
      },
      requestedWords,
      outcome: "ok",
      text: text.charAt(0).toUpperCase() + text.slice(1) + "?",
      words: words.length,
      reason: null,
      model: "zipf",
      finishReason: "stop",
      usage: { input: 400, output: 25 },
      cost: null,
      attempts: 1,
      calls: 1,
      ms: 800,
      at: "2026-01-31T12:00:00.000Z",
    };
    lines += JSON.stringify(record) + "\n";
    if (lines.length > 1e6 || row === rows - 1) {
      let bytes = encoder.encode(lines);
      while (bytes.length > 0) bytes = bytes.subarray(await log.write(bytes));
      lines = "";
    }
  }
}

const LANGUAGES = ["English", "English", "English", "Swedish"];
const TONES = ["", "", "Neutral", "Worried", "Angry", "Formal"];
const TOPICS = Array.from({ length: 30 }, (_, i) => `Topic ${i + 1}`);

/** One of the values, each equally often. */
function at(values: readonly string[], random: () => number): string {
  return values[Math.floor(random() * values.length)] ?? "";
}

/** The words of a row: of its own, or of an earlier one. */
function wordsOf(
  count: number,
  { draw, random, earlier }: { draw: () => string; random: () => number; earlier: string[][] },
): string[] {
  const copied = random();
  const other = earlier[Math.floor(random() * earlier.length)];
  if (other !== undefined && copied < COPIED.exactly) return other;
  if (other !== undefined && copied < COPIED.exactly + COPIED.nearly) {
    return other.with(Math.floor(random() * other.length), draw());
  }
  let u = random();
  const template = TEMPLATES.find(({ share }) => (u -= share) < 0)?.words ?? [];
  return [...template, ...Array.from({ length: Math.max(1, count - template.length) }, draw)];
}

/** Draws words by Zipf's law: word i in proportion to 1 / (i + 1). */
function zipfWords(random: () => number): () => string {
  const words = Array.from({ length: WORDS }, (_, i) => spelt(i));
  const sums = new Float64Array(WORDS);
  let sum = 0;
  for (let i = 0; i < WORDS; i++) sums[i] = sum += 1 / (i + 1);
  return () => {
    const u = random() * sum;
    let [low, high] = [0, WORDS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < u) low = middle + 1;
      else high = middle;
    }
    return words[low] ?? "";
  };
}

/** Another word for each number: its digits to the base of 75 as syllables, and an ending. */
function spelt(number: number): string {
  let word = "";
  for (let rest = number + 1; rest > 0; rest = Math.floor(rest / 75)) {
    const syllable = (rest * 17 + 7 * word.length) % 75;
    word += (CONSONANTS[syllable % 15] ?? "") + (VOWELS[Math.floor(syllable / 15)] ?? "");
  }
  return word + (ENDINGS[number % ENDINGS.length] ?? "");
}

const CONSONANTS = [..."bcdfghjklmnprst"];
const VOWELS = [..."aeiou"];
const ENDINGS = ["", "n", "r", "st", "ck", "ng", "lly"];

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Numbers in [0, 1): a linear congruential generator, of which the upper bits are good enough here. */
function openRandom(seed: number): () => number {
  let state = BigInt(seed);
  const next = () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 32n);
  };
  return () => next() / 2 ** 32;
}

function manifestOf(count: number): RunManifest {
  const items = (values: readonly string[]) =>
    [...new Set(values)].map((value) => ({
      value,
      score: values.filter((other) => other === value).length,
      factor: 1,
      prompt: null,
      when: null,
    }));
  return {
    config: {
      folder: "zipf",
      context: "Questions to nobody.",
      attributes: { language: items(LANGUAGES), tone: items(TONES), topic: items(TOPICS) },
      length: { mean: 2.77, sigma: 0.45, shift: 2, max: 60, draw: null },
      prompt: null,
      avoid: [],
      settings: {
        temperature: null,
        frequency_penalty: null,
        seed: 1,
        sampling: "independent",
        timeout: 60,
      },
    },
    configHash: "0".repeat(64),
    seed: 1,
    sampling: "independent",
    count,
    shard: null,
    model: "simulated:faithful",
    parameters: { max_tokens: null, dropped: [], replaced: {} },
    versions: { plumbline: "0.1.0", deno: Deno.version.deno, prompt: "1" },
    createdAt: "2026-01-31T12:00:00.000Z",
  };
}
