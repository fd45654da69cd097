/**
 * Half of the width of a median's 95 % interval, from its quartiles as if the data were normal:
 * 1.96 √(π/2) s/√n with s = (q75 - q25)/1.349. In the unit of the quartiles; `rows` at least 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { medianMargin } from "./median_margin.ts";
 * assert.equal(medianMargin({ q25: 10, q75: 20, rows: 100 }).toFixed(2), "1.82");
 * ```
 */
export function medianMargin(
  { q25, q75, rows }: { q25: number; q75: number; rows: number },
): number {
  return 1.96 * 1.2533 * ((q75 - q25) / 1.349) / Math.sqrt(rows);
}
