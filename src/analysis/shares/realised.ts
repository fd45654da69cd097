import { type Interval, wilson } from "../../stats/intervals.ts";
import type { CorpusAttribute } from "../reading/rows.ts";

/** What the texts of a corpus really are, by one attribute. */
export interface Labels {
  /** The attribute's stem. */
  attribute: string;
  /** What said so: `eld`, `judge:…` or `person`. */
  by: string;
  /**
   * What a text can be found to be: the attribute's values that can be told from one another, none of
   * them `""`, and then, always the last two, `none` of them and any `other`.
   */
  classes: readonly string[];
  /** By row of the corpus: the index of its class; -1: it hasn't been measured. */
  of: Int32Array;
  /** By row: how many rows it stands for, among those asked for the same; 1 each if not given. */
  weights?: Float64Array;
  /** What persons say beside a judge, likewise; absent: nothing. */
  byHand?: { of: Int32Array; weights: Float64Array };
  /** Rows that were looked at, but whose class isn't clear: they aren't measured. 0 if not given. */
  unclear?: number;
  /** By value: the share of its measured texts that may be taken for other values, or for `other`. */
  errors?: Float64Array;
}

/** How many of the measured rows that were asked for which value came out as which class. */
export interface Confusion {
  /** The attribute's values that can be measured: the classes without `none` and `other`. */
  values: readonly string[];
  classes: readonly string[];
  /** The counts, value after value: those of value r start at `r * classes.length`. */
  counts: Float64Array;
  /** Measured rows by value; where rows stand for more than others, the counts' sums are smaller. */
  rows: Float64Array;
  /** The counts of rows that were asked for nothing (`""`), which are outside measurement. */
  unasked: Float64Array;
}

/**
 * Counts labels against requests. Rows that were asked for a value which can't be measured are left
 * out. Where rows stand for more rows than others do, those asked for a value count as so many as
 * would tell as much if they all stood for one: their effective number (Kish 1965, "Survey Sampling").
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confusionOf } from "./realised.ts";
 * const attribute = {
 *   stem: "tone", values: ["Calm", ""], codes: Uint16Array.of(0, 0, 1), isLanguage: false,
 * };
 * const labels = {
 *   attribute: "tone", by: "person", classes: ["Calm", "none", "other"], of: Int32Array.of(0, 1, 1),
 * };
 * assert.deepEqual([...confusionOf(labels, attribute).counts], [1, 1, 0]);
 * const weights = Float64Array.of(3, 1, 1);
 * assert.deepEqual([...confusionOf({ ...labels, weights }, attribute).counts], [1.2, 0.4, 0]);
 * ```
 */
export function confusionOf(
  labels: Labels,
  attribute: CorpusAttribute,
): Confusion {
  const { classes, of } = labels;
  const values = classes.slice(0, -2);
  const places = placesOf(attribute, values);
  const effective = effectiveWeights(labels, { attribute, places, values: values.length });
  const counts = new Float64Array(values.length * classes.length);
  const rows = new Float64Array(values.length);
  const unasked = new Float64Array(classes.length);
  for (let row = 0; row < of.length; row++) {
    const found = of[row]!;
    const asked = places[attribute.codes[row]!]!;
    if (found < 0) continue;
    if (asked >= 0) {
      counts[asked * classes.length + found]! += effective(row);
      rows[asked]! += 1;
    } else if (asked === NOTHING) unasked[found]! += effective(row);
  }
  return { values, classes, counts, rows, unasked };
}

/** The place of a value that was asked for nothing, and of one that can't be measured. */
const NOTHING = -2;
const UNKNOWN = -1;

/** By an attribute's value: its place among those that can be measured. */
export function placesOf(attribute: CorpusAttribute, values: readonly string[]): number[] {
  return attribute.values.map((value) => value === "" ? NOTHING : values.indexOf(value));
}

/**
 * As how many rows a labelled row counts: those asked for the same value count as their effective
 * number in all, (Σ weights)² / Σ weights².
 *
 * @param options `places`: see {@linkcode placesOf}; `values`: how many can be measured.
 */
export function effectiveWeights(
  { of, weights }: Pick<Labels, "of" | "weights">,
  options: { attribute: CorpusAttribute; places: readonly number[]; values: number },
): (row: number) => number {
  if (weights === undefined) return () => 1;
  const { attribute, places, values } = options;
  // What was asked for nothing comes last.
  const groupOf = (row: number) => {
    const place = places[attribute.codes[row]!]!;
    return place === NOTHING ? values : place;
  };
  const sums = new Float64Array(values + 1);
  const squares = new Float64Array(values + 1);
  for (let row = 0; row < of.length; row++) {
    const group = groupOf(row);
    if (of[row]! < 0 || group === UNKNOWN) continue;
    sums[group]! += weights[row]!;
    squares[group]! += weights[row]! ** 2;
  }
  return (row) => weights[row]! * sums[groupOf(row)]! / squares[groupOf(row)]!;
}

