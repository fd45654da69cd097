import { mix32 } from "../../stats/random.ts";
import type { DistinctTexts } from "./distinct_texts.ts";
import { tableSize } from "./firsts.ts";

/** Characters of a gram, as UTF-16 code units. */
const GRAM = 5;

/** The sets of character 5-grams of texts. */
export interface Grams {
  /** By text: how many different ones it has; 0 for a text of fewer than five characters. */
  counts: Uint32Array;
  /** The most grams of a text, repeated ones counted too. */
  most: number;
  /** Writes a hash of each gram of a text, repeated ones too, and returns how many. */
  hashes(text: number, into: Int32Array): number;
  /** Whether the Jaccard similarity of two texts' sets is at least `least`, above 0: exactly. */
  similar(a: number, b: number, least: number): boolean;
}

/**
 * The sets of character 5-grams of different texts, over what is left without case, punctuation and
 * spaces. A text of fewer than five characters has no grams: it is like no other text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { distinctTexts } from "./distinct_texts.ts";
 * import { gramsOf } from "./grams.ts";
 * const grams = gramsOf(distinctTexts(["Open accounts", "Open account"]));
 * assert(grams.similar(0, 1, 7 / 8) && !grams.similar(0, 1, 0.88));
 * ```
 */
export function gramsOf({ size, units, starts }: DistinctTexts): Grams {
  const counts = new Uint32Array(size);
  let most = 0;
  for (let text = 0; text < size; text++) {
    most = Math.max(most, starts[text + 1]! - starts[text]! - GRAM + 1);
  }
  // The set of one text: places of its grams, where the slot's mark is that of the set.
  const mask = tableSize(most) - 1;
  const places = new Uint32Array(mask + 1);
  const hashes = new Int32Array(mask + 1);
  const marks = new Uint32Array(mask + 1);
  // By slot: the last comparison in which the other text had the gram.
  const met = new Uint32Array(mask + 1);
  let mark = 0;
  let comparison = 0;
  let held = -1;

  const same = (a: number, b: number): boolean =>
    units[a] === units[b] && units[a + 1] === units[b + 1] && units[a + 2] === units[b + 2] &&
    units[a + 3] === units[b + 3] && units[a + 4] === units[b + 4];

  /** Makes a text's set and returns how many grams it has. */
  const hold = (text: number): number => {
    held = text;
    mark++;
    let count = 0;
    const end = starts[text + 1]! - GRAM;
    for (let place = starts[text]!; place <= end; place++) {
      const hash = gramHash(units, place);
      let slot = hash & mask;
      while (marks[slot] === mark && !(hashes[slot] === hash && same(places[slot]!, place))) {
        slot = (slot + 1) & mask;
      }
      if (marks[slot] === mark) continue;
      marks[slot] = mark;
      hashes[slot] = hash;
      places[slot] = place;
      count++;
    }
    return count;
  };
  for (let text = 0; text < size; text++) counts[text] = hold(text);

  return {
    counts,
    most,
    hashes(text, into) {
      let count = 0;
      const end = starts[text + 1]! - GRAM;
      for (let place = starts[text]!; place <= end; place++) {
        into[count++] = gramHash(units, place);
      }
      return count;
    },
    similar(a, b, least) {
      const both = counts[a]! + counts[b]!;
      if (counts[a] === 0 || counts[b] === 0) return false;
      if (held !== a) hold(a);
      comparison++;
      let needed = Math.floor(least * both / (1 + least));
      while (needed / (both - needed) < least) needed++;
      // From the end, since texts begin alike more often than they end alike.
      const start = starts[b]!;
      for (let place = starts[b + 1]! - GRAM; needed > 0; place--) {
        if (place - start + 1 < needed) return false;
        const hash = gramHash(units, place);
        let slot = hash & mask;
        while (marks[slot] === mark && !(hashes[slot] === hash && same(places[slot]!, place))) {
          slot = (slot + 1) & mask;
        }
        if (marks[slot] !== mark || met[slot] === comparison) continue;
        met[slot] = comparison;
        needed--;
      }
      return true;
    },
  };
}

function gramHash(units: Uint16Array, place: number): number {
  return mix32(
    Math.imul(units[place]! | units[place + 1]! << 16, 0x9e3779b1) +
      Math.imul(units[place + 2]! | units[place + 3]! << 16, 0x85ebca6b) +
      Math.imul(units[place + 4]!, 0xc2b2ae35),
  );
}
