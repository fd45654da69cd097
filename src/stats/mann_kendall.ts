/** Whether values rise or fall along their order. */
export interface Trend {
  /** Pairs that rise less those that fall: above 0 where values rise. */
  s: number;
  /** P(|S| or more) where the order means nothing, both sides together; in (0, 1]. */
  p: number;
}

/**
 * The test of Mann and Kendall for a trend, exact: how many of all orders of the values have as many
 * rising, or falling, pairs. It takes no shape for granted, only that the values could as well have
 * come in any other order. Ties count for neither side; p is then rather too large.
 *
 * Mann (1945), "Nonparametric tests against trend", Econometrica 13.
 *
 * @param values In their order; of fewer than two p is 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mannKendall } from "./mann_kendall.ts";
 * const { s, p } = mannKendall([0.7, 0.65, 0.6, 0.55, 0.5]);
 * assert(s === -10 && Math.abs(p - 2 / 120) < 1e-12);
 * ```
 */
export function mannKendall(values: readonly number[]): Trend {
  const pairs = values.length * (values.length - 1) / 2;
  let s = 0;
  for (const [later, b] of values.entries()) {
    for (const a of values.slice(0, later)) s += Math.sign(b - a);
  }
  // An order with so many falling pairs has S = pairs - 2 × falling.
  const p = fallingPairs(values.length).reduce(
    (sum, share, falling) => Math.abs(pairs - 2 * falling) >= Math.abs(s) ? sum + share : sum,
    0,
  );
  return { s, p: Math.min(1, p) };
}

/** By number of falling pairs the share of all orders of n values that have so many. */
function fallingPairs(n: number): number[] {
  let shares = [1];
  for (let size = 2; size <= n; size++) {
    // A value set behind 0 to size - 1 larger ones, each as likely.
    const next = Array<number>(shares.length + size - 1).fill(0);
    for (const [falling, share] of shares.entries()) {
      for (let more = 0; more < size; more++) next[falling + more]! += share / size;
    }
    shares = next;
  }
  return shares;
}