/** What the texts are, over all that was asked for. */
export interface RealisedShares {
  /** By class, with the sum 1. */
  shares: Float64Array;
  /** Of each class's share, 95 %. */
  intervals: Interval[];
}

/**
 * The share of each class, from its share among the rows asked for each value, weighted as the
 * requests were: q_k = Σ_r w_r O_rk. Losses don't enter: they are told by the accepted shares. The
 * values without measured rows leave their weight to the others.
 *
 * The intervals take the requests as they are: what varies is what each request turned into. A share
 * is what its own requests keep plus what the others' requests lend it. Each part gets a score
 * interval (for the second with as many rows as would give its weighted share the variance that it
 * has within the requests), and the two are joined by the distances of their ends (Zou & Donner 2008,
 * "Construction of confidence limits about effect measures", Statistics in Medicine 27). So the ends
 * hold where a share is made of rare leaks, or of none seen so far.
 *
 * @param options `weights`: what was asked for, by value, in any unit; `errors`: as those of
 * {@linkcode Labels}, none if not given: a share may be larger by its own texts that are taken for
 * others, and smaller by those of others.
 * @returns Null where no row with a weight was measured.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { realisedShares } from "./realised.ts";
 * // 10 of 100 texts asked in Danish came out in English; half of the rows were asked for either.
 * const counts = Float64Array.of(90, 10, 0, 0, 0, 50, 0, 0);
 * const realised = realisedShares(counts, { weights: Float64Array.of(0.5, 0.5) });
 * assert.deepEqual([...realised?.shares ?? []], [0.45, 0.55, 0, 0]);
 * ```
 */
export function realisedShares(
  counts: Float64Array,
  { weights, errors }: { weights: Float64Array; errors?: Float64Array | undefined },
): RealisedShares | null {
  const classes = counts.length / weights.length;
  const rows = rowsByValue(counts, weights.length);
  const shared = measuredWeights(weights, rows);
  if (shared === null) return null;
  const shares = weightedShares(counts, { weights: shared, rows });
  const mistaken = shared.map((weight, r) => weight * (errors?.[r] ?? 0));
  const allMistaken = mistaken.reduce((sum, each) => sum + each, 0);
  const intervals = Array.from(shares, (share, k): Interval => {
    // A class that is a value has requests of its own.
    const kept = k < weights.length && rows[k]! > 0 ? counts[k * classes + k]! : null;
    const own = kept === null ? 0 : shared[k]!;
    const lent = lentShare(counts, { k, classes, rows, weights: shared });
    let below = 0;
    let above = 0;
    if (kept !== null) {
      const { low, high } = wilson(kept, rows[k]!);
      below += (own * (kept / rows[k]! - low)) ** 2;
      above += (own * (high - kept / rows[k]!)) ** 2;
    }
    below += (lent.weight * (lent.share - lent.low)) ** 2;
    above += (lent.weight * (lent.high - lent.share)) ** 2;
    // A text is mistaken for another value, not for none or other.
    const isValue = k < weights.length;
    const gone = isValue ? mistaken[k]! : 0;
    const come = isValue ? allMistaken - gone : 0;
    return {
      low: Math.max(0, share - Math.sqrt(below) - come),
      high: Math.min(1, share + Math.sqrt(above) + gone),
    };
  });
  return { shares, intervals };
}

/** What the other values' requests lend a class, as a share of their weight, with its interval. */
function lentShare(
  counts: Float64Array,
  options: { k: number; classes: number; rows: Float64Array; weights: Float64Array },
): Interval & { share: number; weight: number } {
  const { k, classes, rows, weights } = options;
  let weight = 0;
  let lent = 0;
  let squares = 0;
  for (let r = 0; r < weights.length; r++) {
    if (r === k || weights[r] === 0) continue;
    weight += weights[r]!;
    lent += weights[r]! * counts[r * classes + k]! / rows[r]!;
    squares += weights[r]! ** 2 / rows[r]!;
  }
  if (weight === 0) return { weight: 0, share: 0, low: 0, high: 0 };
  const share = Math.min(1, lent / weight);
  let variance = 0;
  for (let r = 0; r < weights.length; r++) {
    if (r === k || weights[r] === 0) continue;
    // One row as all the others are: a request that never leaked so far isn't certain not to.
    const own = (counts[r * classes + k]! + share) / (rows[r]! + 1);
    variance += (weights[r]! / weight) ** 2 * own * (1 - own) / rows[r]!;
  }
  const n = variance > 0 ? share * (1 - share) / variance : weight * weight / squares;
  return { weight, share, ...wilson(share * n, n) };
}

