import type { LanguageName } from "./grammar.ts";
import { languageOf, neutralTone, toneOf, topicOf } from "./languages.ts";
import type { Leak, Profile } from "./profiles.ts";
import { topics } from "./topics.ts";

/** The leak that a requested value is subject to, null where it always comes out as asked. */
export function leakOf(
  profile: Profile,
  asked: { attribute: "topic" | "tone" | "language"; value: string },
): Leak | null {
  if (asked.attribute === "tone") return profile.toneLeaks[toneOf(asked.value) ?? ""] ?? null;
  if (asked.attribute === "language") {
    return profile.languageLeaks[languageOf(asked.value) ?? ""] ?? null;
  }
  const topic = topicOf(asked.value);
  if (topic === null) return null;
  const pair = profile.topicLeaks[topic];
  if (pair) return pair;
  const sink = profile.topicSink.to[topics[topic].field];
  return sink === topic || profile.topicSink.share === 0
    ? null
    : { to: sink, share: profile.topicSink.share };
}

/**
 * What a requested value is expected to come out as in ok texts: a row of the confusion matrix. The
 * canned texts are on no topic (`none`) and in no mood (`Neutral`), in the language that came out.
 * A tone shows in texts of at least four words, a topic in any, but a canned text is never short.
 * Values without words of their own don't leak.
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
export function expectedRealised(
  profile: Profile,
  asked: { attribute: "topic" | "tone" | "language"; value: string },
): Record<string, number> {
  const leak = leakOf(profile, asked);
  const canned = asked.attribute === "language" ? 0 : profile.canned;
  const shares: Record<string, number> = {};
  const add = (value: string, share: number) => {
    if (share > 0) shares[value] = (shares[value] ?? 0) + share;
  };
  add(asked.value, (1 - canned) * (1 - (leak?.share ?? 0)));
  if (leak) add(leak.to, (1 - canned) * leak.share);
  add(asked.attribute === "topic" ? "none" : neutralTone, canned);
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
