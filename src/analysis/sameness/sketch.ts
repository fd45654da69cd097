import { hash32, mix32 } from "../../stats/random.ts";

/**
 * Makes sketches of sets: the chance that two sets' sketches agree at a place is the sets' Jaccard
 * similarity, at nearly each place independently, as of as many MinHash permutations.
 *
 * In each round every member of the set goes to one place by a hash of its own; a place takes the
 * smallest hash of the first round that reaches it. Rounds end when no place is free, so that the
 * cost is in members + k·ln k, where permutations take members × k. Dahlgaard, Knudsen and Thorup
 * (2017), "Fast similarity sketching", FOCS.
 *
 * @param places How long a sketch is, at most 32,767.
 * @returns Writes the sketch of the set of the first `count` of `members` (hashes; may repeat).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sketcher } from "./sketch.ts";
 * const [a, b] = [new Int32Array(16), new Int32Array(16)];
 * const sketch = sketcher(16);
 * sketch(Int32Array.of(5, -8, 13), 3, a);
 * sketch(Int32Array.of(13, 5, -8, 5), 4, b);
 * assert.deepEqual(a, b);
 * ```
 */
export function sketcher(
  places: number,
): (members: Int32Array, count: number, into: Int32Array) => void {
  const salts = Int32Array.from({ length: 2 * places }, (_, round) => hash32("sketch", round));
  // By place: the round that reached it, 0: none yet.
  const reached = new Uint16Array(places);
  return (members, count, into) => {
    reached.fill(0);
    let free = count === 0 ? 0 : places;
    for (let round = 0; free > 0; round++) {
      const salt = salts[round]!;
      for (let i = 0; i < count; i++) {
        const hash = mix32(members[i]! ^ salt);
        // From the second `places` rounds on all go to one place, which ends the search for sure.
        const place = round < places ? (hash >>> 16) * places >>> 16 : round - places;
        // The lower half first: the upper half is what the place was chosen by.
        const value = hash << 16 | hash >>> 16;
        if (reached[place] === 0) {
          reached[place] = round + 1;
          into[place] = value;
          free--;
        } else if (reached[place] === round + 1 && value < into[place]!) {
          into[place] = value;
        }
      }
    }
  };
}
