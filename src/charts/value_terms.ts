import * as Plot from "@observablehq/plot";
import type { Findings, ValueTerm } from "../analysis/findings.ts";
import { ASKED, CAME, STRIKING } from "./colours.ts";
import {
  counted,
  doublings,
  percent,
  quoted,
  shortLabel,
  times,
  valueLabel,
  valueName,
} from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

const COLOURS: Record<ValueTerm["verdict"], string> = {
  echo: ASKED,
  topical: CAME,
  mixed: STRIKING,
};

/**
 * Words that belong to what was asked and so are not to blame: how many times as often, at the least,
 * they stand in the rows of their value as in others, the strongest first.
 *
 * @param options `attribute`: only terms of this one; default: of all. `most`: terms that are shown,
 * at least 1; default 30.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { valueTermsChart } from "./value_terms.ts";
 * const term = { term: "visa", attribute: "topic", value: "Lost card", rows: 12, q: 0.001, v: 0.3 };
 * const byValue = [{ ...term, share: 0.31, others: 0.01, lrc: 3, verdict: "topical" as const }];
 * const chart = valueTermsChart({ terms: { byValue } });
 * assert(chart.textContent?.startsWith("“visa” belongs to “Lost card”"));
 * ```
 */
export function valueTermsChart(
  findings: { terms: Pick<Findings["terms"], "byValue"> },
  options: { attribute?: string; most?: number } = {},
): ChartElement {
  const terms = findings.terms.byValue.filter(({ attribute }) =>
    options.attribute === undefined || attribute === options.attribute
  ).sort((a, b) => b.lrc - a.lrc);
  const [first] = terms;
  if (first === undefined) {
    return saying(
      `No word belongs to a value${
        options.attribute === undefined ? "" : ` of ${options.attribute}`
      }`,
      "No term stands in the rows of one value more often than in the others, beyond chance.",
    );
  }
  const shown = terms.slice(0, options.most ?? 30).map((term, place) => ({
    ...term,
    key: String(place),
  }));
  const most = Math.max(...shown.map(({ lrc }) => lrc));
  const echoes = terms.filter(({ verdict }) => verdict === "echo").length;
  return rowChart({
    title: `${quoted(first.term)} belongs to ${valueName(first.value)}: ` +
      `${percent(first.share)} of its rows have it, ${percent(first.others)} of others` +
      (echoes === 0 ? "" : `; ${echoes} of ${counted(terms.length, "term")} echo what was asked`),
    subtitle:
      "How many times as often, at the least, a term stands in the rows of its value as in " +
      "others. Grey ring: echoes the wording of the request. Blue: belongs to the value. Orange: " +
      "leans to it, but by less than twice." +
      (shown.length < terms.length
        ? ` The ${shown.length} strongest of ${terms.length} are shown.`
        : ""),
    lines: shown.map(({ key, term, value, share, others }) => ({
      key,
      label: `${shortLabel(term, 30)} · ${valueLabel(shortLabel(value, 36))}`,
      note: `${percent(share)} of its rows, ${percent(others)} of others`,
    })),
    domain: [0, most],
    ticks: doublings(most),
    tickFormat: times,
    marks: [
      Plot.ruleY(shown, { y: "key", x1: 0, x2: "lrc", stroke: "#bbb" }),
      Plot.dot(shown, {
        x: "lrc",
        y: "key",
        r: 4,
        stroke: ({ verdict }: ValueTerm) => COLOURS[verdict],
        strokeWidth: 2,
        fill: ({ verdict }: ValueTerm) => verdict === "echo" ? "#fff" : COLOURS[verdict],
      }),
    ],
  });
}
