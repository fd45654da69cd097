import type { LengthParameters } from "../config/types.ts";
import type { LostOutcome, RowCounts } from "../run/types.ts";
import type { Interval } from "../stats/intervals.ts";
import type { RowReference } from "./reading/rows.ts";

/**
 * `analysis.json`: what was measured on a run's rows. Shares lie in [0, 1]; what isn't measured is
 * null, never what was asked in place of what came. Lengths are in words.
 */
export interface Findings {
  /** What it was made from, and when. */
  made: {
    /** ISO 8601. */
    at: string;
    plumbline: string;
    /** The runs' or files' names. */
    from: string[];
    /** Files and their lengths in bytes then: where one has grown since, the findings are old. */
    files: { path: string; bytes: number }[];
  };
  rows: RowCounts;
  /** Languages that the ok rows were asked in, or were found to be in where none was asked for. */
  languages: { language: string; rows: number }[];
  attributes: Record<string, AttributeFindings>;
  /** Null without ok rows. */
  length: LengthFindings | null;
  terms: TermFindings;
  diversity: DiversityFindings;
  /** Null without ok rows; absent in findings made before that was told. */
  several?: SeveralFindings | null;
  lost: LostShare[];
  coverage: CoverageFindings;
}

/** One attribute: what is wanted, what was asked, what came. */
export interface AttributeFindings {
  values: ValueFindings[];
  /** Share of texts that are none of the values; null where it isn't measured. */
  other: number | null;
  /** Total variation from the target. */
  distance: ByStage;
  /** Mean of that distance where nothing is wrong. */
  noiseFloor: ByStage;
  /** The 95 % point of it where nothing is wrong. */
  noise95: ByStage;
  /** Whether requests come out as wanted, losses included; null while too few rows say. */
  test: Test | null;
  /** `judge:…`, `eld` or `person`; null: what the texts really are has not been measured. */
  measuredBy: string | null;
  /** Rows whose text was measured. */
  measuredRows: number;
  /** Rows that were looked at, but whose text could be another value as well: not measured. */
  unclearRows?: number;
  /** Share of a value's measured texts that may be taken for another, at most; null: not known. */
  measuredError?: number | null;
  /** Labels by hand that stand behind `realised`, or behind `followed`; 0: none. */
  corrected?: number;
  /** Labels by hand that would be worth it; null: there are some, or none are needed. */
  worth?: number | null;
  /** Of the measured rows: how many that were asked for each value came out as which class. */
  confusion: ConfusionCell[] | null;
  /** P(what a text is | requested value) by pair; null: it wasn't estimated. */
  kernel?: Kernel | null;
  /**
   * The 95 % point of total variation between the shares and what they may really be: of the realised
   * ones where texts were measured, else of the accepted ones. A judge that nobody looked at counts as
   * always right in it. Null without targets, or without ok rows; absent in findings made before.
   */
  error95?: number | null;
  /** What moves the shares off the target, each as total variation. */
  parts?: DistanceParts;
}

/** Rows asked for a value that came out as a class; not whole, with an interval, where estimated. */
export interface ConfusionCell extends Partial<Interval> {
  requested: string;
  realised: string;
  rows: number;
}

/** What requested values turn into: of each value a share for each class, with the sum 1. */
export interface Kernel {
  values: string[];
  classes: string[];
  shares: number[][];
}

/** The three ways from what is drawn for to what the texts are; null: it isn't known. */
export interface DistanceParts {
  /** Planned rows against what is drawn for: chance. */
  draw: number | null;
  /** Ok rows against all that have come: what refusals and other losses make. */
  loss: number | null;
  /** Texts against what they were asked for: what the model makes. */
  drift: number | null;
}

/** One figure each for the planned rows, the ok rows, and the texts. */
export interface ByStage {
  requested: number | null;
  accepted: number | null;
  realised: number | null;
}

