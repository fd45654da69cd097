import type { Config } from "../config/types.ts";
import { percent } from "../charts/labels.ts";
import { preview } from "../plan/preview.ts";
import { count } from "../text/numbers.ts";
import type { TableRow } from "./table.ts";

/**
 * What numbers of rows buy, as a table with a line per attribute: how many rows its rarest value
 * gets, and how well a rate among those rows will be known (the 95 % margin, in percentage points,
 * where the rate is one half: elsewhere it is smaller).
 *
 * @param options `counts`: numbers of rows to compare.
 * @throws {UserError} if the config leaves nothing to draw.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { previewTable } from "./preview_table.ts";
 * const item = { factor: 1, prompt: null, when: null };
 * const age = [{ ...item, value: "70+", score: 1 }, { ...item, value: "", score: 99 }];
 * const [line] = previewTable({ attributes: { age }, length: null }, { counts: [2000] });
 * assert(line?.["of 2,000 rows it gets"] === "20 (±\u00a020\u00a0points)");
 * ```
 */
export function previewTable(
  config: Pick<Config, "attributes" | "length">,
  options: { counts: readonly number[] },
): TableRow[] {
  const previews = options.counts.map((count) => preview(config, { count }));
  return (previews[0]?.attributes ?? []).map(({ stem, values, rarest }, place) => ({
    attribute: stem,
    values,
    "rarest value": rarest.value === "" ? "(nothing asked)" : rarest.value,
    share: percent(rarest.share),
    ...Object.fromEntries(previews.map(({ count: of, attributes }) => {
      const { rows = 0, rateMargin = 0 } = attributes[place]?.rarest ?? {};
      const expected = rows < 10 ? rows.toFixed(1) : count(rows);
      return [
        `of ${count(of)} rows it gets`,
        // Unbreakable spaces: the cell is narrow.
        `${expected} (±\u00a0${Math.round(rateMargin * 100)}\u00a0points)`,
      ];
    })),
  }));
}
