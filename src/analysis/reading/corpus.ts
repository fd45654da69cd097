import type { Config } from "../../config/types.ts";
import { UserError } from "../../error.ts";
import { noRows, sumOfRows } from "../../run/row_counts.ts";
import { type Outcome, OUTCOMES, type RowCounts } from "../../run/types.ts";
import { isLanguageAttribute, languageCode } from "../../text/language.ts";
import { tokenize } from "../../text/tokens.ts";
import { countWords } from "../../text/words.ts";
import { resized } from "./resized.ts";
import type {
  AnalysisRow,
  Corpus,
  CorpusAttribute,
  OutcomeTally,
  Reading,
  RowReference,
  Source,
} from "./rows.ts";

/** How a corpus is read. */
export interface ReadCorpusOptions {
  /** Told after each row how many have been read. */
  onRow?: (rows: number) => void;
  /** Base code of the language of a text that wasn't asked for in one; default `und`. */
  language?: string | ((text: string) => string);
}

/**
 * Reads all rows of the sources once: ok rows with a text become numbers, all rows and the pending
 * ones are tallied. A text is held once, and about 8 bytes for each word of it.
 *
 * @throws {UserError} Exit 2 for more than 255 sources, and for an attribute of more than 65,535
 * values.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readCorpus } from "./corpus.ts";
 * const { corpus, tallies } = await readCorpus([]);
 * assert(corpus.size === 0 && tallies.length === 0);
 * ```
 */
export async function readCorpus(
  sources: readonly Source[],
  options: ReadCorpusOptions = {},
): Promise<Reading> {
  if (sources.length > MOST_SOURCES) {
    throw new UserError(
      `${sources.length} runs are too many to analyse together: at most ${MOST_SOURCES}.`,
    );
  }
  const reader = openReader(sources, options.language ?? "und");
  let read = 0;
  for (const [run, source] of sources.entries()) {
    for await (const row of source.rows()) {
      reader.add(row, run);
      options.onRow?.(++read);
    }
    for (const { attributes } of source.pending()) reader.count(attributes, "pending");
  }
  return reader.finish(sumOfRows(sources.map(({ counts }) => counts)));
}

/** A row of which only what matters is told. */
export type LooseRow = Partial<AnalysisRow>;

/**
 * The reading of rows that are at hand. What isn't told of a row is: its place as its number, the
 * outcome ok, no attributes, no length asked for.
 *
 * @param options `config`: whose values come first; `pending`: what rows without a record ask for;
 * `language`: as for `readCorpus`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "./corpus.ts";
 * const { corpus } = corpusOf([{ text: "A loan, please" }, { text: "A card" }]);
 * assert.deepEqual(corpus.vocabulary, ["a", "loan", "please", "card"]);
 * assert.deepEqual([...corpus.tokens], [0, 1, 2, 0, 3]);
 * ```
 */
export function corpusOf(
  rows: readonly LooseRow[],
  options: {
    config?: Pick<Config, "attributes"> | null;
    name?: string;
    pending?: readonly Pick<AnalysisRow, "attributes">[];
    language?: ReadCorpusOptions["language"];
  } = {},
): Reading {
  const { config = null, name = "rows", pending = [] } = options;
  const reader = openReader([{ name, config }], options.language ?? "und");
  const counts = noRows();
  for (const [place, row] of rows.entries()) {
    const whole: AnalysisRow = {
      row: place,
      attributes: {},
      requestedWords: null,
      outcome: "ok",
      text: null,
      words: null,
      ...row,
    };
    reader.add(whole, 0);
    counts[whole.outcome] += 1;
  }
  for (const { attributes } of pending) reader.count(attributes, "pending");
  counts.pending = pending.length;
  counts.planned = rows.length + pending.length;
  return reader.finish(counts);
}

/**
 * The name of a row of a corpus, by its index: its number, and its run where there are several.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf, referenceTo } from "./corpus.ts";
 * const { corpus } = corpusOf([{ row: 17, text: "A loan" }]);
 * assert.deepEqual(referenceTo(corpus, 0), { row: 17 });
 * ```
 */
export function referenceTo({ runs, runOf, numbers }: Corpus, index: number): RowReference {
  const row = numbers[index]!;
  return runs.length > 1 ? { row, run: runs[runOf[index]!]! } : { row };
}

const MOST_SOURCES = 255;
const MOST_VALUES = 65_535;

