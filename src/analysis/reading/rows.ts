import type { Config, Sampling } from "../../config/types.ts";
import type { PlannedRow } from "../../plan/types.ts";
import type { Label } from "../../run/log/labels.ts";
import type { Outcome, RowCounts, RowRecord } from "../../run/types.ts";

/** What the analysis needs of a row, be it of a run or from a file made elsewhere. */
export interface AnalysisRow
  extends Pick<RowRecord, "row" | "attributes" | "requestedWords" | "outcome" | "text" | "words"> {
  /** ISO 8601: when it was made; a row of a file doesn't tell. */
  at?: string;
  /** Why it isn't ok; a row of a file has none. */
  reason?: string | null;
  /** The part of the run that it stands in. */
  part?: string;
}

/** Rows to analyse, with what they were asked for. */
export interface Source {
  /** The run's name, or the file's. */
  name: string;
  /** By what became of them; for a file planned = its rows. */
  counts: RowCounts;
  /** The record that counts of each row; may be gone through again. */
  rows(): AsyncIterable<AnalysisRow>;
  /** The planned rows that have no record yet; none for a file. */
  pending(): Iterable<PlannedRow>;
  /** Where targets come from: the run's own config, or one given with a file; null: there are none. */
  config: Config | null;
  /** Null where the rows weren't drawn here. */
  drawn: { seed: number; sampling: Sampling } | null;
  /** What was said of its texts since; absent: nothing can have been. */
  labels?: () => Promise<Label[]>;
  /** The files that the rows come from, with their lengths in bytes: they tell whether findings are old. */
  files: { path: string; bytes: number }[];
}

/** A row named where it can be found again. */
export interface RowReference {
  row: number;
  /** The source's name; absent where there is a single one. */
  run?: string;
}

/**
 * The texts of all ok rows as numbers, made in one pass. A row's index runs from 0 in the order in
 * which rows were read; all arrays by row have `size` entries.
 */
export interface Corpus {
  size: number;
  /** The sources' names. */
  runs: readonly string[];
  /** By row: the index of its source in `runs`. */
  runOf: Uint8Array;
  /** By row: its number in its source. */
  numbers: Float64Array;
  /** By row: when it was made, in milliseconds; NaN, or absent: that isn't known. */
  madeAt?: Float64Array;
  texts: readonly string[];
  attributes: readonly CorpusAttribute[];
  /** Base codes of languages (`sv`), by first use; `und` where it isn't known. */
  languages: readonly string[];
  /** By row: the language that it was asked in, as an index into `languages`. */
  languageOf: Uint8Array;
  /** Distinct words: lower-cased, NFC. */
  vocabulary: readonly string[];
  /** The words of all rows one after another, as indices into `vocabulary`. */
  tokens: Uint32Array;
  /** The words of row r are `tokens[starts[r]]` to before `tokens[starts[r + 1]]`; size + 1 entries. */
  starts: Uint32Array;
  /** Words asked for; 0: no length was. */
  requestedWords: Uint32Array;
  /** Words that came, by the count that is used for the request too. */
  words: Uint32Array;
}

/** What one attribute asked of each row of a corpus. */
export interface CorpusAttribute {
  stem: string;
  /** The values, the config's first and in its order. */
  values: readonly string[];
  /** By row: the index of its value. Rows without the attribute have the value `""`. */
  codes: Uint16Array;
  /** Whether its values name languages. */
  isLanguage: boolean;
}

/** How many rows ended how, by value of one attribute. All arrays have an entry for each value. */
export interface OutcomeTally {
  stem: string;
  values: readonly string[];
  isLanguage: boolean;
  /** Planned rows: the sum of the others. */
  planned: Uint32Array;
  /** Rows by outcome; `pending` ones have no record. */
  rows: Record<Outcome | "pending", Uint32Array>;
}

/** All that is read of the sources: what the analysis works on. */
export interface Reading {
  corpus: Corpus;
  /** One for each attribute, in the order of `corpus.attributes`. */
  tallies: readonly OutcomeTally[];
  /** Over all sources. */
  counts: RowCounts;
}
