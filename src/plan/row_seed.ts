import { hash32 } from "../stats/random.ts";

/**
 * The `seed` that goes with a row's call, so that equal draws don't give equal texts.
 *
 * @param seed The run's seed.
 * @param row The row number.
 * @returns A whole number in [0, 2^31).
 * @throws {RangeError} if an argument isn't a safe integer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rowSeed } from "./row_seed.ts";
 * assert.ok(rowSeed(1, 0) !== rowSeed(1, 1));
 * ```
 */
export function rowSeed(seed: number, row: number): number {
  return hash32("row seed", seed, row) & 0x7fffffff;
}