/** Takes rows in and makes the reading of them. */
interface Reader {
  /** Takes a row of the source with index `run`. */
  add(row: AnalysisRow, run: number): void;
  /** Tallies a row without reading its text. */
  count(attributes: Record<string, string>, outcome: Outcome | "pending"): void;
  finish(counts: RowCounts): Reading;
}

function openReader(
  sources: readonly { name: string; config: Pick<Config, "attributes"> | null }[],
  language: NonNullable<ReadCorpusOptions["language"]>,
): Reader {
  const stems = new Map<string, Stem>();
  const stemOf = (name: string): Stem => {
    let stem = stems.get(name);
    if (stem === undefined) stems.set(name, stem = openStem(name));
    return stem;
  };
  for (const { config } of sources) {
    for (const [name, values] of Object.entries(config?.attributes ?? {})) {
      const stem = stemOf(name);
      for (const { value } of values) stem.place(value);
    }
  }

  let size = 0;
  let runOf = new Uint8Array(FIRST);
  let numbers = new Float64Array(FIRST);
  let madeAt = new Float64Array(FIRST);
  let requestedWords = new Uint32Array(FIRST);
  let words = new Uint32Array(FIRST);
  let starts = new Uint32Array(FIRST + 1);
  let tokens = new Uint32Array(FIRST * 16);
  let length = 0;
  const texts: string[] = [];
  // By row what its text said, if it was asked: telling a language is slow.
  const told: (string | undefined)[] = [];
  const vocabulary: string[] = [];
  const indices = new Map<string, number>();
  const totals = outcomeArrays(() => 0);

  const count: Reader["count"] = (attributes, outcome) => {
    totals[outcome] += 1;
    for (const [name, value] of Object.entries(attributes)) {
      const stem = stemOf(name);
      const of = stem.counts[outcome];
      const place = stem.place(value);
      while (of.length <= place) of.push(0);
      of[place]! += 1;
    }
  };

  const take = (text: string, language: string) => {
    for (const word of tokenize(text, { language })) {
      let index = indices.get(word);
      if (index === undefined) {
        const alone = standingAlone(word);
        index = vocabulary.push(alone) - 1;
        indices.set(alone, index);
      }
      if (length === tokens.length) tokens = resized(Uint32Array, tokens, 2 * length);
      tokens[length++] = index;
    }
  };

  return {
    count,
    add(row, run) {
      count(row.attributes, row.outcome);
      const { text } = row;
      if (row.outcome !== "ok" || text === null) return;
      if (size === numbers.length) {
        runOf = resized(Uint8Array, runOf, 2 * size);
        numbers = resized(Float64Array, numbers, 2 * size);
        madeAt = resized(Float64Array, madeAt, 2 * size);
        requestedWords = resized(Uint32Array, requestedWords, 2 * size);
        words = resized(Uint32Array, words, 2 * size);
        starts = resized(Uint32Array, starts, 2 * size + 1);
      }
      let asked: string | undefined;
      for (const [name, value] of Object.entries(row.attributes)) {
        const stem = stemOf(name);
        const place = stem.place(value);
        stem.set(size, place);
        asked ??= stem.languageAt(place);
      }
      runOf[size] = run;
      numbers[size] = row.row;
      madeAt[size] = Date.parse(row.at ?? "");
      requestedWords[size] = row.requestedWords ?? 0;
      words[size] = row.words ?? countWords(text);
      texts.push(text);
      // Lower case depends on the language, so that it can't wait for the end.
      const own = asked === undefined && typeof language === "function"
        ? language(text)
        : undefined;
      told.push(own);
      take(text, asked ?? own ?? (typeof language === "string" ? language : "und"));
      starts[++size] = length;
    },
    finish(counts) {
      const finished = [...stems.values()].map((stem) => stem.finish(size, totals));
      const attributes = finished.map(({ attribute }) => attribute);
      return {
        corpus: {
          size,
          runs: sources.map(({ name }) => name),
          runOf: resized(Uint8Array, runOf, size),
          numbers: resized(Float64Array, numbers, size),
          madeAt: resized(Float64Array, madeAt, size),
          texts,
          attributes,
          ...languagesOf(
            attributes,
            texts,
            typeof language === "string"
              ? () => language
              : (text, row) => told[row] ?? language(text),
          ),
          vocabulary,
          tokens: resized(Uint32Array, tokens, length),
          starts: resized(Uint32Array, starts, size + 1),
          requestedWords: resized(Uint32Array, requestedWords, size),
          words: resized(Uint32Array, words, size),
        },
        tallies: finished.map(({ tally }) => tally),
        counts,
      };
    },
  };
}

