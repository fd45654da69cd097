import type { Config, Sampling } from "../../config/types.ts";
import { marginals, type ValueShare } from "../../plan/marginals.ts";
import { totalVariation } from "../../stats/distance.ts";
import { lossTest, pairTest, realisedTest, type Survival, survivedShares } from "./as_wanted.ts";
import type {
  AttributeFindings,
  DistanceParts,
  FollowedShare,
  Test,
  ValueFindings,
} from "../findings.ts";
import { acceptedError } from "./error95.ts";
import type { Followed } from "./followed.ts";
import {
  isJudgeAlone,
  kernelOf,
  listedConfusion,
  PLAUSIBLE_ERROR,
  sharesOfTexts,
  type Texts,
  type TextShares,
  textsOf,
  worthOf,
} from "./measured.ts";
import { acceptedNoise, type Noise, pairNoise, realisedNoise, requestNoise } from "./noise.ts";
import type { Labels } from "./realised.ts";
import { type RequestDraw, requestDraws } from "./request_draws.ts";
import type { OutcomeTally, Reading, Source } from "../reading/rows.ts";

/** What the findings on attributes are made from, beside the rows. */
export interface AttributeOptions {
  /** Where targets come from; null: there are none. */
  config: Config | null;
  /** Null where the rows weren't drawn here. */
  drawn: Source["drawn"];
  /** What the texts really are, for the attributes of which that is known. */
  labels?: readonly Labels[];
  /** By stem: how many texts do what each value asks. */
  followed?: ReadonlyMap<string, Followed>;
  /** Of the noise's draws, 1 if not given. */
  seed?: number;
}

/**
 * Whether topics, tones, languages came out as configured: for each attribute of the rows what is
 * wanted, what was asked (pending rows too), what came out ok, and, where labels tell, what the texts
 * are. Values that rows have and the config doesn't are listed too, with the target 0.
 *
 * - The target is the marginal of the frequency scores, through `when`.
 * - Without rows `requested` and `accepted` are 0, and their distances null.
 * - `realised` is null for `""`, for values that can't be measured, and for all where no text was; its
 *   target is the target among those that can be. It is weighted by the requested shares, so losses
 *   show in `accepted` and not in it.
 * - Noise is around what was drawn for, the scores times the draw factors: that is the target where
 *   there are no factors. For rows that weren't drawn here it is around the target, as if they had been
 *   drawn independently. It takes the rows of each source to be the first of
 *   a plan, and the sources to have the same size.
 * - Where labels err, realised intervals and noise are wider by the mistakes that there may be, and
 *   the test takes as many rows that came otherwise for mistakes.
 * - Where a person labelled some, shares, noise and test are by pair (see `sharesByPair`) and carry the
 *   judge's error. Of a judge alone that isn't known: noise is wider by what it may plausibly mistake,
 *   and there is no test.
 * - The test, too, is about what was drawn for (for rows that weren't drawn here: about the target), so
 *   that the noise of the draws doesn't count. Where texts are measured it asks whether they come out
 *   as wanted, losses included; else whether losses leave the shares as they were drawn for. It is null
 *   while a value with a target of .01 or more has fewer than 10 ok rows, or 10 measured ones.
 *
 * @returns By stem, in the order of the reading.
 * @throws {UserError} if the config leaves nothing to draw.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { attributeFindings } from "./attributes.ts";
 * import { corpusOf } from "../reading/corpus.ts";
 * const item = { score: 1, factor: 1, prompt: null, when: null };
 * const attributes = { tone: [{ ...item, value: "Calm" }, { ...item, value: "Angry" }] };
 * const config = {
 *   folder: "config", context: "", attributes, length: null, prompt: null, avoid: [],
 *   settings: { temperature: null, frequency_penalty: null, seed: 1, sampling: "even" as const, timeout: 60 },
 * };
 * const rows = ["Calm", "Calm", "Angry", "Calm"].map((tone) => ({ text: "Hi", attributes: { tone } }));
 * const { tone } = attributeFindings(corpusOf(rows, { config }), { config, drawn: null });
 * assert.equal(tone?.values[0]?.requested, 0.75);
 * assert.equal(tone?.distance.accepted, 0.25);
 * ```
 */
