import type { Grammar, LanguageName, ToneName } from "./grammar.ts";
import { languageNames, toneNames } from "./grammar.ts";
import { danish } from "./languages/danish.ts";
import { english } from "./languages/english.ts";
import { swedish } from "./languages/swedish.ts";
import type { TopicName } from "./topics.ts";
import { topicNames, topics } from "./topics.ts";

/** The sentences of every language. */
export const grammars: Record<LanguageName, Grammar> = {
  English: english,
  Swedish: swedish,
  Danish: danish,
};

/** The tone that has no phrases: what a text is where none of the moods shows. */
export const neutralTone = "Neutral";

const languageAliases: Record<LanguageName, readonly string[]> = {
  English: ["en", "eng", "engelska", "engelsk"],
  Swedish: ["sv", "swe", "svenska", "svensk"],
  Danish: ["da", "dan", "dansk", "danska"],
};

const toneAliases: Record<ToneName | typeof neutralTone, readonly string[]> = {
  Worried: ["anxious"],
  Angry: ["furious"],
  Friendly: [],
  Impatient: [],
  Confused: ["puzzled"],
  Disappointed: [],
  Polite: ["formal"],
  Curious: [],
  [neutralTone]: ["matter-of-fact"],
};

const topicsByKey = new Map(
  topicNames.flatMap((name): [string, TopicName][] =>
    [name, ...topics[name].aliases].map((alias) => [keyOf(alias), name])
  ),
);
const tonesByKey = new Map(
  [...toneNames, neutralTone as typeof neutralTone].flatMap((
    name,
  ): [string, ToneName | typeof neutralTone][] =>
    [name, ...toneAliases[name]].map((alias) => [keyOf(alias), name])
  ),
);
const languagesByKey = new Map(
  languageNames.flatMap((name): [string, LanguageName][] =>
    [name, ...languageAliases[name]].map((alias) => [keyOf(alias), name])
  ),
);

/** The topic with words of its own that goes by this name, null for any other. */
export function topicOf(name: string): TopicName | null {
  return topicsByKey.get(keyOf(name)) ?? null;
}

/** The tone that goes by this name, null for one without phrases of its own. */
export function toneOf(name: string): ToneName | typeof neutralTone | null {
  return tonesByKey.get(keyOf(name)) ?? null;
}

/** The language that goes by this name or code, null for one that can't be written. */
export function languageOf(name: string): LanguageName | null {
  return languagesByKey.get(keyOf(name)) ?? null;
}

/** Names by which a topic, a tone or a language is found in running text (codes aren't). */
export const spokenNames = {
  topic: [...topicsByKey.keys()],
  tone: [...tonesByKey.keys()],
  language: [...languagesByKey.keys()].filter((name) => name.length > 3),
};

function keyOf(name: string): string {
  return name.normalize("NFC").trim().toLowerCase().replace(/(?<=[^s])s$/, "");
}