/** Rows that there is room for at first. */
const FIRST = 1024;

/** One attribute while rows come in. */
interface Stem {
  counts: Record<Outcome | "pending", number[]>;
  /** The place of a value, which it gets at the first sight of it. */
  place(value: string): number;
  set(row: number, place: number): void;
  /** The language that a value names; undefined while not all values seen name one. */
  languageAt(place: number): string | undefined;
  finish(
    size: number,
    totals: Record<Outcome | "pending", number>,
  ): { attribute: CorpusAttribute; tally: OutcomeTally };
}

function openStem(stem: string): Stem {
  const values: string[] = [];
  const languages: (string | null)[] = [];
  const places = new Map<string, number>();
  const counts = outcomeArrays((): number[] => []);
  // By row 1 + the value's place; 0: the row doesn't have the attribute.
  let codes = new Uint16Array(FIRST);
  let namesLanguages = true;

  const place = (value: string): number => {
    const known = places.get(value);
    if (known !== undefined) return known;
    if (values.length === MOST_VALUES) {
      throw new UserError(
        `The attribute "${stem}" has more than ${MOST_VALUES.toLocaleString("en")} values: each ` +
          "row has its own, it seems. Name the attributes that were asked for with --attributes.",
      );
    }
    places.set(value, values.length);
    if (namesLanguages) {
      const language = languageCode(value);
      namesLanguages = value === "" || language !== null;
      languages.push(language);
    }
    return values.push(value) - 1;
  };

  return {
    counts,
    place,
    set(row, at) {
      if (row >= codes.length) codes = resized(Uint16Array, codes, 2 * row);
      codes[row] = at + 1;
    },
    languageAt: (at) => namesLanguages ? languages[at] ?? undefined : undefined,
    finish(size, totals) {
      codes = resized(Uint16Array, codes, size);
      const without = (outcome: Outcome | "pending") =>
        totals[outcome] - counts[outcome].reduce((sum, rows) => sum + rows, 0);
      if ([...OUTCOMES, "pending" as const].some((outcome) => without(outcome) > 0)) {
        const nothing = place("");
        for (const outcome of [...OUTCOMES, "pending"] as const) {
          const missing = without(outcome);
          counts[outcome][nothing] = (counts[outcome][nothing] ?? 0) + missing;
        }
        for (let row = 0; row < size; row++) {
          if (codes[row] === 0) codes[row] = nothing + 1;
        }
      }
      for (let row = 0; row < size; row++) codes[row]! -= 1;
      const isLanguage = isLanguageAttribute(values);
      const rows = outcomeArrays((outcome) =>
        Uint32Array.from(values, (_, at) => counts[outcome][at] ?? 0)
      );
      const planned = Uint32Array.from(
        values,
        (_, at) => Object.values(rows).reduce((sum, of) => sum + of[at]!, 0),
      );
      return {
        attribute: { stem, values, codes, isLanguage },
        tally: { stem, values, isLanguage, planned, rows },
      };
    },
  };
}

/** By row the language of the first language attribute that asks for one, else what the text says. */
function languagesOf(
  attributes: readonly CorpusAttribute[],
  texts: readonly string[],
  otherwise: (text: string, row: number) => string,
): Pick<Corpus, "languages" | "languageOf"> {
  const naming = attributes.filter(({ isLanguage }) => isLanguage).map(({ values, codes }) => ({
    codes,
    named: values.map(languageCode),
  }));
  // Base codes are two hundred or so: they fit in a byte.
  const languages: string[] = [];
  const languageOf = Uint8Array.from(texts, (text, row) => {
    let language: string | null = null;
    for (const { codes, named } of naming) language ??= named[codes[row]!]!;
    language ??= otherwise(text, row);
    const known = languages.indexOf(language);
    return known >= 0 ? known : languages.push(language) - 1;
  });
  return { languages, languageOf };
}

function outcomeArrays<T>(
  make: (outcome: Outcome | "pending") => T,
): Record<Outcome | "pending", T> {
  return {
    ok: make("ok"),
    refused: make("refused"),
    filtered: make("filtered"),
    truncated: make("truncated"),
    empty: make("empty"),
    failed: make("failed"),
    pending: make("pending"),
  };
}

/** A copy of a word that doesn't keep the text in memory that it was cut from. */
function standingAlone(word: string): string {
  // Shorter ones are copied anyway.
  return word.length < 13 ? word : Array.from(word).join("");
}