/** Measured rows by value. */
export function rowsByValue(counts: Float64Array, values: number): Float64Array {
  const classes = counts.length / values;
  return Float64Array.from(
    { length: values },
    (_, r) => counts.subarray(r * classes, (r + 1) * classes).reduce((sum, n) => sum + n, 0),
  );
}

/** The weights of the values that have rows, with the sum 1; null where there are none. */
export function measuredWeights(weights: Float64Array, rows: Float64Array): Float64Array | null {
  const measured = weights.map((weight, r) => rows[r]! > 0 ? weight : 0);
  const sum = measured.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? measured.map((weight) => weight / sum) : null;
}

function weightedShares(
  counts: Float64Array,
  { weights, rows }: { weights: Float64Array; rows: Float64Array },
): Float64Array {
  const classes = counts.length / weights.length;
  const shares = new Float64Array(classes);
  for (let r = 0; r < weights.length; r++) {
    if (weights[r] === 0) continue;
    for (let k = 0; k < classes; k++) {
      shares[k]! += weights[r]! * counts[r * classes + k]! / rows[r]!;
    }
  }
  return shares;
}

/**
 * The counts with as many rows as can be mistakes given back to the value that they were asked for: of
 * n_r measured rows up to e_r n_r that were found to be other values, and as many found to be `other`.
 *
 * @param options `errors`: by value, as those of {@linkcode Labels}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { withoutMistakes } from "./realised.ts";
 * const counts = Float64Array.of(90, 10, 0, 0, 1, 49, 0, 0);
 * const given = withoutMistakes(counts, { errors: Float64Array.of(0.04, 0.04) });
 * assert.deepEqual([...given], [94, 6, 0, 0, 0, 50, 0, 0]);
 * ```
 */
export function withoutMistakes(
  counts: Float64Array,
  { errors }: { errors: Float64Array },
): Float64Array {
  const values = errors.length;
  const classes = counts.length / values;
  const rows = rowsByValue(counts, values);
  const given = counts.slice();
  for (let r = 0; r < values; r++) {
    const most = errors[r]! * rows[r]!;
    const elsewhere = Array.from({ length: values }, (_, k) => k).filter((k) => k !== r);
    for (const group of [elsewhere, [classes - 1]]) {
      const gone = group.reduce((sum, k) => sum + counts[r * classes + k]!, 0);
      const back = Math.min(gone, most);
      if (back === 0) continue;
      for (const k of group) given[r * classes + k]! *= 1 - back / gone;
      given[r * classes + r]! += back;
    }
  }
  return given;
}

/**
 * What each request turns into, smoothed: as if five more rows had come of each, most of them as
 * asked and the rest spread as the leaks of all requests are,
 * P_rk = (c_rk + 5 π_rk) / (n_r + 5) with π_r = (1 - e) · (1 at r) + e · (shares of the classes) and
 * e = (rows that came otherwise than asked + 1) / (rows + 2).
 *
 * @returns Shares by value and class, laid out as the counts; each value's have the sum 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { smoothedShares } from "./realised.ts";
 * const shares = smoothedShares(Float64Array.of(90, 10, 0, 0, 0, 50, 0, 0), { values: 2 });
 * assert.ok(Math.abs((shares[1] ?? 0) - 0.0975) < 0.001 && (shares[4] ?? 0) > 0);
 * ```
 */
export function smoothedShares(
  counts: Float64Array,
  { values }: { values: number },
): Float64Array {
  const classes = counts.length / values;
  const totals = new Float64Array(classes);
  let rows = 0;
  let asAsked = 0;
  for (let r = 0; r < values; r++) {
    asAsked += counts[r * classes + r]!;
    for (let k = 0; k < classes; k++) {
      totals[k]! += counts[r * classes + k]!;
      rows += counts[r * classes + k]!;
    }
  }
  const otherwise = rows > 0 ? (rows - asAsked + 1) / (rows + 2) : 0;
  const shares = new Float64Array(counts.length);
  for (let r = 0; r < values; r++) {
    const own = counts.subarray(r * classes, (r + 1) * classes).reduce((sum, n) => sum + n, 0);
    for (let k = 0; k < classes; k++) {
      const prior = (k === r ? 1 - otherwise : 0) +
        (rows > 0 ? otherwise * totals[k]! / rows : 0);
      shares[r * classes + k] = (counts[r * classes + k]! + PRIOR_ROWS * prior) /
        (own + PRIOR_ROWS);
    }
  }
  return shares;
}

const PRIOR_ROWS = 5;
