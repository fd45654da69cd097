import type { Grammar, TopicWords } from "./grammar.ts";

/** Numbers in texts run from 2 to this. */
const LARGEST_COUNT = 59;

/** One of the items; the list must not be empty. */
export function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError("Cannot pick from an empty list");
  return item;
}

/** Runs of non-space. */
export function countWords(text: string): number {
  let words = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const space = text.charCodeAt(i) <= 32;
    if (!space && !inside) words++;
    inside = !space;
  }
  return words;
}

/** Frames that may have no more than so many words, each slot taken for one word. */
export function framesWithin(frames: readonly string[], words: number): readonly string[] {
  if (words >= LONGEST_FRAME) return frames;
  let lists = framesByLength.get(frames);
  if (!lists) {
    lists = Array.from(
      { length: LONGEST_FRAME },
      (_, most) => frames.filter((frame) => countWords(frame) <= most),
    );
    framesByLength.set(frames, lists);
  }
  return lists[Math.max(0, words)] ?? [];
}

/** From this room on, every frame is tried. */
const LONGEST_FRAME = 13;
// Kept, since the same few lists are asked for in every call.
const framesByLength = new WeakMap<readonly string[], string[][]>();

/** The text with its first letter in upper case. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * A frame's sentence: each slot filled with a phrase of the topic or the language, all drawn anew.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { grammars } from "./languages.ts";
 * import { fill } from "./sentence.ts";
 * const topic = { word: ["fees"], thing: ["the fee"], act: ["pay"] };
 * const text = fill("where is {thing}?", { grammar: grammars.English, topic, random: Math.random });
 * assert(text === "Where is the fee?");
 * ```
 */
export function fill(
  frame: string,
  { grammar, topic, random }: { grammar: Grammar; topic: TopicWords; random: () => number },
): string {
  const phrase = (slot: string): string => {
    if (slot === "thing" || slot === "act" || slot === "word") return pick(topic[slot], random);
    if (slot === "count") return String(2 + Math.floor(random() * (LARGEST_COUNT - 1)));
    if (slot === "when" || slot === "since" || slot === "where" || slot === "who") {
      return pick(grammar.slots[slot], random);
    }
    throw new RangeError(`No slot "${slot}" in a frame: ${frame}`);
  };
  // By hand, since a regular expression costs more than all else in a call.
  let text = "";
  let at = 0;
  for (;;) {
    const open = frame.indexOf("{", at);
    if (open < 0) return capitalised(text + frame.slice(at));
    const close = frame.indexOf("}", open);
    text += frame.slice(at, open) + phrase(frame.slice(open + 1, close));
    at = close + 1;
  }
}
