import { type Interval, wilson } from "../../stats/intervals.ts";
import type { FollowedShare } from "../findings.ts";
import { quantileSorted } from "../../stats/quantile.ts";
import { openRandom } from "../../stats/random_stream.ts";
import { type AnswerCounts, drawFollowed } from "./followed_model.ts";

/** Whether texts do what instructions ask, by those who read them. */
export interface FollowedLabels {
  /** The attribute's stem. */
  attribute: string;
  /** A judge, else `person`. */
  by: string;
  answers: readonly FollowedAnswers[];
}

/** What was said of one text and one instruction; at least one of the two is there. */
export interface FollowedAnswers {
  /** The value that was asked about. */
  asked: string;
  /** Whether the row was asked for it. */
  isOwn: boolean;
  judge: FollowedAnswer | null;
  person: FollowedAnswer | null;
}

/** One answer, and how many rows it stands for. */
export interface FollowedAnswer {
  yes: boolean;
  weight: number;
}

/** How many texts do what each value asks, and who says so. */
export interface Followed {
  by: string;
  /** Texts that whoever counts was asked about. */
  rows: number;
  /** A person's answers that stand behind the shares. */
  corrected: number;
  /** A person's answers that would be worth it; null: there are some. */
  worth: number | null;
  /** By value. */
  shares: ReadonlyMap<string, FollowedShare>;
}

/**
 * The share of texts that do what each value asks: of the rows that were asked to, and of others. A
 * judge's answers are corrected by a person's (see `drawFollowed`). A judge alone is taken at its word,
 * and so is a person.
 *
 * @returns Values that no row was asked about which was asked for them have no share.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { followedShares } from "./followed.ts";
 * const said = (isOwn: boolean, yes: boolean) => ({
 *   asked: "Be short", isOwn, judge: null, person: { yes, weight: 1 },
 * });
 * const answers = [said(true, true), said(true, false), said(false, false)];
 * const { shares } = followedShares({ attribute: "instruction", by: "person", answers });
 * assert.equal(shares.get("Be short")?.share, 0.5);
 * assert.equal(shares.get("Be short")?.unasked?.share, 0);
 * ```
 */
export function followedShares(
  labels: FollowedLabels,
  { seed = 1 }: { seed?: number } = {},
): Followed {
  const { by, answers } = labels;
  const isJudged = answers.some(({ judge }) => judge !== null);
  const persons = answers.filter(({ person }) => person !== null).length;
  const groups = groupsOf(answers);
  const found = isJudged && persons > 0 ? correctedShares(groups, seed) : groups.map(wordOf);
  const shares = new Map<string, FollowedShare>();
  for (const [place, { asked, isOwn }] of groups.entries()) {
    const share = found[place];
    if (!isOwn || share === undefined || share === null) continue;
    const others = groups.findIndex((group) => group.asked === asked && !group.isOwn);
    shares.set(asked, { ...share, unasked: found[others] ?? null });
  }
  const rows = answers.filter(({ judge, person }) => (isJudged ? judge : person) !== null).length;
  return {
    by,
    rows,
    worth: persons > 0 ? null : Math.min(rows, WORTH),
    corrected: persons,
    shares,
  };
}

/** Answers by hand that make a judge's errors known well enough for a dozen instructions. */
const WORTH = 100;

/** All that was said about one value, of rows that were asked for it or of others. */
interface Group {
  asked: string;
  isOwn: boolean;
  answers: FollowedAnswers[];
}

function groupsOf(answers: readonly FollowedAnswers[]): Group[] {
  const groups = new Map<string, Group>();
  for (const answer of answers) {
    const { asked, isOwn } = answer;
    const key = JSON.stringify([asked, isOwn]);
    const group = groups.get(key) ?? { asked, isOwn, answers: [] };
    groups.set(key, group);
    group.answers.push(answer);
  }
  return [...groups.values()];
}

type Share = Interval & { share: number };

/** The word of the one who answered, the judge's where there is one. */
function wordOf({ answers }: Group): Share | null {
  const said = answers.flatMap(({ judge, person }) => judge ?? person ?? []);
  const scale = scaleOf(said);
  const rows = scale * said.reduce((sum, { weight }) => sum + weight, 0);
  const yes = scale * said.reduce((sum, { yes, weight }) => sum + (yes ? weight : 0), 0);
  return rows === 0 ? null : { share: yes / rows, ...wilson(Math.min(yes, rows), rows) };
}

/** What weights are multiplied by for their sum to be the effective number of rows. */
function scaleOf(answers: readonly FollowedAnswer[]): number {
  const squares = answers.reduce((sum, { weight }) => sum + weight ** 2, 0);
  return squares === 0 ? 0 : answers.reduce((sum, { weight }) => sum + weight, 0) / squares;
}

/** The shares where a judge's errors are known by what a person says of the same texts. */
function correctedShares(groups: readonly Group[], seed: number): Share[] {
  const names = [...new Set(groups.map(({ asked }) => asked))];
  const counts = groups.map((group) => countsOf(group, names.indexOf(group.asked)));
  return drawFollowed(counts, { random: openRandom("followed", seed) }).map((draws) => {
    const sorted = draws.toSorted();
    return {
      share: draws.reduce((sum, share) => sum + share, 0) / draws.length,
      low: quantileSorted(sorted, 0.025),
      high: quantileSorted(sorted, 0.975),
    };
  });
}

function countsOf({ answers, isOwn }: Group, instruction: number): AnswerCounts {
  const counts: AnswerCounts = {
    instruction,
    isOwn,
    judged: { yes: 0, no: 0 },
    pairs: { yesYes: 0, yesNo: 0, noYes: 0, noNo: 0 },
    real: { yes: 0, no: 0 },
  };
  const scale = scaleOf(answers.flatMap(({ judge }) => judge ?? []));
  const byHand = scaleOf(answers.flatMap(({ person }) => person ?? []));
  for (const { judge, person } of answers) {
    if (person === null) {
      if (judge !== null) counts.judged[judge.yes ? "yes" : "no"] += scale * judge.weight;
      continue;
    }
    const weight = byHand * person.weight;
    if (judge === null) counts.real[person.yes ? "yes" : "no"] += weight;
    else counts.pairs[`${person.yes ? "yes" : "no"}${judge.yes ? "Yes" : "No"}`] += weight;
  }
  return counts;
}
