import * as Plot from "@observablehq/plot";
import type { Findings } from "../analysis/findings.ts";
import { CAME } from "./colours.ts";
import { count, counted, doublings, languageName, quoted, shortLabel, times } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

/**
 * Words that stand more often in the run than in counts from elsewhere: how many times as often at the
 * least, the strongest first. Where nothing was compared, it says so.
 *
 * @param options `most`: terms that are shown, at least 1; default 30.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { referenceChart } from "./reference_terms.ts";
 * const chart = referenceChart({ terms: { reference: null } });
 * assert(chart.textContent?.includes("has not been measured"));
 * ```
 */
export function referenceChart(
  findings: { terms: Pick<Findings["terms"], "reference"> },
  options: { most?: number } = {},
): ChartElement {
  const { reference } = findings.terms;
  if (reference === null) {
    return saying(
      "How the words compare with those of people has not been measured",
      "No counts of words from elsewhere were given.",
    );
  }
  const terms = reference.terms.toSorted((a, b) => b.lrc - a.lrc);
  const name = shortLabel(reference.name);
  const [first] = terms;
  if (first === undefined) {
    return saying(`No word stands more often in the rows than in ${name}`, reference.caveat);
  }
  const shown = terms.slice(0, options.most ?? 30).map((term, place) => ({
    ...term,
    key: String(place),
  }));
  const most = Math.max(...shown.map(({ lrc }) => lrc));
  return rowChart({
    title: `${quoted(first.term)} stands at least ${times(first.lrc)} as often as in ${name}`,
    subtitle:
      `${counted(terms.length, "word stands", "words stand")} more often in the rows than ` +
      `in ${name} (${counted(reference.words, "word")} in ${languageName(reference.language)}). ` +
      shortLabel(reference.caveat, 400),
    lines: shown.map(({ key, term, rows, perMillion, reference }) => ({
      key,
      label: shortLabel(term, 48),
      note: `${count(perMillion)} in a million against ${
        reference < 10 ? reference.toFixed(1) : count(reference)
      }, ${counted(rows, "row")}`,
    })),
    domain: [0, most],
    ticks: doublings(most),
    tickFormat: times,
    marks: [
      Plot.ruleY(shown, { y: "key", x1: 0, x2: "lrc", stroke: "#bbb" }),
      Plot.dot(shown, { x: "lrc", y: "key", r: 4, fill: CAME }),
    ],
  });
}
