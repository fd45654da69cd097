import * as Plot from "@observablehq/plot";
import type { Findings } from "../analysis/findings.ts";
import { count } from "../text/numbers.ts";
import { STRIKING } from "./colours.ts";
import { counted, percent, shortLabel, valueLabel, valueName } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

/**
 * Pairs of values that no ok row has, those first that the most rows were expected of.
 *
 * @param options `most`: pairs that are shown, at least 1; default 20.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { neverSeenChart } from "./never_seen.ts";
 * const never = [{ values: ["Apple Pay", "Angry"] as [string, string], expected: 3.2 }];
 * const chart = neverSeenChart({
 *   coverage: {
 *     pairs: { possible: 9, seen: 8 },
 *     byAttributes: [{ attributes: ["topic", "tone"], possible: 9, seen: 8, never }],
 *   },
 * });
 * assert(chart.textContent?.startsWith("“Apple Pay” and “Angry”: 3.2\u00a0rows expected, none seen"));
 * ```
 */
export function neverSeenChart(
  findings: { coverage: Pick<Findings["coverage"], "pairs" | "byAttributes"> },
  options: { most?: number } = {},
): ChartElement {
  const { pairs, byAttributes } = findings.coverage;
  const missing = pairs.possible - pairs.seen;
  const all = byAttributes.flatMap(({ attributes, never }) =>
    never.map(({ values, expected }) => ({
      key: JSON.stringify([attributes, values]),
      values,
      expected,
    }))
  ).sort((a, b) => b.expected - a.expected);
  const [first] = all;
  if (first === undefined) {
    return missing === 0
      ? saying("Every pair of values is seen", `All ${count(pairs.possible)} of them in ok rows.`)
      : saying(`${counted(missing, "pair")} of values no ok row has`, "None of them is wanted.");
  }
  if (first.expected === 0) {
    return saying(
      `${counted(missing, "pair")} of values no ok row has`,
      "None of them is expected of so few rows.",
    );
  }
  const shown = all.slice(0, options.most ?? 20);
  const nameOf = (values: [string, string]) =>
    values.map((value) => valueLabel(shortLabel(value, 32))).join(" × ");
  return rowChart({
    title: `${first.values.map(valueName).join(" and ")}: ${
      expectedText(first.expected)
    } expected, none seen`,
    subtitle:
      `${counted(missing, "pair")} of values (${
        percent(missing / pairs.possible)
      }) have no ok row; shown are the ${shown.length} most wanted, by ok rows expected. A pair with 3 expected rows is ` +
      "missing by chance one time in 20.",
    lines: shown.map(({ key, values, expected }) => ({
      key,
      label: nameOf(values),
      note: expectedText(expected),
    })),
    domain: [0, first.expected],
    tickFormat: (rows) => String(Number(rows.toPrecision(3))),
    marks: [
      Plot.ruleY(shown, { y: "key", x1: 0, x2: "expected", stroke: "#bbb" }),
      Plot.dot(shown, {
        x: "expected",
        y: "key",
        r: 4,
        stroke: STRIKING,
        strokeWidth: 2,
        fill: "#fff",
      }),
    ],
  });
}

function expectedText(rows: number): string {
  return rows < 10 ? `${rows.toFixed(1)}\u00a0rows` : counted(rows, "row");
}