export function attributeFindings(
  reading: Pick<Reading, "corpus" | "tallies">,
  options: AttributeOptions,
): Record<string, AttributeFindings> {
  const { config, drawn, labels = [], followed, seed = 1 } = options;
  const targets = config && marginals(config, { weights: "target" });
  const draws = config && drawn ? marginals(config, { weights: "draw" }) : targets;
  const plans = Math.max(1, reading.corpus.runs.length);
  return Object.fromEntries(reading.tallies.map((tally, place) => {
    const { stem, values } = tally;
    const target = targets?.[stem];
    const aim = config && target
      ? {
        config,
        target: inOrder(values, target),
        drawn: inOrder(values, draws?.[stem] ?? target),
        sampling: drawn && drawn.sampling,
      }
      : null;
    const found = labels.find(({ attribute }) => attribute === stem);
    const texts = found && textsOf(found, reading.corpus.attributes[place]!);
    const options = { aim, texts: texts ?? null, followed: followed?.get(stem), plans, seed };
    return [stem, oneAttribute(tally, options)];
  }));
}

/** What is wanted of one attribute, by value in the tally's order. */
interface Aim {
  config: Config;
  target: Float64Array;
  /** What was drawn for: the target times the draw factors. */
  drawn: Float64Array;
  /** Null where it isn't known. */
  sampling: Sampling | null;
}

function inOrder(values: readonly string[], known: readonly ValueShare[]): Float64Array {
  const shares = new Map(known.map(({ value, share }) => [value, share]));
  return Float64Array.from(values, (value) => shares.get(value) ?? 0);
}

function oneAttribute(
  tally: OutcomeTally,
  options: {
    aim: Aim | null;
    texts: Texts | null;
    followed: Followed | undefined;
    plans: number;
    seed: number;
  },
): AttributeFindings {
  const { aim, texts, followed } = options;
  const planned = sumOf(tally.planned);
  const ok = sumOf(tally.rows.ok);
  const requested = sharesOf(tally.planned);
  const accepted = sharesOf(tally.rows.ok);
  const shares = texts && textShares(tally, { ...options, texts, requested });
  const realised = texts && shares && realisedOf(texts, { shares, target: aim && aim.target });
  const noise = noiseOf(tally, { ...options, shares });
  return {
    values: tally.values.map((value, i): ValueFindings => ({
      value,
      target: aim && aim.target[i]!,
      requested: requested[i]!,
      accepted: accepted[i]!,
      acceptedInterval: noise.error?.intervals[i] ?? null,
      realised: realised?.values.get(i) ?? null,
      ...followedOf(followed?.shares.get(value)),
    })),
    other: realised && realised.other,
    distance: {
      requested: aim && planned > 0 ? totalVariation(requested, aim.target) : null,
      accepted: aim && ok > 0 ? totalVariation(accepted, aim.target) : null,
      realised: realised && realised.distance,
    },
    noiseFloor: {
      requested: noise.requested && noise.requested.mean,
      accepted: noise.accepted && noise.accepted.mean,
      realised: noise.realised && noise.realised.mean,
    },
    noise95: {
      requested: noise.requested && noise.requested.p95,
      accepted: noise.accepted && noise.accepted.p95,
      realised: noise.realised && noise.realised.p95,
    },
    test: aim && testOf(tally, { aim, texts, shares }),
    measuredBy: texts?.by ?? followed?.by ?? null,
    corrected: texts?.corrected ?? followed?.corrected ?? 0,
    worth: texts ? worthOf(texts) : followed?.worth ?? null,
    measuredRows: texts?.measured ?? followed?.rows ?? 0,
    unclearRows: texts ? texts.unclear : 0,
    measuredError: texts?.errors ? Math.max(...texts.errors) : null,
    confusion: texts && listedConfusion(texts, shares && shares.pair),
    kernel: texts && shares?.pair ? kernelOf(texts, shares.pair) : null,
    error95: realised === null ? noise.error && noise.error.error95 : noise.textsError,
    parts: partsOf(tally, { aim, texts, shares }),
  };
}

/** The shares of the texts, with draws by what was drawn for and by what losses left of it. */
function textShares(
  tally: OutcomeTally,
  { aim, texts, requested, seed }: {
    aim: Aim | null;
    texts: Texts;
    requested: Float64Array;
    seed: number;
  },
): TextShares | null {
  const weights = Float64Array.from(texts.places, (place) => requested[place]!);
  const drawn = aim && withSumOne(Float64Array.from(texts.places, (place) => aim.drawn[place]!));
  const survived = drawn && survivedShares(drawn, survivalOf(tally, texts.places));
  const others = drawn && survived ? [drawn, survived] : [];
  return sharesOfTexts(texts, { weights, others, seed });
}

