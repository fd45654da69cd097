/**
 * Cramér's V, corrected for its bias: how strongly the rows and columns of a contingency table hang
 * together, from 0 (not at all) to 1. Uncorrected it is above 0 by chance alone, the more the more
 * rows and columns there are.
 *
 * Bergsma (2013), "A bias-correction for Cramér's V and Tschuprow's T", Journal of the Korean
 * Statistical Society 42.
 *
 * @param chiSquare Pearson's statistic of the table, at least 0.
 * @param options `n`: the table's total, above 1; `columns` and `rows` (2 if not given) that aren't
 * empty. With fewer than 2 of either V is 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cramersV } from "./association.ts";
 * assert.ok(cramersV(3, { n: 100, columns: 4 }) === 0);
 * assert.ok(cramersV(100, { n: 100, columns: 2 }) === 1);
 * ```
 */
export function cramersV(
  chiSquare: number,
  { n, columns, rows = 2 }: { n: number; columns: number; rows?: number },
): number {
  if (columns < 2 || rows < 2 || n < 2) return 0;
  const beyondChance = Math.max(0, chiSquare / n - (columns - 1) * (rows - 1) / (n - 1));
  const corrected = (k: number): number => k - 1 - (k - 1) ** 2 / (n - 1);
  const most = Math.min(corrected(columns), corrected(rows));
  return most > 0 ? Math.min(1, Math.sqrt(beyondChance / most)) : 0;
}
