/** Things of the same kind, each known by the first of them that came. */
export interface Firsts {
  /** The first of the thing's kind: the thing itself where it is new. */
  add(thing: number, hash: number): number;
  /** The first of those kinds with this hash that `is` says yes to; -1: none. */
  find(hash: number, is: (first: number) => boolean): number;
  /** Forgets all. */
  clear(): void;
}

/**
 * A hash table of whole numbers that stand for things, such as rows for their texts. Things are the
 * same only where `same` says so, never by their hashes alone.
 *
 * @param most How many kinds it has to hold.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { firstsOf } from "./firsts.ts";
 * const words = ["red", "blue", "red"];
 * const firsts = firstsOf(3, (a, b) => words[a] === words[b]);
 * assert.deepEqual([0, 1, 2].map((word) => firsts.add(word, 7)), [0, 1, 0]);
 * ```
 */
export function firstsOf(most: number, same: (a: number, b: number) => boolean): Firsts {
  const capacity = tableSize(most);
  const mask = capacity - 1;
  // One more than the thing; 0: free.
  const things = new Uint32Array(capacity);
  const hashes = new Int32Array(capacity);
  return {
    add(thing, hash) {
      hash |= 0;
      let slot = hash & mask;
      for (; things[slot] !== 0; slot = (slot + 1) & mask) {
        const first = things[slot]! - 1;
        if (hashes[slot] === hash && same(first, thing)) return first;
      }
      things[slot] = thing + 1;
      hashes[slot] = hash;
      return thing;
    },
    find(hash, is) {
      hash |= 0;
      for (let slot = hash & mask; things[slot] !== 0; slot = (slot + 1) & mask) {
        const first = things[slot]! - 1;
        if (hashes[slot] === hash && is(first)) return first;
      }
      return -1;
    },
    clear() {
      things.fill(0);
    },
  };
}

/** A power of 2 that leaves at least half of a table free. */
export function tableSize(most: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(8, 2 * most)));
}