/** The shares of the texts' classes, by place of the value, and how far they are from the target. */
function realisedOf(
  texts: Texts,
  { shares: { shares, intervals }, target }: { shares: TextShares; target: Float64Array | null },
): {
  values: Map<number, NonNullable<ValueFindings["realised"]>>;
  other: number;
  distance: number | null;
} {
  const { classes, places } = texts;
  const aimed = target && withSumOne(Float64Array.from(places, (place) => target[place]!));
  const values = places.map((place, k) => {
    const found = { share: shares[k]!, target: aimed && aimed[k]!, ...intervals[k]! };
    return [place, found] as const;
  });
  return {
    values: new Map(values),
    other: shares.at(-2)! + shares.at(-1)!,
    distance: aimed &&
      totalVariation(shares, Float64Array.from(classes, (_, k) => aimed[k] ?? 0)),
  };
}

function followedOf(followed: FollowedShare | undefined): { followed?: FollowedShare } {
  return followed === undefined ? {} : { followed };
}

/** How far shares are from what is drawn for where nothing is wrong, and how far off they may be. */
interface NoiseByStage {
  requested: Noise | null;
  accepted: Noise | null;
  realised: Noise | null;
  error: ReturnType<typeof acceptedError>;
  /** The 95 % point of total variation between the texts' shares and what they may really be. */
  textsError: number | null;
}

function noiseOf(
  tally: OutcomeTally,
  options: {
    aim: Aim | null;
    texts: Texts | null;
    shares: TextShares | null;
    plans: number;
    seed: number;
  },
): NoiseByStage {
  const { aim, texts, shares, plans, seed } = options;
  const none = { requested: null, accepted: null, realised: null, error: null, textsError: null };
  const planned = sumOf(tally.planned);
  if (aim === null || planned === 0) return none;
  const draw = requestDraws(aim.config, {
    stem: tally.stem,
    values: tally.values,
    shares: aim.drawn,
    sampling: aim.sampling,
    plans,
  });
  const ok = sumOf(tally.rows.ok);
  // The pending rows are the last of the plan: what came is the noise of the first.
  const rows = planned - sumOf(tally.rows.pending);
  return {
    requested: requestNoise({ draw, shares: aim.drawn, rows: planned, seed }),
    accepted: ok === 0 ? null : acceptedNoise({ draw, shares: aim.drawn, rows, ok, seed }),
    realised: texts && noiseOfTexts(texts, { aim, shares, draw, rows: planned, seed }),
    error: acceptedError({ ...ownDraw(tally, { aim, draw }), ...answeredOf(tally), seed }),
    textsError: texts && errorOfTexts(texts, { aim, shares, draw, rows: planned, seed }),
  };
}

/** How requests vary around what was drawn for; of rows that weren't drawn here, around what they are. */
function ownDraw(
  { stem, values, planned }: OutcomeTally,
  { aim, draw }: { aim: Aim; draw: RequestDraw },
): { draw: RequestDraw; shares: Float64Array } {
  const { config, sampling, drawn } = aim;
  if (sampling !== null) return { draw, shares: drawn };
  const shares = sharesOf(planned);
  return { draw: requestDraws(config, { stem, values, shares, sampling }), shares };
}

/** Rows that have a record, by value, and those of them that are ok. */
function answeredOf({ planned, rows }: OutcomeTally): { asked: Float64Array; ok: Float64Array } {
  return {
    asked: Float64Array.from(planned, (count, i) => count - rows.pending[i]!),
    ok: Float64Array.from(rows.ok),
  };
}

/** What the noise and the error of the texts' shares are made from. */
interface TextNoiseOptions {
  aim: Aim;
  shares: TextShares | null;
  draw: RequestDraw;
  /** Those planned. */
  rows: number;
  seed: number;
}

