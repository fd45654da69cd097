import type { TopicName } from "./topics.ts";

/** The languages that can be written. */
export const languageNames = ["English", "Swedish", "Danish"] as const;
/** A language that can be written. */
export type LanguageName = typeof languageNames[number];

/** Moods with phrases of their own in every language. */
export const toneNames = [
  "Worried",
  "Angry",
  "Friendly",
  "Impatient",
  "Confused",
  "Disappointed",
  "Polite",
  "Curious",
] as const;
/** A mood that has phrases of its own. */
export type ToneName = typeof toneNames[number];

/** What can be said about a topic; each phrase has at least one word that no other topic has. */
export interface TopicWords {
  /** One word that can stand alone. */
  word: readonly string[];
  /** A noun phrase in the singular. */
  thing: readonly string[];
  /** A verb phrase in the infinitive. */
  act: readonly string[];
}

/**
 * Sentences of one language. `{thing}`, `{act}` and `{word}` stand for a phrase of the topic,
 * `{count}` for a number, the other slots for a phrase of `slots`.
 */
export interface Grammar {
  topics: Record<TopicName, TopicWords>;
  /** Where no topic is asked for. */
  general: TopicWords;
  /** A topic without words of its own, named at `{value}`. */
  named: TopicWords;
  slots: {
    /** Time to come. */
    when: readonly string[];
    /** Time from which on. */
    since: readonly string[];
    where: readonly string[];
    who: readonly string[];
  };
  /** Very short messages: one to three words beside the topic's. */
  brief: readonly string[];
  /** First sentences. */
  core: readonly string[];
  /** Further sentences. */
  detail: readonly string[];
  greetings: readonly string[];
  /** Last words that fill up a sentence or two. */
  closings: readonly string[];
  tones: Record<ToneName, readonly string[]>;
  /** Names a tone without phrases of its own at `{value}`; the shortest way last. */
  namedTone: readonly string[];
  /** Quotes the additional instruction at `{value}`; the shortest way last. */
  instruction: readonly [long: string, short: string];
  /** Names any other attribute at `{label}` and `{value}`; the shortest way last. */
  other: readonly string[];
  /** The overused opening and how a sentence goes on after it. */
  opening: { phrase: string; goesOn: readonly string[] };
  /** The overused last sentence. */
  ending: string;
  /** The text that is given again and again. */
  canned: string;
  /** An assistant's words before the message. */
  prefaces: readonly string[];
  refusals: readonly string[];
}
