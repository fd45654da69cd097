/**
 * A draw from the standard normal distribution, by the method of Box and Muller (1958).
 *
 * @param random Uniform numbers in [0, 1).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { normalDraw } from "./gamma_draws.ts";
 * assert.ok(Math.abs(normalDraw(() => 0.5) + 1.1774) < 1e-4);
 * ```
 */
export function normalDraw(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * A draw from the gamma distribution with the scale 1, by the method of Marsaglia and Tsang (2000),
 * "A simple method for generating gamma variables", ACM Transactions on Mathematical Software 26.
 * Draws over their sum are a draw from a Dirichlet distribution.
 *
 * @param random Uniform numbers in [0, 1).
 * @param shape Above 0; 0 gives 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { gammaDraw } from "./gamma_draws.ts";
 * import { openRandom } from "./random_stream.ts";
 * const random = openRandom(1, "gamma");
 * assert.ok(gammaDraw(random, 1e6) > 9.9e5 && gammaDraw(random, 0) === 0);
 * ```
 */
export function gammaDraw(random: () => number, shape: number): number {
  if (shape === 0) return 0;
  if (shape < 1) return gammaDraw(random, shape + 1) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalDraw(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < x * x / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
