import type { LengthConfig } from "../config/types.ts";
import { UserError } from "../error.ts";
import { type ShiftedLognormal, shiftedLognormal } from "../stats/shifted_lognormal.ts";
import type { Weights } from "./choices.ts";

/**
 * The distribution of lengths in words: the target, or what is drawn (the correction where there is
 * one). Both are cut at `max` and renormalised.
 *
 * @throws {UserError} if no length is as short as `max`, or a parameter is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lengths } from "./length.ts";
 * const config = { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null };
 * assert.ok(lengths(config, "draw").quantile(0.5) === 14);
 * ```
 */
export function lengths(length: LengthConfig, weights: Weights): ShiftedLognormal {
  try {
    return shiftedLognormal(weights === "draw" ? length.draw ?? length : length, {
      max: length.max,
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(`response_length_distribution.json: ${cause.message}`, { cause });
  }
}
