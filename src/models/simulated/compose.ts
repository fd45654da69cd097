import type { Decision } from "./decide.ts";
import type { Grammar, TopicWords } from "./grammar.ts";
import { grammars, topicOf } from "./languages.ts";
import { capitalised, countWords, fill, framesWithin, pick } from "./sentence.ts";
import { shortNameOf } from "./short_name.ts";
import { tracesWithin } from "./traces.ts";

/** Draws of a sentence before the best one so far is taken. */
const TRIES = 14;

/** A frame comes back only after so many others: about 300 words later. */
const REMEMBERED_FRAMES = 60;

/**
 * Writes the text of a decision: sentences on the topic, put together until the words aimed at are
 * there, with the tone's phrases, the instruction and the other attributes woven in where they fit.
 * The length is met within a word or two: a text too short for an attribute shows nothing of it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compose } from "./compose.ts";
 * import { decide } from "./decide.ts";
 * import { profileOf } from "./profiles.ts";
 * import { readRequest } from "./request.ts";
 * const content = "- Topic: Mortgage\n- Length: 30 words";
 * const request = readRequest([{ role: "user", content }]);
 * const decision = decide(request, { seed: 1, profile: profileOf("faithful") });
 * assert(compose(decision).split(" ").length > 20);
 * ```
 */
export function compose(decision: Decision): string {
  const { random } = decision;
  const grammar = grammars[decision.language];
  const topic = topicWords(grammar, decision.topic);
  if (decision.canned) return grammar.canned;

  let left = decision.words;
  const ending = decision.ending ? grammar.ending : "";
  if (ending) left -= countWords(ending);
  // What the core of the message needs at least: a few words, more after the overused opening.
  const core = decision.opening ? 4 : left < 4 ? 1 : 2;
  const extras = tracesWithin(left - core, { grammar, decision });
  for (const sentence of extras) left -= countWords(sentence);

  const used: string[] = [];
  const write = (frames: readonly string[]): string | null => {
    const sentence = bestFit(frames, { grammar, topic, random, left, used });
    if (sentence === null) return null;
    left -= countWords(sentence);
    return sentence;
  };

  const { phrase, goesOn } = grammar.opening;
  let first: string | null = null;
  if (decision.opening) {
    left -= countWords(phrase);
    let rest = write(goesOn);
    if (rest === null) {
      rest = fill(pick(goesOn, random), { grammar, topic, random });
      left -= countWords(rest);
    }
    first = `${phrase} ${rest.charAt(0).toLowerCase()}${rest.slice(1)}`;
  } else {
    first = (left >= 5 ? write(grammar.core) : null) ?? write(grammar.brief);
    if (first === null) {
      first = capitalised(pick(topic.word, random));
      left -= countWords(first);
    }
  }
  const more: string[] = [];
  while (left >= 3) {
    const sentence = write(grammar.detail);
    if (sentence === null) break;
    more.push(sentence);
  }
  let greeting = "";
  let closing = "";
  if (left > 0 && decision.words > 3) {
    const before = random() < 0.5 && !decision.opening;
    const fits = (before ? grammar.greetings : grammar.closings)
      .filter((text) => countWords(text) === left);
    if (fits.length > 0 && before) greeting = pick(fits, random);
    else if (fits.length > 0) closing = pick(fits, random);
  }
  if (random() < 0.5 || decision.opening) more.push(...extras);
  else more.splice(Math.floor(random() * (more.length + 1)), 0, ...extras);
  const rest = [...more, closing, ending].filter((sentence) => sentence !== "");
  if (rest.length > 0 && !/[.?!]$/.test(first)) first += ".";
  return [...(greeting ? [greeting] : []), first, ...rest].join(" ");
}

/** The words of a topic, of a topic that is only known by name, or of none. */
export function topicWords(grammar: Grammar, topic: string | null): TopicWords {
  if (topic === null) return grammar.general;
  const known = topicOf(topic);
  if (known) return grammar.topics[known];
  const named = (phrases: readonly string[]) =>
    phrases.map((phrase) => phrase.replace("{value}", () => shortNameOf(topic)));
  const { word, thing, act } = grammar.named;
  return { word: named(word), thing: named(thing), act: named(act) };
}

/** A sentence within the room that leaves none over, or enough to fill; the closest else. */
function bestFit(
  frames: readonly string[],
  { grammar, topic, random, left, used }: {
    grammar: Grammar;
    topic: TopicWords;
    random: () => number;
    left: number;
    used: string[];
  },
): string | null {
  let best: { sentence: string; over: number; frame: string } | null = null;
  const within = framesWithin(frames, left);
  const fresh = used.length === 0 ? within : within.filter((frame) => !used.includes(frame));
  if (fresh.length === 0) return null;
  for (let i = 0; i < TRIES; i++) {
    const frame = pick(fresh, random);
    const sentence = fill(frame, { grammar, topic, random });
    const over = left - countWords(sentence);
    if (over < 0) continue;
    if (best === null || over < best.over) best = { sentence, over, frame };
    if (over !== 1 && over !== 2 || random() < 0.3) {
      best = { sentence, over, frame };
      break;
    }
  }
  if (best === null) return null;
  used.push(best.frame);
  if (used.length > REMEMBERED_FRAMES) used.shift();
  return best.sentence;
}