/** One value of an attribute. */
export interface ValueFindings {
  value: string;
  /** Wanted share of rows; null where there are no targets. */
  target: number | null;
  /** Share of planned rows. */
  requested: number;
  /** Share of ok rows. */
  accepted: number;
  /** Its 95 % interval over runs of the same kind; null without targets. */
  acceptedInterval?: Interval | null;
  /** Share of texts that are of this value, against the target among values that can be measured. */
  realised: (Interval & { share: number; target: number | null }) | null;
  /**
   * Of an attribute that a text follows or not: the share of its rows that do, and of other rows that
   * do unasked; absent where nobody said.
   */
  followed?: FollowedShare;
}

/** How many texts do what a value asks, 95 % interval; those that weren't asked to apart. */
export interface FollowedShare extends Interval {
  share: number;
  /** Of rows that were asked for something else; null: none of them was labelled. */
  unasked: (Interval & { share: number }) | null;
}

/** A test of a null hypothesis. */
export interface Test {
  statistic: number;
  df: number;
  p: number;
}

/** Lengths in words against their target. */
export interface LengthFindings {
  /** Null where no distribution is configured. */
  target: LengthParameters & { max: number | null } | null;
  /** Lengths that ok rows were asked for, against the target. */
  requested: LengthDistance | null;
  /** Lengths that came, against the target. */
  realised: LengthDistance | null;
  /** The target's distribution fitted to the lengths that came; null where there are too few. */
  fit: LengthParameters | null;
  /** Words that came for each word asked for; null where no length was asked for. */
  ratio: { median: number; q25: number; q75: number } | null;
  /** Share of rows within max(2, .2 × asked) words of what was asked for, with its interval. */
  onTarget: number | null;
  onTargetInterval: Interval | null;
  /** Median words that came and that were asked for, by tenths of what was asked for. */
  byRequest: {
    from: number;
    to: number;
    rows: number;
    asked: number;
    got: number;
    q25: number;
    q75: number;
  }[];
  /** Quantiles .05, .25, .5, .75, .95 and .99 of the target, of what was asked for, of what came. */
  quantiles: { p: number; target: number | null; requested: number | null; realised: number }[];
  rows: number;
}

/** How far lengths are from their target. */
export interface LengthDistance extends Interval {
  /** Wasserstein distance in words, with its bootstrap interval. */
  w1: number;
  /** Largest difference of the distribution functions. */
  ks: number;
  /** Of `ks`, by simulation; null where rows weren't drawn independently. */
  p: number | null;
}

/** Words and phrases: said whatever was asked, due to what was asked, where texts begin and end. */
export interface TermFindings {
  /** In whatever was asked: maximal phrases by score, the highest first. */
  template: TemplateTerm[];
  /** Due to what was asked, by attribute and value, the strongest first. */
  byValue: ValueTerm[];
  /** First 1 to 4 words over all ok rows, by share. */
  openings: EdgeTerm[];
  /** Last 1 to 4 words, likewise. */
  endings: EdgeTerm[];
  /** Against counts of words from elsewhere; null where none were given. */
  reference: ReferenceFindings | null;
}

/** A term that stands in rows whatever they were asked for. */
export interface TemplateTerm {
  term: string;
  /** Words in it, 1 to 4. */
  n: number;
  /** Rows that have it. */
  rows: number;
  /** Of all ok rows. */
  share: number;
  /** Lower 95 % bound of the share (Clopper–Pearson, Bonferroni over all terms). */
  low: number;
  /** The smaller of that bound and the share among the values that have it least: see `templateTerms`. */
  score: number;
  /** Base code of the language in which it scores highest. */
  language: string;
  /** Share of the rows of that language. */
  languageShare: number;
  /** A few rows that have it. */
  examples: RowReference[];
}

/** A term that one value of an attribute brings about. */
export interface ValueTerm {
  term: string;
  attribute: string;
  value: string;
  /** Rows with this value that have the term. */
  rows: number;
  /** Share among the rows with this value, and among the others of the same language. */
  share: number;
  others: number;
  /** Conservative log2 ratio of the two shares, above 0. */
  lrc: number;
  /** Benjamini–Hochberg over all terms and values. */
  q: number;
  /** Bias-corrected Cramér's V of the term with the attribute. */
  v: number;
  verdict: "echo" | "topical" | "mixed";
}

/** The first or last words of texts. */
export interface EdgeTerm extends Interval {
  term: string;
  n: number;
  rows: number;
  share: number;
  /** False where an attribute explains which rows have it; absent in findings made before that was told. */
  even?: boolean;
}

