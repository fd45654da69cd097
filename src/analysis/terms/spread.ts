import { type HomogeneityTail, openHomogeneityTail } from "../../stats/homogeneity.ts";
import { type HypergeometricTail, openHypergeometricTail } from "../../stats/hypergeometric.ts";
import { quantileSorted } from "../../stats/quantile.ts";
import type { Corpus, CorpusAttribute } from "../reading/rows.ts";

/** How a term is spread over the rows of one language. */
export interface Spread {
  /** Index into the corpus's languages. */
  language: number;
  /** Rows of the language that have the term, and all of them. */
  rows: number;
  of: number;
  /**
   * The share among the values that have the term least: by attribute the lower quartile over the
   * values, the smallest of these; Infinity without attributes.
   */
  breadth: number;
  /** Whether no attribute's values explain where the term stands: see `openSpreads`. */
  even: boolean;
  /** Values that were tested. */
  tests: number;
  /** Those of them that have the term more often than the other rows, with p below .05. */
  hits: ValueHit[];
}

/** A value whose rows have a term more often than the other rows of the language. */
export interface ValueHit {
  attribute: CorpusAttribute;
  /** Index of the value. */
  value: number;
  /** Rows with the value that have the term, and all of them. */
  rows: number;
  of: number;
  /** One-sided exact test within the language, mid-p. */
  p: number;
  /** Pearson's statistic of the term with the attribute, over `values` values that have rows. */
  chiSquare: number;
  values: number;
}

/** Measures how the rows that have a term are spread: their indices, each once. */
export type MeasureSpread = (
  rows: Uint32Array,
  options: {
    /** Languages that the term isn't measured in. */
    leftOut: (language: number) => boolean;
    /** By attribute the values whose own words, in this language, the term has; default: none. */
    named?: (language: number) => ReadonlyMap<CorpusAttribute, ReadonlySet<number>>;
  },
) => Spread[];

/** Rows that the share of all rows counts for in the share of a value. */
const PRIOR_ROWS = 20;
/** An attribute with more values than this tells rows apart, not what was asked of them. */
const MOST_VALUES = 2_000;
/** p above which an attribute explains nothing about a term. */
const EXPLAINS = 0.01;
/** Rows with the term that a value must lead one to expect for its own share to say something. */
const EXPECTED_ROWS = 3;
/** p above which hits aren't kept: nothing that is significant after correction is lost. */
const KEPT = 0.05;

/** Whether an attribute may explain where terms stand: it is about no language and has few values. */
export function explains({ isLanguage, values }: CorpusAttribute): boolean {
  return !isLanguage && values.length <= MOST_VALUES;
}

/**
 * Makes the function that measures a term's spread within each language that it stands in. The
 * language attribute is left out, since a phrase lives in one language; so are attributes of more
 * than 2,000 values. `""`, which asks for nothing, is a value like others.
 *
 * The share of a value is (its rows with the term + 20 × share of all rows) ÷ (its rows + 20), so
 * that small values don't decide; quartiles are interpolated.
 *
 * A term is spread evenly unless an attribute explains it: the test of homogeneity over its values
 * rejects (p < .01), and a quarter of the values (the smaller one of two) have less than half of the
 * share of all rows, or more than a third of the rows have such values: most may be asked for nothing.
 * Values that would lead one to expect fewer than 3 rows with the term don't count there; where fewer than two
 * do, the test alone decides. A tone that has a phrase more often doesn't make it uneven; standing in a
 * third of the topics only does.
 *
 * Nor is a term even that rows asked for nothing (`""`) of an attribute have less than half as often as
 * all, or that the others do: a lead into what is asked for stands wherever anything is. Few rows
 * don't prove that but speak against a claim of breadth, so no test is made; only where one would expect
 * fewer than 3 rows with the term nothing is said.
 *
 * Nor is a term even that has words of some values ("card", where a topic is "Debit card"), unless
 * rows of the other values have it at least half as often as all: few rows are enough to tell that.
 *
 * @param options `minRows`: rows of a language that must have a term for its values to be tested; the
 * choice depends on all of these rows together, so that the tests stay valid.
 */
export function openSpreads(corpus: Corpus, options: { minRows: number }): MeasureSpread {
  const { languages, languageOf } = corpus;
  const { minRows } = options;
  const sizes = new Uint32Array(languages.length);
  for (let row = 0; row < corpus.size; row++) sizes[languageOf[row]!]! += 1;
  const tail = openHypergeometricTail(Math.max(0, ...sizes));
  const tables = corpus.attributes
    .filter(explains)
    .map((attribute) => openTable(corpus, attribute));
  const rowsOf = new Uint32Array(languages.length);

  return (rows, { leftOut, named = () => NOTHING_NAMED }) => {
    for (let i = 0; i < rows.length; i++) rowsOf[languageOf[rows[i]!]!]! += 1;
    for (const { cellOf, hits } of tables) {
      for (let i = 0; i < rows.length; i++) hits[cellOf[rows[i]!]!]! += 1;
    }
    const spreads: Spread[] = [];
    for (let language = 0; language < languages.length; language++) {
      const found = rowsOf[language]!;
      if (found === 0) continue;
      rowsOf[language] = 0;
      if (!leftOut(language)) {
        const of = sizes[language]!;
        spreads.push(
          measure(tables, { language, found, of, minRows, tail, named: named(language) }),
        );
      }
      for (const { cells, hits } of tables) {
        for (const cell of cells[language]!) hits[cell] = 0;
      }
    }
    return spreads;
  };
}

