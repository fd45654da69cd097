import type { ChartElement } from "./plot.ts";
import { saying } from "./saying.ts";

/**
 * What stands in place of a chart of lengths where there are none: nobody asked, or no row is ok.
 *
 * @param ok Number of ok rows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { noLengths } from "./no_lengths.ts";
 * assert(noLengths({ ok: 0 }).textContent?.startsWith("Lengths can't be told: no row is ok"));
 * assert(noLengths({ ok: 9 }).textContent?.startsWith("No length was asked for"));
 * ```
 */
export function noLengths({ ok }: { ok: number }): ChartElement {
  return ok === 0
    ? saying("Lengths can't be told: no row is ok", "They are told of ok rows only.")
    : saying("No length was asked for", "So there is nothing to compare.");
}
