import { keyedUniform, type KeyPart } from "./random.ts";

/**
 * A stream of random numbers in [0, 1) with 53 bits each. The same key opens the same stream on any
 * machine; streams of different keys are unrelated.
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
  const numbers = keyedUniform(...parts);
  let drawn = 0;
  return () => numbers(drawn++);
}
