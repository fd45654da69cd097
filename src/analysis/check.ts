import type { Config } from "../config/types.ts";
import { questionsOf } from "../judge/questions.ts";
import { marginals } from "../plan/marginals.ts";
import { totalVariation } from "../stats/distance.ts";
import type { Interval } from "../stats/intervals.ts";
import type { FollowedShare } from "./findings.ts";
import type { StoredAttribute, StoredFindings } from "./stored_findings.ts";

/** How far the shares of one attribute are from what they should be. */
export interface CheckedAttribute {
  attribute: string;
  /** What is compared: what texts are, or what ok rows were asked for. */
  stage: "realised" | "accepted";
  /** What it is held against: the target, or what was drawn for, which differs by draw factors. */
  against: "target" | "drawn";
  /** What says what the texts are; null: it isn't known. */
  measuredBy: string | null;
  /** Labels by hand behind that; with a judge and 0 its error isn't known. */
  corrected: number;
  /** Whether texts should be measured by it and weren't. */
  isMissing: boolean;
  /** Total variation; null without ok rows. */
  distance: number | null;
  /** The 95 % point of its own resampling error. */
  error95: number | null;
  /** Tolerance and error: a larger distance is beyond. */
  limit: number | null;
  isBeyond: boolean;
  /** Values whose interval excludes what they should be, those that are off most first. */
  off: OffValue[];
  /** Where texts follow a value or not: how many do. They have no distance. */
  followed: { value: string; followed: FollowedShare }[];
}

/** A value's share and what it should be. */
export interface OffValue {
  /** Null: texts that are none of the values. */
  value: string | null;
  share: number;
  expected: number;
  /** 95 %; null: of texts that are none of the values it isn't known. */
  interval: Interval | null;
}

/** What {@linkcode checkShares} says of a run. */
export interface Check {
  /** The worst first: by how far each is beyond its limit. */
  attributes: CheckedAttribute[];
  /** Stems of those that are beyond. */
  beyond: string[];
  /** Stems of those that should be measured and weren't. */
  notMeasured: string[];
}

/**
 * Holds a run's shares against their targets: an attribute is beyond where its total variation is
 * larger than the tolerance by more than the 95 % point of its own resampling error. So a run whose
 * real distance is the tolerance is called beyond in at most 5 of 100 cases.
 *
 * - What texts are is compared with the target where it is known. Else ok rows are compared, by what
 *   they were asked for, with the weights that they were drawn with: that shows losses, and isn't drift.
 * - Attributes that texts follow or not have no distance: their ok rows are compared likewise, and how
 *   many texts follow each value is listed.
 * - `isMissing` spares what settings say to skip, and attributes whose only value is `""`.
 *
 * @param options `config`: the run's own; `tolerance`: in [0, 1].
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkShares } from "./check.ts";
 * const item = { score: 1, factor: 1, prompt: null, when: null };
 * const attributes = { tone: [{ ...item, value: "Calm" }, { ...item, value: "Angry" }] };
 * const settings = { temperature: 1, frequency_penalty: 0, seed: 1, sampling: "even" as const, timeout: 60 };
 * const value = { target: 0.5, requested: 0.5, realised: null, acceptedInterval: null };
 * const tone = {
 *   values: [{ ...value, value: "Calm", accepted: 0.7 }, { ...value, value: "Angry", accepted: 0.3 }],
 *   other: null, distance: { requested: 0, accepted: 0.2, realised: null },
 *   measuredBy: null, measuredRows: 0, error95: 0.04,
 * };
 * const { beyond } = checkShares({ tone }, { config: { attributes, settings }, tolerance: 0.05 });
 * assert.deepEqual(beyond, ["tone"]);
 * ```
 */
export function checkShares(
  attributes: StoredFindings["attributes"],
  options: { config: Pick<Config, "attributes" | "settings">; tolerance: number },
): Check {
  const { config, tolerance } = options;
  const drawn = marginals(config, { weights: "draw" });
  const stems = Object.keys(config.attributes);
  const measurable = new Set(questionsOf(config, { attributes: stems }).map(({ stem }) => stem));
  const checked = Object.entries(attributes).map(([stem, found]): CheckedAttribute => {
    const weights = new Map(drawn[stem]?.map(({ value, share }) => [value, share]));
    const compared = found.distance.realised === null
      ? acceptedAgainst(found, weights)
      : realisedAgainst(found);
    const { distance } = compared;
    const { error95, measuredBy, corrected = 0 } = found;
    const limit = error95 === null ? null : tolerance + error95;
    return {
      attribute: stem,
      ...compared,
      measuredBy,
      corrected,
      isMissing: measuredBy === null && measurable.has(stem),
      error95,
      limit,
      isBeyond: distance !== null && limit !== null && distance > limit,
      followed: found.values.flatMap(({ value, followed }) =>
        followed === undefined ? [] : [{ value, followed }]
      ),
    };
  }).sort((a, b) => excess(b) - excess(a));
  return {
    attributes: checked,
    beyond: checked.filter(({ isBeyond }) => isBeyond).map(({ attribute }) => attribute),
    notMeasured: checked.filter(({ isMissing }) => isMissing).map(({ attribute }) => attribute),
  };
}

type Compared = Pick<CheckedAttribute, "stage" | "against" | "distance" | "off">;

function realisedAgainst({ values, other, distance }: StoredAttribute): Compared {
  const shares = values.flatMap(({ value, realised }): OffValue[] => {
    if (realised === null) return [];
    const { share, target, low, high } = realised;
    return [{ value, share, expected: target ?? 0, interval: { low, high } }];
  });
  shares.push({ value: null, share: other ?? 0, expected: 0, interval: null });
  return {
    stage: "realised",
    against: "target",
    distance: distance.realised,
    off: offValues(shares),
  };
}

function acceptedAgainst(
  { values, distance }: StoredAttribute,
  weights: ReadonlyMap<string, number>,
): Compared {
  const isKnown = distance.accepted !== null;
  const shares = values.map(({ value, accepted, acceptedInterval }): OffValue => ({
    value,
    share: accepted,
    expected: weights.get(value) ?? 0,
    interval: acceptedInterval,
  }));
  const [found, expected] = [shares.map(({ share }) => share), shares.map((one) => one.expected)];
  return {
    stage: "accepted",
    against: "drawn",
    distance: isKnown ? totalVariation(found, expected) : null,
    off: isKnown ? offValues(shares) : [],
  };
}

function offValues(shares: readonly OffValue[]): OffValue[] {
  return shares.filter(({ share, expected, interval }) => {
    const { low, high } = interval ?? { low: share, high: share };
    return expected < low || expected > high;
  }).sort((a, b) => Math.abs(b.share - b.expected) - Math.abs(a.share - a.expected));
}

/** By how much it is beyond; what isn't known comes last. */
function excess({ distance, limit }: CheckedAttribute): number {
  return distance === null || limit === null ? -Infinity : distance - limit;
}
