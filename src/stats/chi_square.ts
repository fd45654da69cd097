import cephes from "cephes";

// The package comes without types; its functions are ready once it is imported.
const { igamc, lgam }: {
  igamc: (a: number, x: number) => number;
  lgam: (a: number) => number;
} = cephes;

/** Where the exponential function underflows. */
const LEAST_LOG = -709;

/**
 * P(X > x) of the chi-square distribution: the p value of a statistic. Its relative error is about
 * 1e-13 down to 1e-307; what is less than that is 0.
 *
 * @param x The statistic, at least 0; Infinity gives 0.
 * @param df Degrees of freedom, above 0.
 * @throws {RangeError} if an argument is out of its range.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chiSquareTail } from "./chi_square.ts";
 * assert.ok(Math.abs(chiSquareTail(3.841458820694124, 1) - 0.05) < 1e-15);
 * ```
 */
export function chiSquareTail(x: number, df: number): number {
  if (!(x >= 0)) throw new RangeError(`A chi-square statistic is at least 0, not ${x}`);
  if (!(df > 0 && df < Infinity)) throw new RangeError(`Degrees of freedom can't be ${df}`);
  if (x === 0 || x === Infinity) return x === 0 ? 1 : 0;
  const a = df / 2;
  // The package throws where a tail is too small for a double.
  if (a * Math.log(x / 2) - x / 2 - lgam(a) < LEAST_LOG) return x > df ? 0 : 1;
  return igamc(a, x / 2);
}

/** A statistic that is chi-square distributed under its null hypothesis. */
export interface ChiSquare {
  statistic: number;
  /** Degrees of freedom; 0: there is nothing to test, and the statistic is 0. */
  df: number;
}

/**
 * Pearson's chi-square of a contingency table: how far its counts are from those that rows and
 * columns would have if they had nothing to do with each other. Rows and columns without any count
 * are left out.
 *
 * @param table Counts, at least 0: arrays of one length, one for each row of the table.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chiSquare } from "./chi_square.ts";
 * const { statistic, df } = chiSquare([[10, 20], [20, 10]]);
 * assert.ok(Math.abs(statistic - 20 / 3) < 1e-12 && df === 1);
 * ```
 */
export function chiSquare(table: readonly ArrayLike<number>[]): ChiSquare {
  const columns = new Float64Array(table[0]?.length ?? 0);
  const rows = table.map((counts) => {
    let sum = 0;
    for (let column = 0; column < columns.length; column++) {
      const count = counts[column]!;
      columns[column]! += count;
      sum += count;
    }
    return sum;
  });
  const total = rows.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  for (const [row, counts] of table.entries()) {
    for (const [column, inColumn] of columns.entries()) {
      const expected = rows[row]! * inColumn / total;
      if (expected > 0) statistic += (counts[column]! - expected) ** 2 / expected;
    }
  }
  const filled = (sums: Iterable<number>): number =>
    Array.from(sums).filter((sum) => sum > 0).length;
  return { statistic, df: Math.max(0, filled(rows) - 1) * Math.max(0, filled(columns) - 1) };
}
