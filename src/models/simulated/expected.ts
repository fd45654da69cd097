import { uniform } from "../../stats/random.ts";
import type { LanguageName } from "./grammar.ts";
import { languageOf, neutralTone, toneOf, topicOf } from "./languages.ts";
import type { Leak, Profile } from "./profiles.ts";
import { topics } from "./topics.ts";

/** A value that is asked for, and what its attribute is taken for. */
export interface AskedValue {
  attribute: "topic" | "tone" | "language" | "other";
  value: string;
}

/** The leak that a requested value is subject to, null where it always comes out as asked. */
export function leakOf(profile: Profile, asked: AskedValue): Leak | null {
  if (asked.attribute === "other") return profile.namedLeaks.other;
  if (asked.attribute === "tone") {
    const tone = toneOf(asked.value);
    return tone === null ? profile.namedLeaks.tone : profile.toneLeaks[tone] ?? null;
  }
  if (asked.attribute === "language") {
    return profile.languageLeaks[languageOf(asked.value) ?? ""] ?? null;
  }
  const topic = topicOf(asked.value);
  if (topic === null) return profile.namedLeaks.topic;
  const pair = profile.topicLeaks[topic];
  if (pair) return pair;
  const sink = profile.topicSink.to[topics[topic].field];
  return sink === topic || profile.topicSink.share === 0
    ? null
    : { to: sink, share: profile.topicSink.share };
}

/**
 * What a requested value is expected to come out as in ok texts: a row of the confusion matrix. The
 * canned texts are on no topic (`none`), in no mood (`Neutral`) and show no other attribute (`none`);
 * they are in the language that came out. A topic shows in any text, a tone in texts of at least two
 * words, what is named by more words in texts that have room for them; a canned text is never short.
 *
 * @returns Shares by what came out, sum 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { expectedRealised } from "./expected.ts";
 * import { profileOf } from "./profiles.ts";
 * const topics = expectedRealised(profileOf("leaky"), { attribute: "topic", value: "Car loan" });
 * assert(Math.abs((topics["Mortgage"] ?? 0) - 0.98 * 0.54) < 1e-12);
 * ```
 */
export function expectedRealised(profile: Profile, asked: AskedValue): Record<string, number> {
  const leak = leakOf(profile, asked);
  const canned = asked.attribute === "language" ? 0 : profile.canned;
  const shares: Record<string, number> = {};
  const add = (value: string, share: number) => {
    if (share > 0) shares[value] = (shares[value] ?? 0) + share;
  };
  const nothing = asked.attribute === "tone" ? neutralTone : "none";
  add(asked.value, (1 - canned) * (1 - (leak?.share ?? 0)));
  if (leak) add(leak.to ?? nothing, (1 - canned) * leak.share);
  add(nothing, canned);
  return shares;
}

/** What calls are expected to end as, where nothing cuts the answers short. */
export interface ExpectedOutcomes {
  ok: number;
  refused: number;
  filtered: number;
  truncated: number;
  empty: number;
}

/**
 * The expected share of each outcome.
 *
 * @param risky Whether the rows' instruction is risky.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { expectedOutcomes } from "./expected.ts";
 * import { profileOf } from "./profiles.ts";
 * assert(expectedOutcomes(profileOf("leaky"), { risky: true }).refused === 0.3);
 * ```
 */
export function expectedOutcomes(
  profile: Profile,
  { risky }: { risky: boolean },
): ExpectedOutcomes {
  const { empty, truncated } = profile;
  const filtered = profile.filteredPrompt + profile.filteredAnswer;
  const refused = risky ? profile.refused.risky : profile.refused.otherwise;
  return { ok: 1 - refused - filtered - truncated - empty, refused, filtered, truncated, empty };
}

/** The expected share of texts that the overused opening opens, by the language that came out. */
export function expectedOpening(profile: Profile, language: LanguageName): number {
  return (1 - profile.canned) * profile.opening[language];
}

/** The expected share of texts that follow their instruction, where they have room for it. */
export function expectedFollowed(profile: Profile): number {
  return (1 - profile.canned) * (1 - profile.ignored);
}

/**
 * What the profile is expected to say of texts that are `truth`, as a judge: a row of its confusion
 * matrix. Half of its errors fall on the next value by name, the others evenly on all answers.
 * Answers that are none of those that may be given aren't counted.
 *
 * @param judged `answers`: those that may be given, in any order; `truth` is one of them.
 * @returns Shares by answer, sum 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { expectedJudged } from "./expected.ts";
 * import { profileOf } from "./profiles.ts";
 * const judged = { truth: "Calm", answers: ["Calm", "Sad", "none", "other"] };
 * const said = expectedJudged({ profile: profileOf("faithful"), ...judged });
 * assert(said["Calm"] === 0.98 && Math.abs((said["Sad"] ?? 0) - 0.02 * (1 / 2 + 1 / 6)) < 1e-12);
 * ```
 */
export function expectedJudged(
  { profile, truth, answers }: { profile: Profile; truth: string; answers: readonly string[] },
): Record<string, number> {
  const error = judgeError(profile, truth);
  const values = answers.filter((answer) => !isNoValue(answer)).toSorted();
  const others = answers.filter((answer) => answer !== truth).toSorted();
  const at = values.indexOf(truth);
  const next = at < 0 || values.length < 2 ? null : values[(at + 1) % values.length] ?? null;
  const even = (next === null ? 1 : 1 / 2) * error / Math.max(1, others.length);
  return Object.fromEntries([
    [truth, others.length === 0 ? 1 : 1 - error],
    ...others.map((answer) => [answer, even + (answer === next ? error / 2 : 0)]),
  ]);
}

/** How often the profile errs on texts that are this value. */
export function judgeError({ judge }: Profile, truth: string): number {
  const isHard = !isNoValue(truth) && uniform("simulated, hard", truth) < judge.hard.share;
  return isHard ? judge.hard.error : judge.error;
}

/** Whether an answer says that the text has none of the values. */
export function isNoValue(answer: string): boolean {
  return answer === "none" || answer === "other";
}
