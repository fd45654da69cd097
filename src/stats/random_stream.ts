import { hash32, type KeyPart } from "./random.ts";

/** Steps that are thrown away: after them the state holds nothing of the key's order. */
const WARM_UP = 20;

/**
 * A stream of random numbers in [0, 1) with 53 bits each, for simulations of many millions of draws.
 * The same key opens the same stream on any machine; streams of different keys are unrelated.
 *
 * The generator is sfc32 of Doty-Humphrey's PractRand (public domain): 128 bits of state, of which 32
 * are a counter, so no stream repeats before 2^32 steps. Hashes of row numbers, as for plans, are less
 * fit here: a million of them in a row are a little more even than chance.
 *
 * @param parts What the stream is for, such as a seed and a name.
 * @throws {RangeError} if a number in the key isn't a safe integer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openRandom } from "./random_stream.ts";
 * const random = openRandom(1, "bootstrap");
 * const first = random();
 * assert.ok(random() !== first && openRandom(1, "bootstrap")() === first);
 * ```
 */
export function openRandom(...parts: KeyPart[]): () => number {
  let a = hash32("stream a", ...parts) | 0;
  let b = hash32("stream b", ...parts) | 0;
  let c = hash32("stream c", ...parts) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b | 0) + counter | 0;
    counter = counter + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + sum | 0;
    return sum;
  };
  for (let step = 0; step < WARM_UP; step++) next();
  // 27 bits of one number over 26 of the next.
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}