const NOTHING_NAMED: ReadonlyMap<CorpusAttribute, ReadonlySet<number>> = new Map();

/** Rows by language and value of one attribute. */
interface Table {
  attribute: CorpusAttribute;
  /** By row: its cell, language × values + value. */
  cellOf: Uint32Array;
  /** By cell: its rows; and those of the term that is measured. */
  sizes: Uint32Array;
  hits: Uint32Array;
  /** By language: the cells that have rows, and the test whether a term is spread over them evenly. */
  cells: Uint32Array[];
  tails: HomogeneityTail[];
}

function openTable(corpus: Corpus, attribute: CorpusAttribute): Table {
  const { languages, languageOf, size } = corpus;
  const { codes, values } = attribute;
  const sizes = new Uint32Array(languages.length * values.length);
  const cellOf = new Uint32Array(size);
  for (let row = 0; row < size; row++) {
    const cell = languageOf[row]! * values.length + codes[row]!;
    cellOf[row] = cell;
    sizes[cell]! += 1;
  }
  const cells = languages.map((_, language) => {
    const all = Uint32Array.from(values, (_, value) => language * values.length + value);
    return all.filter((cell) => sizes[cell]! > 0);
  });
  const tails = cells.map((own) => openHomogeneityTail(own.map((cell) => sizes[cell]!)));
  return { attribute, cellOf, sizes, hits: new Uint32Array(sizes.length), cells, tails };
}

function measure(
  tables: readonly Table[],
  { language, found, of, minRows, tail, named }: {
    language: number;
    found: number;
    of: number;
    minRows: number;
    tail: HypergeometricTail;
    named: ReadonlyMap<CorpusAttribute, ReadonlySet<number>>;
  },
): Spread {
  const spread: Spread = {
    language,
    rows: found,
    of,
    breadth: Infinity,
    even: true,
    tests: 0,
    hits: [],
  };
  const share = found / of;
  for (const { attribute, cells, sizes, hits, tails } of tables) {
    const own = cells[language]!;
    const smoothed = new Float64Array(own.length);
    const raw = new Float64Array(own.length);
    let telling = 0;
    let tellingRows = 0;
    let rowsWithout = 0;
    let chiSquare = 0;
    for (const [i, cell] of own.entries()) {
      const size = sizes[cell]!;
      const expected = size * share;
      smoothed[i] = (hits[cell]! + PRIOR_ROWS * share) / (size + PRIOR_ROWS);
      if (expected >= EXPECTED_ROWS) {
        raw[telling++] = hits[cell]! / size;
        tellingRows += size;
        if (hits[cell]! < expected / 2) rowsWithout += size;
      }
      if (share < 1) chiSquare += (hits[cell]! - expected) ** 2 / (expected * (1 - share));
    }
    if (isOneSided(attribute, { cells: own, sizes, hits, language, share })) spread.even = false;
    const naming = named.get(attribute);
    if (naming !== undefined && naming.size > 0) {
      const others = own.filter((cell) => !naming.has(cell - language * attribute.values.length));
      const unasked = others.reduce((sum, cell) => sum + hits[cell]!, 0);
      const rows = others.reduce((sum, cell) => sum + sizes[cell]!, 0);
      if (!(unasked >= rows * share / 2 && unasked > 0)) spread.even = false;
    }
    spread.breadth = Math.min(spread.breadth, quantileSorted(smoothed.sort(), 0.25));
    // A single value can't explain anything.
    if (own.length < 2) continue;
    if (spread.even && share < 1 && tails[language]!(chiSquare, found) < EXPLAINS) {
      const shares = raw.subarray(0, telling).sort();
      const least = telling < 2 ? 0 : telling === 2 ? shares[0]! : quantileSorted(shares, 0.25);
      spread.even = least >= share / 2 && 3 * rowsWithout <= tellingRows;
    }
    if (found < minRows) continue;
    spread.tests += own.length;
    for (const cell of own) {
      const size = sizes[cell]!;
      const rows = hits[cell]!;
      const excess = rows - size * share;
      // Within a standard deviation of what is expected, p is above .05 anyway.
      if (excess <= 0 || excess * excess < size * share * (1 - share) * (1 - size / of)) continue;
      const p = tail(rows, found, size, of);
      if (p >= KEPT) continue;
      const value = cell - language * attribute.values.length;
      spread.hits.push({ attribute, value, rows, of: size, p, chiSquare, values: own.length });
    }
  }
  return spread;
}

/** Whether the rows asked for nothing of an attribute, or those asked for anything, hardly have a term. */
function isOneSided(
  { values }: CorpusAttribute,
  { cells, sizes, hits, language, share }: Pick<Table, "sizes" | "hits"> & {
    cells: Uint32Array;
    language: number;
    share: number;
  },
): boolean {
  const nothing = values.indexOf("");
  const rows = [0, 0];
  const found = [0, 0];
  for (const cell of cells) {
    const side = cell - language * values.length === nothing ? 0 : 1;
    rows[side]! += sizes[cell]!;
    found[side]! += hits[cell]!;
  }
  return rows.some((of, side) => of * share >= EXPECTED_ROWS && found[side]! < of * share / 2);
}
