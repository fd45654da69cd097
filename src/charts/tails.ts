import * as Plot from "@observablehq/plot";
import type { Findings } from "../analysis/findings.ts";
import { count } from "../text/numbers.ts";
import { ASKED, CAME, TARGET } from "./colours.ts";
import { about, counted, percent, shortLabel, valueLabel, valueName } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { type ChartLine, rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

interface Tail {
  key: string;
  label: string;
  expected: number;
  asked: number | null;
  got: number;
}

/**
 * What of the tails the ok rows reach: the values with the fewest rows, and the longest lengths, against
 * what is expected of so many rows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tailsChart } from "./tails.ts";
 * const chart = tailsChart({
 *   coverage: {
 *     smallest: [{ attribute: "tone", value: "Angry", rows: 6, expected: 9.7 }],
 *     lengthTail: [],
 *     needed: { values: 400, pairs: null },
 *   },
 * });
 * assert(chart.textContent?.startsWith("The rarest value, “Angry”, has 6\u00a0ok rows"));
 * ```
 */
export function tailsChart(findings: {
  coverage: Pick<Findings["coverage"], "smallest" | "lengthTail" | "needed">;
}): ChartElement {
  const { smallest, lengthTail, needed } = findings.coverage;
  const values = smallest.map(({ attribute, value, rows, expected }): Tail => ({
    key: JSON.stringify([attribute, value]),
    label: `${valueLabel(shortLabel(value, 44))} (${shortLabel(attribute, 24)})`,
    expected,
    asked: null,
    got: rows,
  }));
  const lengths = lengthTail.map(({ p, words, expected, asked, got }): Tail => ({
    key: JSON.stringify(["words", p]),
    label: `the longest ${percent(1 - p)}: ${counted(words, "word")} or more`,
    expected,
    asked,
    got,
  }));
  const all = [...values, ...lengths];
  const [first] = values;
  if (all.length === 0) return saying("There are no tails to reach", "Nothing was wanted.");
  const heading = (label: string, tails: readonly Tail[]): ChartLine[] =>
    tails.length === 0 ? [] : [
      { key: JSON.stringify([label]), label, heading: true },
      ...tails.map(({ key, label, expected, asked, got }) => ({
        key,
        label,
        note: (asked === null ? "" : `asked ${count(asked)}, `) +
          `got ${count(got)}, expected ${expected < 10 ? expected.toFixed(1) : count(expected)}`,
      })),
    ];
  return rowChart({
    title: first === undefined
      ? `The longest lengths: ${count(lengths[0]?.got ?? 0)} of ${
        count(lengths[0]?.expected ?? 0)
      } expected rows`
      : `The rarest value, ${valueName(smallest[0]?.value ?? "")}, has ${
        counted(first.got, "ok row")
      }` +
        (needed.values === null || first.got >= 10
          ? ""
          : `; for 10 of every value it takes ${about(needed.values)} rows`),
    subtitle: "Number of ok rows. Black tick: expected by the target. Blue dot: those that came." +
      (lengths.length === 0 ? "" : " Ring: those asked to be so long."),
    lines: [...heading("values with the fewest rows", values), ...heading("long rows", lengths)],
    domain: [
      0,
      Math.max(...all.map(({ expected, asked, got }) => Math.max(expected, asked ?? 0, got))),
    ],
    tickFormat: count,
    marks: [
      Plot.dot(all.filter(({ asked }) => asked !== null), {
        x: "asked",
        y: "key",
        r: 4,
        stroke: ASKED,
        fill: "#fff",
      }),
      Plot.tickX(all, { x: "expected", y: "key", stroke: TARGET, strokeWidth: 3, inset: 3 }),
      Plot.dot(all, { x: "got", y: "key", r: 4.5, fill: CAME, stroke: "#fff" }),
    ],
  });
}
