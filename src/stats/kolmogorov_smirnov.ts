import { multinomialDraw } from "./draws.ts";
import type { Histogram } from "./histogram.ts";
import type { ShiftedLognormal } from "./shifted_lognormal.ts";

/** Values between which the statistic of the test is looked for. */
const MOST_CELLS = 500;

/**
 * The largest difference of the distribution functions of rows and of a distribution over whole
 * numbers, both at the whole numbers: the Kolmogorov–Smirnov statistic. Taken against a continuous
 * distribution function it would be far too large.
 *
 * @param counts Rows by value, at least one.
 * @param cdf P(X ≤ k) of the distribution.
 * @returns In [0, 1].
 * @throws {RangeError} without rows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { histogram } from "./histogram.ts";
 * import { kolmogorovSmirnov } from "./kolmogorov_smirnov.ts";
 * assert.ok(kolmogorovSmirnov(histogram([0, 0, 0, 1]), (k) => k < 1 ? 0.5 : 1) === 0.25);
 * ```
 */
export function kolmogorovSmirnov(counts: Histogram, cdf: (k: number) => number): number {
  const rows = rowsOf(counts);
  let below = 0;
  let largest = 0;
  for (let k = 0; k < counts.length; k++) {
    below += counts[k]!;
    largest = Math.max(largest, Math.abs(below / rows - cdf(k)));
  }
  return largest;
}

/**
 * The p value of the Kolmogorov–Smirnov statistic for rows that are drawn independently from a
 * distribution over whole numbers, by simulation: as many rows are drawn from the distribution again
 * and again. The tables and formulas for continuous distributions reject too seldom here.
 *
 * Where the distribution spreads over more than 500 values, the statistic of this test is the largest
 * difference at 500 of them, about equally likely apart.
 *
 * @param counts Rows by value, at least one.
 * @param target The distribution, fixed before the rows were seen.
 * @param options `random`: uniform numbers in [0, 1); `draws`: simulations, 1000 if not given.
 * @returns (1 + simulations that are at least as far off) / (1 + simulations).
 * @throws {RangeError} without rows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { histogram } from "./histogram.ts";
 * import { kolmogorovSmirnovTest } from "./kolmogorov_smirnov.ts";
 * import { openRandom } from "./random_stream.ts";
 * import { shiftedLognormal } from "./shifted_lognormal.ts";
 * const target = shiftedLognormal({ mean: 2.5, sigma: 0.75, shift: 2 });
 * const rows = histogram(Array.from({ length: 50 }, () => 3));
 * assert.ok(kolmogorovSmirnovTest(rows, target, { random: openRandom(1) }) < 0.01);
 * ```
 */
export function kolmogorovSmirnovTest(
  counts: Histogram,
  target: Pick<ShiftedLognormal, "cdf" | "quantile">,
  { random, draws = 1000 }: { random: () => number; draws?: number },
): number {
  const rows = rowsOf(counts);
  const ends = cellEnds(target);
  const upTo = Float64Array.from(ends, (end) => target.cdf(end));
  // What lies above the last end is a cell, too.
  const shares = Float64Array.from(
    { length: ends.length + 1 },
    (_, i) => Math.max(0, (upTo[i] ?? 1) - (upTo[i - 1] ?? 0)),
  );
  const statistic = (inCells: ArrayLike<number>): number => {
    let below = 0;
    let largest = 0;
    for (let i = 0; i < upTo.length; i++) {
      below += inCells[i]!;
      largest = Math.max(largest, Math.abs(below / rows - upTo[i]!));
    }
    return largest;
  };
  // The same sums in the same order: equal counts have equal statistics, to the last bit.
  const observed = statistic(inCells(counts, ends));
  let asFar = 1;
  for (let i = 0; i < draws; i++) {
    if (statistic(multinomialDraw(random, rows, shares)) >= observed) asFar++;
  }
  return asFar / (1 + draws);
}

/** Values that part the distribution into cells: every value where there are few enough. */
function cellEnds(target: Pick<ShiftedLognormal, "quantile">): number[] {
  const ends = new Set<number>();
  const first = target.quantile(1e-9);
  const last = target.quantile(1 - 1e-9);
  if (last - first < MOST_CELLS) {
    for (let k = first; k <= last; k++) ends.add(k);
  } else {
    for (let i = 1; i <= MOST_CELLS; i++) ends.add(target.quantile((i - 0.5) / MOST_CELLS));
  }
  return Array.from(ends);
}

function inCells(counts: Histogram, ends: readonly number[]): Float64Array {
  const sums = new Float64Array(ends.length + 1);
  let cell = 0;
  for (const [k, count] of counts.entries()) {
    while (cell < ends.length && k > ends[cell]!) cell++;
    sums[cell]! += count;
  }
  return sums;
}

function rowsOf(counts: Histogram): number {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (rows === 0) throw new RangeError("No rows have no distribution");
  return rows;
}
