import { wilson } from "../stats/intervals.ts";
import type { Corpus } from "../analysis/reading/rows.ts";

/** How rows with some property lie over the values of an attribute. */
export interface Spread {
  stem: string;
  /** Share of rows that have it, among those that were looked at. */
  share: number;
  values: SpreadValue[];
}

/** One value: rows that were asked with it, and the share of them that have the property. */
export interface SpreadValue {
  value: string;
  rows: number;
  share: number;
  /** Whether the share is surely more than a quarter above or below that of all rows. */
  striking: boolean;
}

/** Of many rows the smallest differences are certain: those below this ratio don't count. */
const RATIO = 1.25;

/**
 * How rows that have some property lie over the values of each attribute: evenly, or in the rows of
 * one value. Attributes that have a single value among these rows, and those that name languages, are
 * left out: words live in one language.
 *
 * A value's share is striking where its whole score interval is more than a quarter above or below
 * the share of all rows; over all values of all attributes at a level of .05 (Bonferroni).
 *
 * @param has By row: 1 where it has the property.
 * @param options `language`: looks at rows asked in it only, a base code; default: at all.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spreadOf } from "./spread.ts";
 * import { corpusOf } from "../analysis/reading/corpus.ts";
 * const rows = Array.from({ length: 60 }, (_, row) => ({
 *   text: "Hello",
 *   attributes: { tone: row % 2 === 0 ? "Angry" : "Calm" },
 * }));
 * const { corpus } = corpusOf(rows);
 * const angry = Uint8Array.from(rows, ({ attributes }) => attributes.tone === "Angry" ? 1 : 0);
 * const [tone] = spreadOf(corpus, angry);
 * assert(tone?.share === 0.5 && tone.values.every(({ striking }) => striking));
 * ```
 */
export function spreadOf(
  corpus: Corpus,
  has: Uint8Array,
  options: { language?: string | undefined } = {},
): Spread[] {
  const language = options.language === undefined
    ? null
    : corpus.languages.indexOf(options.language);
  const looked = (row: number) => language === null || corpus.languageOf[row] === language;
  let rows = 0;
  let having = 0;
  for (let row = 0; row < corpus.size; row++) {
    if (!looked(row)) continue;
    rows++;
    having += has[row] ?? 0;
  }
  if (rows === 0) return [];
  const tables = corpus.attributes.filter(({ isLanguage }) => !isLanguage).map(
    ({ stem, values, codes }) => {
      const asked = new Uint32Array(values.length);
      const found = new Uint32Array(values.length);
      for (let row = 0; row < corpus.size; row++) {
        if (!looked(row)) continue;
        const code = codes[row] ?? 0;
        asked[code] = (asked[code] ?? 0) + 1;
        found[code] = (found[code] ?? 0) + (has[row] ?? 0);
      }
      return {
        stem,
        cells: values.map((value, code) => ({
          value,
          rows: asked[code] ?? 0,
          found: found[code] ?? 0,
        })).filter((cell) => cell.rows > 0),
      };
    },
  ).filter(({ cells }) => cells.length > 1);
  const tests = tables.reduce((sum, { cells }) => sum + cells.length, 0);
  const share = having / rows;
  return tables.map(({ stem, cells }) => ({
    stem,
    share,
    values: cells.map(({ value, rows, found }) => {
      const { low, high } = wilson(found, rows, { confidence: 1 - 0.05 / tests });
      return {
        value,
        rows,
        share: found / rows,
        striking: low > share * RATIO || high < share / RATIO,
      };
    }),
  }));
}

/** The striking value that is furthest from the share of all rows; null where none stands out. */
export function mostStriking(spreads: readonly Spread[]): StrikingValue | null {
  return spreads.flatMap(({ stem, share: overall, values }) =>
    values.filter(({ striking }) => striking).map((value) => ({ ...value, stem, overall }))
  ).reduce<StrikingValue | null>(
    (most, each) => most === null || distance(each) > distance(most) ? each : most,
    null,
  );
}

/** A value that stands out. */
export interface StrikingValue extends SpreadValue {
  stem: string;
  /** Share of all rows. */
  overall: number;
}

function distance({ share, overall }: StrikingValue): number {
  return Math.abs(share - overall);
}

/** The language in which most of some rows were asked, by its base code; undefined without rows. */
export function mainLanguage(corpus: Corpus, has: Uint8Array): string | undefined {
  const rows = corpus.languages.map(() => 0);
  for (let row = 0; row < corpus.size; row++) {
    const language = corpus.languageOf[row] ?? 0;
    rows[language] = (rows[language] ?? 0) + (has[row] ?? 0);
  }
  const most = Math.max(0, ...rows);
  return most === 0 ? undefined : corpus.languages[rows.indexOf(most)];
}
