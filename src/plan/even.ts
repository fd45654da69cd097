import { absorb, hash32, type KeyPart, mix32 } from "../stats/random.ts";

/** Digits of u that are spread evenly: 40 bits, enough for 10^12 rows. */
const LEVELS = 10;

// Far apart, so that the 16 hashes of a block come from inputs that share no run of bits.
const STRIDE = 0x9e3779b9;

/**
 * An even spread of numbers in [0, 1) over row numbers: u(row) looks uniform, and independent of the
 * spread under any other key, but any stretch of rows fills [0, 1) with far less noise than
 * independent draws would.
 *
 * Digit l (base 16, the lowest is l = 0) of the row number becomes the l-th digit of u (the most
 * significant is l = 0) by way of a uniform random permutation of 0…15. The permutation is keyed by
 * the given key, l, the digits of u that were made before, and row div 16^(l+1): so every block of
 * 16 rows fills all sixteenths of [0, 1), the 16 rows of 16 such blocks that fell in one sixteenth
 * fill all of its sixteenths, and so on, always in an order of their own. With one permutation per
 * level two keys would make dependent numbers; without the digits in the key the blocks would be
 * even but not what they make up. The bits below the tenth digit are random.
 *
 * @param parts What the spread is keyed by.
 * @returns u in [0, 1) with 53 bits of a row number in [0, 2^53); pure, without allocation.
 * @throws {RangeError} if a number in the key isn't a safe integer; the row isn't checked.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { evenUniform } from "./even.ts";
 * const u = evenUniform(1, "topic");
 * const sixteenths = new Set(Array.from({ length: 16 }, (_, row) => Math.floor(16 * u(row))));
 * assert.ok(sixteenths.size === 16);
 * ```
 */
export function evenUniform(...parts: KeyPart[]): (row: number) => number {
  const key = hash32("even", ...parts) | 0;
  return (row) => {
    // What is left of the row number, in two words: bit operations see 32 bits only.
    let high = Math.floor(row / 4294967296);
    let low = row | 0;
    // Stands for (key, level, digits of u so far): each level takes one digit in.
    let path = key;
    let leading = 0;
    let trailing = 0;
    for (let level = 0; level < LEVELS; level++) {
      const digit = low & 15;
      low = (low >>> 4) | (high << 28);
      high >>>= 4;
      const made = rankAmong16(absorb(absorb(path, high), low), digit);
      path = absorb(path, made);
      if (level < 5) leading = leading << 4 | made;
      else trailing = trailing << 4 | made;
    }
    // high and low are what lies above the tenth digit, path knows the ten below.
    const rest = absorb(absorb(path, high), low) >>> 19;
    return (leading * 8589934592 + trailing * 8192 + rest) / 9007199254740992;
  };
}

/**
 * Where a digit goes under the permutation of 0…15 that sorts their hashes. The hashes differ, since
 * they are a bijection of 16 different words.
 */
function rankAmong16(base: number, digit: number): number {
  const own = mix32(base + Math.imul(digit, STRIDE));
  let rank = 0;
  for (let other = 0; other < 16; other++) {
    if (mix32(base) < own) rank++;
    base = base + STRIDE | 0;
  }
  return rank;
}
