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
import { type ChartLine, rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

/** In the order in which they are shown. */
const VERDICTS = ["topical", "mixed", "echo"] as const;

const NAMES: Record<ValueTerm["verdict"], string> = {
  topical: "belong to the value",
  mixed: "lean to it, by less than twice",
  echo: "echo the wording of the request",
};

const COLOURS: Record<ValueTerm["verdict"], string> = {
  echo: ASKED,
  topical: CAME,
  mixed: STRIKING,
};

/**
 * Words that belong to what was asked and so are not to blame: how many times as often, at the least,
 * they stand in the rows of their value as in others. Those that only echo the wording of the request
 * stand apart, the strongest first in each group.
 *
 * @param options `attribute`: only terms of this one; default: of all. `most`: terms that are shown of
 * each group, at least 1; default 12.
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
  const groups = VERDICTS.map((verdict) => {
    const all = terms.filter((term) => term.verdict === verdict);
    const shown = all.slice(0, options.most ?? 12).map((term, place) => ({
      ...term,
      key: `${verdict} ${place}`,
    }));
    return { verdict, all, shown };
  }).filter(({ shown }) => shown.length > 0);
  const shown = groups.flatMap((group) => group.shown);
  const most = Math.max(...shown.map(({ lrc }) => lrc));
  const told = groups[0]?.shown[0] ?? first;
  const echoes = terms.filter(({ verdict }) => verdict === "echo").length;
  return rowChart({
    title: `${quoted(told.term)} belongs to ${valueName(told.value)}: ` +
      `${percent(told.share)} of its rows have it, ${percent(told.others)} of others` +
      (echoes === 0 ? "" : `; ${echoes} of ${counted(terms.length, "term")} echo what was asked`),
    subtitle:
      "How many times as often, at the least, a term stands in the rows of its value as in " +
      "others.",
    lines: groups.flatMap(({ verdict, all, shown }): ChartLine[] => [
      {
        key: verdict,
        label: NAMES[verdict] +
          (shown.length < all.length ? ` (${shown.length} of ${all.length})` : ""),
        heading: true,
      },
      ...shown.map(({ key, term, value, share, others }) => ({
        key,
        label: `${shortLabel(term, 30)} · ${valueLabel(shortLabel(value, 36))}`,
        note: `${percent(share)} of its rows, ${percent(others)} of others`,
      })),
    ]),
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
