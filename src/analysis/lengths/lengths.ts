import type { LengthConfig, LengthParameters, Sampling } from "../../config/types.ts";
import { lengths } from "../../plan/length.ts";
import { type Histogram, histogram, histogramQuantile } from "../../stats/histogram.ts";
import { wilson } from "../../stats/intervals.ts";
import { kolmogorovSmirnov, kolmogorovSmirnovTest } from "../../stats/kolmogorov_smirnov.ts";
import { fitLognormal } from "../../stats/lognormal_fit.ts";
import { quantileSorted } from "../../stats/quantile.ts";
import { openRandom } from "../../stats/random_stream.ts";
import type { ShiftedLognormal } from "../../stats/shifted_lognormal.ts";
import { wasserstein, wassersteinInterval } from "../../stats/wasserstein.ts";
import type { LengthDistance, LengthFindings } from "../findings.ts";
import type { Corpus } from "../reading/rows.ts";

/** Fewer rows fit almost any distribution. */
const LEAST_ROWS_FOR_FIT = 50;
/** Twice the log likelihood that a free shift must gain: the 95 % point of chi-square with 1 df. */
const GAIN_OF_SHIFT = 3.841458820694124;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const GROUPS = 10;

/** What lengths are compared with. */
export interface LengthOptions {
  /** The target, and what is drawn to get there; null: none is configured. */
  length: LengthConfig | null;
  /** How requests were drawn; null: not here, so nobody knows. */
  sampling: Sampling | null;
  /** Of the resampling; 1 if not given. The same seed gives the same findings. */
  seed?: number;
}

/**
 * Lengths in words of all ok rows: those that were asked for and those that came, each against the
 * target (cut at its `max`), and the ones against the others.
 *
 * `p` is of rows that are drawn independently of each other. It is null where they were spread evenly
 * or nobody knows: there the interval of `w1` says whether a difference is more than noise. It takes
 * rows for independent, so for evenly spread requests it is wider than need be.
 *
 * `fit` has the target's shift wherever the lengths allow it: the shift and the mean trade off against
 * each other, and freely fitted ones couldn't be compared with the target's. The shift is fitted only
 * where the interval of its profile likelihood leaves the target's out (a likelihood ratio test at
 * 5 %), or there is no target. It is null below 50 rows or 4 different lengths.
 *
 * @param corpus The ok rows; with no length asked for (`requestedWords` 0) a row counts for what came
 * only.
 * @returns Null without rows. Without a target or requests, what needs them is null.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lengthFindings } from "./lengths.ts";
 * const rows = { size: 3, requestedWords: Uint32Array.of(10, 10, 20), words: Uint32Array.of(9, 11, 12) };
 * const findings = lengthFindings(rows, { length: null, sampling: null });
 * assert.equal(findings?.onTarget, 2 / 3);
 * assert.equal(findings?.ratio?.median, 0.9);
 * ```
 */
export function lengthFindings(
  corpus: Pick<Corpus, "size" | "requestedWords" | "words">,
  { length, sampling, seed = 1 }: LengthOptions,
): LengthFindings | null {
  if (corpus.size === 0) return null;
  const got = histogram(corpus.words);
  const askedOf = corpus.requestedWords.filter((words) => words > 0);
  const asked = askedOf.length > 0 ? histogram(askedOf) : null;
  const target = length === null ? null : lengths(length, "target");
  const distance = (counts: Histogram, stage: string): LengthDistance | null =>
    target === null ? null : distanceFrom(target, counts, {
      random: openRandom(seed, "lengths", stage),
      areIndependent: sampling === "independent",
    });
  return {
    target: length === null ? null : { ...parametersOf(length), max: length.max },
    requested: asked === null ? null : distance(asked, "requested"),
    realised: distance(got, "realised"),
    fit: corpus.size < LEAST_ROWS_FOR_FIT ? null : fitTo(got, length?.shift ?? null),
    ...pairFindings(corpus, askedOf.length),
    quantiles: QUANTILES.map((p) => ({
      p,
      target: target?.quantile(p) ?? null,
      requested: asked === null ? null : histogramQuantile(asked, p),
      realised: histogramQuantile(got, p),
    })),
    rows: corpus.size,
  };
}

