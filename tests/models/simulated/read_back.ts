import type { Grammar, LanguageName, ToneName } from "../../../src/models/simulated/grammar.ts";
import { languageNames, toneNames } from "../../../src/models/simulated/grammar.ts";
import { grammars, neutralTone } from "../../../src/models/simulated/languages.ts";
import type { TopicName } from "../../../src/models/simulated/topics.ts";
import { topicNames } from "../../../src/models/simulated/topics.ts";

/** Lower-case words without punctuation. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\d]+(?:[-'’][\p{L}\d]+)*/gu) ?? [];
}

/** Every phrase of a topic. */
export function topicPhrases(grammar: Grammar, topic: TopicName): string[] {
  const { word, thing, act } = grammar.topics[topic];
  return [...word, ...thing, ...act];
}

/** The words that a topic or a tone alone has, by language. */
export const ownWords = {
  topic: byLanguage((grammar) => ownOf(grammar, topicsOf(grammar), tonesOf(grammar))),
  tone: byLanguage((grammar) => ownOf(grammar, tonesOf(grammar), topicsOf(grammar))),
};

const vocabularies = byLanguage((grammar) => new Set(wordsOf(stringsOf(grammar).join(" "))));

/** The language that most words of a text belong to. */
export function readLanguage(text: string): LanguageName {
  const words = wordsOf(text);
  const hits = (name: LanguageName) => words.filter((word) => vocabularies[name].has(word)).length;
  return languageNames.toSorted((a, b) => hits(b) - hits(a))[0] ?? "English";
}

/** The topic whose own words a text has, `none` where it has none. */
export function readTopic(text: string, language: LanguageName): TopicName | "none" {
  return most(wordsOf(text), ownWords.topic[language]) ?? "none";
}

/** The tone whose own words a text has, Neutral where it has none. */
export function readTone(text: string, language: LanguageName): ToneName | typeof neutralTone {
  return most(wordsOf(text), ownWords.tone[language]) ?? neutralTone;
}

function most<T extends string>(words: string[], own: Map<T, Set<string>>): T | null {
  let best: T | null = null;
  let bestHits = 0;
  for (const [name, vocabulary] of own) {
    const hits = words.filter((word) => vocabulary.has(word)).length;
    if (hits > bestHits) [best, bestHits] = [name, hits];
  }
  return best;
}

function topicsOf(grammar: Grammar): Map<TopicName, string[]> {
  return new Map(topicNames.map((name) => [name, wordsOf(topicPhrases(grammar, name).join(" "))]));
}

function tonesOf(grammar: Grammar): Map<ToneName, string[]> {
  return new Map(toneNames.map((name) => [name, wordsOf(grammar.tones[name].join(" "))]));
}

function ownOf<T extends string, U extends string>(
  grammar: Grammar,
  groups: Map<T, string[]>,
  elsewhere: Map<U, string[]>,
): Map<T, Set<string>> {
  const { topics: _topics, tones: _tones, ...rest } = grammar;
  const common = new Set([
    ...wordsOf(stringsOf(rest).join(" ")),
    ...[...elsewhere.values()].flat(),
  ]);
  return new Map([...groups].map(([name, words]) => {
    const others = new Set([...groups].flatMap(([other, theirs]) => other === name ? [] : theirs));
    return [name, new Set(words.filter((word) => !common.has(word) && !others.has(word)))];
  }));
}

function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

function byLanguage<T>(make: (grammar: Grammar) => T): Record<LanguageName, T> {
  return {
    English: make(grammars.English),
    Swedish: make(grammars.Swedish),
    Danish: make(grammars.Danish),
  };
}
