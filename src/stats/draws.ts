import { logBinomialTerm } from "./binomial.ts";

/**
 * How many of n independent trials succeed: a draw from the binomial distribution. Exact but for the
 * rounding of its probabilities, in a time that grows with their standard deviation: about 5 µs at
 * n = 10^6 and p = 1/2.
 *
 * @param random Uniform numbers in [0, 1), such as from `openRandom`.
 * @param n Trials, a whole number of at least 0.
 * @param p The chance of success, in [0, 1].
 * @throws {RangeError} if n or p is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { binomialDraw } from "./draws.ts";
 * import { openRandom } from "./random_stream.ts";
 * const heads = binomialDraw(openRandom(1, "coins"), 10_000, 0.5);
 * assert.ok(heads > 4_700 && heads < 5_300);
 * ```
 */
export function binomialDraw(random: () => number, n: number, p: number): number {
  checkSize(n, "trials");
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A probability lies in [0, 1], not at ${p}`);
  if (n === 0 || p === 0) return 0;
  if (p === 1) return n;
  if (p > 0.5) return n - binomialDraw(random, n, 1 - p);
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  return drawAround(random, {
    mode,
    chance: Math.exp(logBinomialTerm(mode, n, p, 1 - p)),
    low: 0,
    high: n,
    // P(k + 1) / P(k)
    ratio: (k) => (n - k) * odds / (k + 1),
  });
}

/**
 * How n independent rows fall into classes: a draw from the multinomial distribution, by a binomial
 * draw for each class among the rows that are left.
 *
 * @param random Uniform numbers in [0, 1).
 * @param n Rows, a whole number from 0 to 2^32 - 1.
 * @param shares Weights of the classes, at least 0, with a sum above 0; they needn't add up to 1.
 * @returns Rows in each class; they add up to n.
 * @throws {RangeError} if n or a share is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { multinomialDraw } from "./draws.ts";
 * import { openRandom } from "./random_stream.ts";
 * const [a, b, c] = multinomialDraw(openRandom(1, "classes"), 100, [0.5, 0.5, 0]);
 * assert.ok(a! + b! === 100 && c === 0);
 * ```
 */
export function multinomialDraw(
  random: () => number,
  n: number,
  shares: ArrayLike<number>,
): Uint32Array {
  checkSize(n, "rows");
  // Sums of the shares from each class on, added up from the end: the last one is its share exactly.
  const from = new Float64Array(shares.length + 1);
  for (let i = shares.length - 1; i >= 0; i--) {
    const share = shares[i]!;
    if (!(share >= 0 && share < Infinity)) throw new RangeError(`A share can't be ${share}`);
    from[i] = from[i + 1]! + share;
  }
  if (!(from[0]! > 0)) throw new RangeError("Shares must have a sum above 0");
  const counts = new Uint32Array(shares.length);
  let left = n;
  for (let i = 0; left > 0; i++) {
    const share = shares[i]!;
    if (share === 0) continue;
    const count = binomialDraw(random, left, Math.min(1, share / from[i]!));
    counts[i] = count;
    left -= count;
  }
  return counts;
}

/** A distribution over whole numbers that falls to both sides of its mode. */
interface Unimodal {
  mode: number;
  /** P(mode). */
  chance: number;
  low: number;
  high: number;
  /** P(k + 1) / P(k) for low ≤ k < high. */
  ratio: (k: number) => number;
}

/**
 * Takes the probabilities off a uniform number from the mode outwards, on both sides by turns, until
 * nothing is left of it: one random number, and few steps.
 */
function drawAround(random: () => number, { mode, chance, low, high, ratio }: Unimodal): number {
  for (;;) {
    let left = random() - chance;
    if (left < 0) return mode;
    let below = mode;
    let above = mode;
    let chanceBelow = chance;
    let chanceAbove = chance;
    for (;;) {
      const openBelow = below > low && chanceBelow > 0;
      const openAbove = above < high && chanceAbove > 0;
      if (openAbove) {
        chanceAbove *= ratio(above++);
        left -= chanceAbove;
        if (left < 0) return above;
      }
      if (openBelow) {
        chanceBelow /= ratio(--below);
        left -= chanceBelow;
        if (left < 0) return below;
      }
      // What rounding left over, of the order of 1e-13: draw again.
      if (!openBelow && !openAbove) break;
    }
  }
}

function checkSize(size: number, of: string): void {
  if (!(Number.isSafeInteger(size) && size >= 0)) {
    throw new RangeError(`The number of ${of} can't be ${size}`);
  }
}