function parametersOf({ mean, sigma, shift }: LengthParameters): LengthParameters {
  return { mean, sigma, shift };
}

function distanceFrom(
  target: ShiftedLognormal,
  counts: Histogram,
  { random, areIndependent }: { random: () => number; areIndependent: boolean },
): LengthDistance {
  return {
    w1: wasserstein(counts, target),
    ...wassersteinInterval(counts, target, { random }),
    ks: kolmogorovSmirnov(counts, target.cdf),
    p: areIndependent ? kolmogorovSmirnovTest(counts, target, { random }) : null,
  };
}

function fitTo(got: Histogram, shift: number | null): LengthParameters | null {
  // No length is below 1 by the target's definition; a text of signs alone has 0 words.
  const counts = got.slice();
  if (counts.length > 1) {
    counts[1]! += counts[0]!;
    counts[0] = 0;
  }
  const free = fitLognormal(counts);
  if (free === null) return null;
  const held = shift === null ? null : fitLognormal(counts, { shift });
  const isExcluded = held === null ||
    2 * (free.logLikelihood - held.logLikelihood) > GAIN_OF_SHIFT;
  return parametersOf(isExcluded ? free : held);
}

/** What came against what was asked for, row by row. */
function pairFindings(
  { size, requestedWords, words }: Pick<Corpus, "size" | "requestedWords" | "words">,
  pairs: number,
): Pick<LengthFindings, "ratio" | "onTarget" | "onTargetInterval" | "byRequest"> {
  if (pairs === 0) return { ratio: null, onTarget: null, onTargetInterval: null, byRequest: [] };
  const ratios = new Float64Array(pairs);
  // What was asked in the upper part, what came in the lower: one sort brings both in order.
  const ordered = new Float64Array(pairs);
  let near = 0;
  let at = 0;
  for (let row = 0; row < size; row++) {
    const asked = requestedWords[row]!;
    if (asked === 0) continue;
    const got = words[row]!;
    ratios[at] = got / asked;
    if (Math.abs(got - asked) <= Math.max(2, asked / 5)) near++;
    ordered[at++] = asked * 2 ** 21 + Math.min(got, 2 ** 21 - 1);
  }
  ratios.sort();
  return {
    ratio: {
      median: quantileSorted(ratios, 0.5),
      q25: quantileSorted(ratios, 0.25),
      q75: quantileSorted(ratios, 0.75),
    },
    onTarget: near / pairs,
    onTargetInterval: wilson(near, pairs),
    byRequest: byRequest(ordered.sort()),
  };
}

/**
 * Rows in ten groups of about one size by what was asked for. Rows that were asked for the same are
 * never parted, so there may be fewer groups.
 */
function byRequest(ordered: Float64Array): LengthFindings["byRequest"] {
  const asked = ordered.map((pair) => Math.floor(pair / 2 ** 21));
  const groups: LengthFindings["byRequest"] = [];
  let start = 0;
  while (start < asked.length) {
    // To the end of the tenth that the first row lies in, and of the rows asked for the same.
    const tenth = Math.floor(start * GROUPS / asked.length) + 1;
    let end = Math.max(start + 1, Math.round(tenth * asked.length / GROUPS));
    while (end < asked.length && asked[end] === asked[end - 1]) end++;
    const got = ordered.subarray(start, end).map((pair) => pair % 2 ** 21).sort();
    groups.push({
      from: asked[start]!,
      to: asked[end - 1]!,
      rows: end - start,
      asked: quantileSorted(asked.subarray(start, end), 0.5),
      got: quantileSorted(got, 0.5),
      q25: quantileSorted(got, 0.25),
      q75: quantileSorted(got, 0.75),
    });
    start = end;
  }
  return groups;
}