function noiseOfTexts(
  texts: Texts,
  options: TextNoiseOptions,
): Noise | null {
  const { aim, shares, draw, rows, seed } = options;
  const { places, counts, labelled } = texts;
  const weights = Float64Array.from(places, (place) => aim.drawn[place]!);
  const drawn = withSumOne(weights);
  const [draws] = shares?.pair?.others ?? [];
  if (labelled.length > 0 && shares?.pair && drawn !== null && draws !== undefined) {
    const { kernel } = shares.pair;
    return pairNoise(draws, { kernel, weights: drawn, places, draw, rows, seed });
  }
  const errors = isJudgeAlone(texts)
    ? new Float64Array(places.length).fill(PLAUSIBLE_ERROR)
    : texts.errors;
  return realisedNoise(counts, { weights, places, errors, draw, rows, seed });
}

/**
 * By how much the texts' shares may be off. Shares by pair are drawn from what is known of them, counted
 * ones from what each request turned into. A judge alone counts as if it were
 * always right: that its errors aren't known has to be said beside it.
 */
function errorOfTexts(
  texts: Texts,
  options: TextNoiseOptions,
): number | null {
  const { aim, shares, ...others } = options;
  const { places, counts, errors } = texts;
  const weights = Float64Array.from(places, (place) => aim.drawn[place]!);
  const drawn = withSumOne(weights);
  if (shares?.pair && drawn !== null) {
    const { draws, kernel } = shares.pair;
    return pairNoise(draws, { kernel, weights: drawn, places, ...others }).p95;
  }
  return realisedNoise(counts, { weights, places, errors, ...others })?.p95 ?? null;
}

/** Ok rows, and measured ones, that a value needs for the test, where it's wanted this often. */
const LEAST_ROWS = 10;
const OFTEN = 0.01;

function testOf(
  tally: OutcomeTally,
  { aim, texts, shares }: { aim: Aim; texts: Texts | null; shares: TextShares | null },
): Test | null {
  const { ok } = tally.rows;
  const places = texts ? texts.places : Array.from(tally.values.keys());
  const tooFew = places.some((place, r) =>
    aim.target[place]! >= OFTEN && Math.min(ok[place]!, texts?.rows[r] ?? Infinity) < LEAST_ROWS
  );
  const weights = withSumOne(Float64Array.from(places, (place) => aim.drawn[place]!));
  const target = withSumOne(Float64Array.from(places, (place) => aim.target[place]!));
  if (tooFew || weights === null || target === null) return null;
  const survival = survivalOf(tally, places);
  if (texts === null) return lossTest({ weights, survival });
  // A judge's errors can't be told from drift where nobody looked at them.
  if (isJudgeAlone(texts)) return null;
  const [, draws] = shares?.pair?.others ?? [];
  if (texts.labelled.length > 0 && shares?.pair && draws !== undefined) {
    return pairTest(draws, { kernel: shares.pair.kernel, weights, target, survival });
  }
  return realisedTest(texts.counts, { weights, target, survival, errors: texts.errors });
}

function survivalOf({ planned, rows }: OutcomeTally, places: readonly number[]): Survival {
  const { ok, pending, failed } = rows;
  return {
    asked: Float64Array.from(
      places,
      (place) => planned[place]! - pending[place]! - failed[place]!,
    ),
    ok: Float64Array.from(places, (place) => ok[place]!),
  };
}

/** How far each step moves the shares, from what is drawn for to what the texts are. */
function partsOf(
  tally: OutcomeTally,
  { aim, texts, shares }: { aim: Aim | null; texts: Texts | null; shares: TextShares | null },
): DistanceParts {
  const all = Array.from(tally.values.keys());
  const { asked, ok } = survivalOf(tally, all);
  const requested = withSumOne(Float64Array.from(tally.planned));
  const came = withSumOne(asked);
  const accepted = withSumOne(ok);
  const known = texts && shares && !isJudgeAlone(texts);
  const weights = known
    ? withSumOne(Float64Array.from(texts.places, (place) => tally.planned[place]!))
    : null;
  return {
    draw: aim && requested && totalVariation(requested, aim.drawn),
    loss: came && accepted && totalVariation(accepted, came),
    drift: known && weights
      ? totalVariation(
        shares.shares,
        Float64Array.from(texts.classes, (_, k) => weights[k] ?? 0),
      )
      : null,
  };
}

function sharesOf(counts: Uint32Array): Float64Array {
  const sum = sumOf(counts);
  return Float64Array.from(counts, (count) => sum === 0 ? 0 : count / sum);
}

function withSumOne(weights: Float64Array): Float64Array | null {
  const sum = sumOf(weights);
  return sum > 0 ? weights.map((weight) => weight / sum) : null;
}

function sumOf(counts: Float64Array | Uint32Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
