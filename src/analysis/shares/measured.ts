import type { Interval } from "../../stats/intervals.ts";
import type { AttributeFindings } from "../findings.ts";
import type { CorpusAttribute } from "../reading/rows.ts";
import { betaInterval, type PairShares, sharesByHand, sharesByPair } from "./by_pair.ts";
import { PERSON } from "../../run/log/labels.ts";
import type { LabelledPair } from "./pair_model.ts";
import {
  type Confusion,
  confusionOf,
  effectiveWeights,
  type Labels,
  placesOf,
  type RealisedShares,
  realisedShares,
} from "./realised.ts";

/** What was found of the texts of one attribute. */
export interface Texts extends Confusion {
  by: string;
  /** Measured rows that were asked for a value. */
  measured: number;
  /** Rows whose class isn't clear. */
  unclear: number;
  /** By value: the share of its texts that may be taken for others; undefined: not known. */
  errors: Float64Array | undefined;
  /** The places of `values` among the attribute's. */
  places: number[];
  /** A person's labels that stand behind the shares. */
  corrected: number;
  /** What a person says beside a judge, of rows that were asked for a value. */
  labelled: LabelledPair[];
}

/**
 * Whether all that is known of the texts is the word of a judge whose errors nobody looked at: then
 * they can't be told from what the texts really turned into.
 */
export function isJudgeAlone({ by, corrected }: Pick<Texts, "by" | "corrected">): boolean {
  return by.startsWith("judge:") && corrected === 0;
}

/**
 * The share of texts that a judge nobody looked at may well take for others. Models label such
 * messages right 76 to 88 times of 100 by what is published.
 */
export const PLAUSIBLE_ERROR = 0.25;

/** Labels of one attribute against its requests; undefined where no text was measured. */
export function textsOf(labels: Labels, attribute: CorpusAttribute): Texts | undefined {
  const confusion = confusionOf(labels, attribute);
  const measured = confusion.rows.reduce((sum, rows) => sum + rows, 0);
  if (measured === 0) return undefined;
  const { by, unclear = 0, errors } = labels;
  const labelled = pairsOf(labels, attribute);
  return {
    ...confusion,
    by,
    unclear,
    errors,
    measured,
    places: confusion.values.map((value) => attribute.values.indexOf(value)),
    corrected: by === PERSON ? measured : labelled.length,
    labelled,
  };
}

function pairsOf({ classes, of, byHand }: Labels, attribute: CorpusAttribute): LabelledPair[] {
  if (byHand === undefined) return [];
  const values = classes.slice(0, -2);
  const places = placesOf(attribute, values);
  const weight = effectiveWeights(byHand, { attribute, places, values: values.length });
  const pairs: LabelledPair[] = [];
  for (const [row, real] of byHand.of.entries()) {
    const requested = places[attribute.codes[row]!]!;
    if (real < 0 || requested < 0) continue;
    pairs.push({ requested, judged: of[row]! < 0 ? null : of[row]!, real, weight: weight(row) });
  }
  return pairs;
}

/** The shares of the texts' classes, and what each request turns into where that was estimated. */
export interface TextShares extends RealisedShares {
  /** Null: the counts are all that is known. */
  pair: PairShares | null;
}

/**
 * The shares of the texts' classes: by pair where a person labelled some, a judge's word where none
 * did. Labels by hand are few, so what is known of one value tells of others; others' are counted.
 *
 * @param options `weights`: what was asked for, by value, in any unit; `others`: weights with the
 * sum 1 by which draws are wanted, too.
 * @returns Null where nothing that was asked for was measured.
 */
export function sharesOfTexts(
  texts: Texts,
  options: { weights: Float64Array; others?: readonly Float64Array[]; seed: number },
): TextShares | null {
  const { by, counts, labelled, values, classes, errors } = texts;
  const { others = [], seed } = options;
  const sum = options.weights.reduce((total, weight) => total + weight, 0);
  const weights = options.weights.map((weight) => weight / sum);
  if (sum > 0 && labelled.length > 0) {
    const pairs = { values: values.length, classes: classes.length, judged: counts, labelled };
    const pair = sharesByPair(pairs, { weights, others, seed });
    return { ...pair, pair };
  }
  if (sum > 0 && by === PERSON) {
    const pair = sharesByHand(counts, { weights, seed });
    return pair && { ...pair, pair };
  }
  const counted = realisedShares(counts, { weights: options.weights, errors });
  return counted && { ...counted, pair: null };
}

/** Cells with fewer rows aren't listed where the rows are estimated. */
const LEAST_LISTED = 0.05;

/**
 * What each request came out as, the most frequent first; what wasn't asked for anything is last.
 * Where it was estimated by pair, rows needn't be whole and have the interval of their share.
 */
export function listedConfusion(
  texts: Texts,
  pair: PairShares | null,
): NonNullable<AttributeFindings["confusion"]> {
  const { values, classes, counts, rows, unasked } = texts;
  return [...values, ""].flatMap((requested, r) => {
    const isEstimated = pair !== null && requested !== "";
    return classes.map((realised, k) => {
      const cell = r * classes.length + k;
      if (!isEstimated) {
        return { requested, realised, rows: requested === "" ? unasked[k]! : counts[cell]! };
      }
      const mean = pair.kernel[cell]!;
      const interval: Interval = betaInterval({ mean, variance: pair.kernelVariance[cell]! });
      return { requested, realised, rows: mean * rows[r]!, ...interval };
    })
      .filter(({ rows }) => isEstimated ? rows >= LEAST_LISTED : rows > 0)
      .sort((a, b) => b.rows - a.rows);
  });
}

/** P(real | requested) as findings have it. */
export function kernelOf(
  { values, classes }: Pick<Texts, "values" | "classes">,
  { kernel }: PairShares,
): NonNullable<AttributeFindings["kernel"]> {
  const size = classes.length;
  return {
    values: [...values],
    classes: [...classes],
    shares: values.map((_, r) => Array.from(kernel.subarray(r * size, (r + 1) * size))),
  };
}

/** Labels by hand that tell a judge's errors well enough: by values, within these. */
const WORTH = { least: 100, most: 200, each: 10 };

/**
 * How many labels by hand would be worth it where a judge's word is all there is: 100 make the shares
 * of 10 values better than 600 by the judge alone, and 200 those of 28; null where there are some.
 */
export function worthOf(texts: Texts): number | null {
  if (!isJudgeAlone(texts)) return null;
  const { least, most, each } = WORTH;
  return Math.min(texts.measured, most, Math.max(least, each * texts.values.length));
}
