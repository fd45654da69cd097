/** A part of a key: a whole number within ±(2^53 - 1), or a text. */
export type KeyPart = number | string;

/**
 * A 32-bit hash of a key. Keys that differ in a part, in its type or in where one part ends and the
 * next begins have unrelated hashes; the same key has the same hash on any machine.
 *
 * @param parts Numbers and texts (by their UTF-16 code units) in order.
 * @returns A whole number in [0, 2^32).
 * @throws {RangeError} if a number isn't a safe integer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { hash32 } from "./random.ts";
 * assert.ok(hash32("colour", 1) === hash32("colour", 1));
 * assert.ok(hash32("colour", 1) !== hash32("colour", 2));
 * ```
 */
export function hash32(...parts: KeyPart[]): number {
  return parts.reduce(absorbPart, HIGH) >>> 0;
}

/**
 * A number in [0, 1) with 53 random bits that depends on the key alone.
 *
 * @throws {RangeError} if a number in the key isn't a safe integer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { uniform } from "./random.ts";
 * const heads = uniform(1, "coin", 17) < 0.5;
 * assert.ok(heads === uniform(1, "coin", 17) < 0.5);
 * ```
 */
export function uniform(...parts: KeyPart[]): number {
  return join53(parts.reduce(absorbPart, HIGH), parts.reduce(absorbPart, LOW));
}

/**
 * `uniform` for many keys that differ in their last part only, a whole number: the parts before it
 * are hashed once. `keyedUniform(…parts)(n)` is `uniform(…parts, n)`.
 *
 * @throws {RangeError} if a number in the key isn't a safe integer; the last part isn't checked.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keyedUniform, uniform } from "./random.ts";
 * const coin = keyedUniform(1, "coin");
 * assert.ok(coin(17) === uniform(1, "coin", 17));
 * ```
 */
export function keyedUniform(...parts: KeyPart[]): (integer: number) => number {
  const high = parts.reduce(absorbPart, HIGH);
  const low = parts.reduce(absorbPart, LOW);
  return (integer) => join53(absorbInteger(high, integer), absorbInteger(low, integer));
}

/**
 * One step of the hash: a 32-bit state takes in a 32-bit word. For loops that hash many short keys
 * without building them.
 *
 * @param state, word 32-bit whole numbers, signed or not.
 * @returns The next state, a signed 32-bit whole number.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { absorb, hash32 } from "./random.ts";
 * const start = hash32("dice");
 * assert.ok(absorb(start, 1) !== absorb(start, 2));
 * ```
 */
export function absorb(state: number, word: number): number {
  return mix32((state ^ word) + 0x9e3779b9);
}

/**
 * A bijection of the 32-bit whole numbers whose every output bit depends on every input bit. Its
 * multipliers and shifts are of those with least bias that the search "hash-prospector" (Wellons,
 * public domain) found for two rounds.
 *
 * @returns A signed 32-bit whole number.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mix32 } from "./random.ts";
 * assert.ok(mix32(1) !== mix32(2));
 * ```
 */
export function mix32(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return word ^ (word >>> 15);
}

// Where the two halves of the hash start: the first digits of π.
const HIGH = 0x243f6a88;
const LOW = 0x85a308d3;

// Set in the first word of a part. Text lengths and upper halves of numbers are small, so the first
// words of texts and of numbers never meet, and no two keys make the same row of words.
const NUMBER = 0x40000000;
const TEXT = 0x80000000;

function absorbPart(state: number, part: KeyPart): number {
  if (typeof part === "number") {
    if (!Number.isSafeInteger(part)) {
      throw new RangeError(`A key holds whole numbers within ±(2^53 - 1), not ${part}`);
    }
    return absorbInteger(state, part);
  }
  state = absorb(state, part.length ^ TEXT);
  for (let i = 0; i < part.length; i++) state = absorb(state, part.charCodeAt(i));
  return state;
}

/** Takes in both halves of a whole number beyond 32 bits (`|` and `^` keep a number's lower 32 bits). */
function absorbInteger(state: number, integer: number): number {
  return absorb(absorb(state, Math.floor(integer / 4294967296) ^ NUMBER), integer | 0);
}

/** 27 bits of one hash over 26 of the other. */
function join53(high: number, low: number): number {
  return ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992;
}
