import * as Plot from "@observablehq/plot";
import type { Findings } from "../analysis/findings.ts";
import { count } from "../text/numbers.ts";
import { languageName } from "../text/wording.ts";
import { ASKED, CAME } from "./colours.ts";
import { counted, doublings, quoted, shortLabel, times } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { type ChartLine, rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

/**
 * Words that stand more often in the run than in counts from elsewhere: how many times as often at the
 * least, the strongest first. Those that a value brings about, such as the words of a topic, stand
 * apart. Where nothing was compared, it says so.
 *
 * @param options `most`: words that are shown of each kind, at least 1; default 15.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { referenceChart } from "./reference_terms.ts";
 * const chart = referenceChart({ terms: { reference: null, byValue: [] } });
 * assert(chart.textContent?.includes("has not been measured"));
 * ```
 */
export function referenceChart(
  findings: { terms: Pick<Findings["terms"], "reference" | "byValue"> },
  options: { most?: number } = {},
): ChartElement {
  const { reference, byValue } = findings.terms;
  if (reference === null) {
    return saying(
      "How the words compare with those of people has not been measured",
      "No counts of words from elsewhere were given.",
    );
  }
  const terms = reference.terms.toSorted((a, b) => b.lrc - a.lrc);
  const name = shortLabel(reference.name);
  const asked = new Set(byValue.flatMap(({ term }) => term.split(" ")));
  const groups = [
    { label: "not due to a value", ring: false, all: terms.filter(({ term }) => !asked.has(term)) },
    {
      label: "due to a value",
      ring: true,
      all: terms.filter(({ term }) => asked.has(term)),
    },
  ].map((group) => ({
    ...group,
    shown: group.all.slice(0, options.most ?? 15).map((term, place) => ({
      ...term,
      key: JSON.stringify([group.ring, place]),
      ring: group.ring,
    })),
  })).filter(({ shown }) => shown.length > 0);
  const shown = groups.flatMap((group) => group.shown);
  const [first] = shown;
  if (first === undefined) {
    return saying(
      `No word stands more often in the rows than in ${name}`,
      shortLabel(reference.caveat, LONGEST_CAVEAT),
    );
  }
  const most = Math.max(...shown.map(({ lrc }) => lrc));
  return rowChart({
    title: `${quoted(first.term)} stands at least ${times(first.lrc)} as often as in ${name}` +
      (first.ring ? ", as do others that a value brings about" : "; no value brings it about"),
    subtitle:
      `${counted(terms.length, "word stands", "words stand")} more often in the rows than ` +
      `in ${name} (${counted(reference.words, "word")} in ${languageName(reference.language)}). ` +
      shortLabel(reference.caveat, LONGEST_CAVEAT),
    lines: groups.flatMap(({ label, all, shown }): ChartLine[] => [
      {
        key: label,
        label: label + (shown.length < all.length ? ` (${shown.length} of ${all.length})` : ""),
        heading: true,
      },
      ...shown.map(({ key, term, rows, perMillion, reference }) => ({
        key,
        label: shortLabel(term, 48),
        note: `${count(perMillion)} in a million against ${
          reference < 10 ? reference.toFixed(1) : count(reference)
        }, ${counted(rows, "row")}`,
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
        stroke: ({ ring }: { ring: boolean }) => ring ? ASKED : CAME,
        strokeWidth: 2,
        fill: ({ ring }: { ring: boolean }) => ring ? "#fff" : CAME,
      }),
    ],
  });
}

/** In letters. */
const LONGEST_CAVEAT = 400;