/** Words that stand more often in the run than in a reference. */
export interface ReferenceFindings {
  /** The file, or the package's name. */
  name: string;
  /** Base code of the reference's language, and the share of the run's ok rows that are asked in it. */
  language: string;
  languageShare: number;
  /** What sets the reference apart from messages to an assistant, in a sentence. */
  caveat: string;
  /** Words in the reference, all told. */
  words: number;
  terms: {
    term: string;
    rows: number;
    count: number;
    perMillion: number;
    reference: number;
    lrc: number;
  }[];
}

/** How alike the texts are. */
export interface DiversityFindings {
  /** Rows equal to an earlier one but for case, punctuation and spaces. */
  exactDuplicates: number;
  /**
   * Different texts that are nearly the same: similar by their characters, or, where they are short,
   * other than each other in a function word or in typos. Rows of a cluster are all near its first one.
   */
  nearDuplicates: {
    clusters: number;
    /** Rows with a near copy, exact copies of them too: a few may be near a cluster's later rows only. */
    rows: number;
    /** The largest first, at most 100, at most 50 rows named in each; `text`: that of the first. */
    largest: { size: number; rows: RowReference[]; text: string }[];
  };
  /** Different n-grams of n words ÷ n-grams, in samples of `per` words; null where there are fewer. */
  distinct: { "1": number | null; "2": number | null; "3": number | null; per: number };
  /** exp of the entropy of the first three words, as a number of openings; null where it isn't defined. */
  effectiveOpenings: number | null;
  entropy: {
    /** Chao–Shen estimate for words; null where it isn't defined. */
    words: number | null;
    unit: "bits";
    /** Likewise for the first three words. */
    openings: number | null;
    /** The most that so many different words and openings can have. */
    wordsMost: number | null;
    openingsMost: number | null;
    /** Words and rows that it was estimated on: compare runs at the same numbers only. */
    atWords: number;
    atRows: number;
  };
  /** Bytes ÷ compressed bytes of at most `compressedBytes` of texts. */
  compression: number | null;
  compressedBytes: number;
  /** Mean over rows of ln(1 + repetitions of its 4-grams in other rows). */
  selfRepetition: number | null;
  /** Along the run, in equal parts in the order in which rows came. */
  drift: DriftPart[];
}

/** Ok rows whose text is a list of several messages instead of one. */
export interface SeveralFindings extends Interval {
  rows: number;
  /** Of all ok rows. */
  share: number;
  /** The first of them, at most 20. */
  examples: RowReference[];
}

/** One part of a run in the order in which its rows came. */
export interface DriftPart {
  /** Index of the first row and of the row after the last. */
  from: number;
  to: number;
  /** Share of its rows that repeat an earlier row of the same part (exactly or nearly). */
  repeats: number;
  /** Different 2-grams ÷ 2-grams in samples of a common size; null where there are fewer words. */
  distinct2: number | null;
  medianWords: number;
}

/** Rows lost among those asked with a value. */
export interface LostShare extends Interval {
  attribute: string;
  value: string;
  /** Rows asked with the value that are neither pending nor failed. */
  planned: number;
  lost: number;
  share: number;
  /** The lost ones by outcome. */
  by: Record<LostOutcome, number>;
}

/** What of the wanted distribution's tails the ok rows reach. */
export interface CoverageFindings {
  pairs: { possible: number; seen: number };
  /** By two attributes. */
  byAttributes: {
    attributes: [string, string];
    possible: number;
    seen: number;
    /** Pairs that no ok row has, the most wanted first, at most 20. */
    never: { values: [string, string]; expected: number }[];
  }[];
  /** Ok rows at and beyond the 95th and 99th percentile of the target length. */
  lengthTail: { p: number; words: number; expected: number; asked: number; got: number }[];
  /** The values with the fewest ok rows, at most 10. */
  smallest: { attribute: string; value: string; rows: number; expected: number }[];
  /** Rows in all for at least 10 ok rows of every wanted value, and for a row of 95 % of all pairs. */
  needed: { values: number | null; pairs: number | null };
}
