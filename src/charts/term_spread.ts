import * as Plot from "@observablehq/plot";
import type { Findings } from "../analysis/findings.ts";
import type { Corpus } from "../analysis/reading/rows.ts";
import { count } from "../text/numbers.ts";
import { ASKED, GROUND, STRIKING, TARGET } from "./colours.ts";
import {
  counted,
  labelWidth,
  percent,
  quoted,
  shortLabel,
  valueLabel,
  valueName,
} from "./labels.ts";
import { type ChartElement, plot } from "./plot.ts";
import { saying } from "./saying.ts";
import { mainLanguage, mostStriking, type Spread, spreadOf } from "./spread.ts";
import { rowsWithTerm } from "./term_rows.ts";

const LINE_HEIGHT = 32;
const WIDTH = 880;
const NARROWEST_PANEL = 190;
/** Between two panels, as a share of a panel. */
const PANEL_GAP = 0.18;
/** Width of a letter of a value's name, in pixels. */
const NAME_LETTER = 5.6;

/**
 * Where terms come from: the share of rows that have each, by what was asked. A term that the model
 * says whatever it is asked stands alike in the rows of all values; one that belongs to a topic
 * stands out there.
 *
 * @param corpus The rows that the findings were made from.
 * @param options `terms`: lower-cased words joined by one space; default: the template terms, those
 * that score highest. `most`: how many of these, default 10. `attributes`: stems of those that are
 * compared; default: all that have several values, but for the language.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spreadChart } from "./term_spread.ts";
 * import { corpusOf } from "../analysis/reading/corpus.ts";
 * const { corpus } = corpusOf(
 *   Array.from({ length: 60 }, (_, row) => ({
 *     text: row % 3 === 0 ? "Could you?" : "I ask",
 *     attributes: { tone: row % 2 === 0 ? "Angry" : "" },
 *   })),
 * );
 * const chart = spreadChart({ terms: { template: [] } }, corpus, { terms: ["could you"] });
 * assert(chart.textContent?.startsWith("“could you” stands alike in the rows of every value"));
 * ```
 */
export function spreadChart(
  findings: { terms: Pick<Findings["terms"], "template"> },
  corpus: Corpus,
  options: {
    terms?: readonly string[];
    most?: number;
    attributes?: readonly string[];
  } = {},
): ChartElement {
  const template = new Map(findings.terms.template.map((term) => [term.term, term]));
  const terms = options.terms ?? Array.from(template.keys()).slice(0, options.most ?? 10);
  const wanted = (stem: string) => options.attributes?.includes(stem) ?? true;
  const lines = terms.map((term, place) => {
    const has = rowsWithTerm(corpus, term);
    const language = template.get(term)?.language ?? mainLanguage(corpus, has);
    return {
      key: String(place),
      label: shortLabel(term, 40),
      term,
      spreads: spreadOf(corpus, has, { language }).filter(({ stem }) => wanted(stem)),
    };
  });
  const stems = Array.from(new Set(lines.flatMap(({ spreads }) => spreads.map((s) => s.stem))));
  if (lines.length === 0) {
    return saying("No terms to trace", "No word or phrase stands in rows whatever was asked.");
  }
  if (stems.length === 0) {
    return saying(
      "Where the terms come from can't be told",
      "Of all that was asked no attribute has several values to compare.",
    );
  }
  const marginLeft = Math.ceil(Math.max(...lines.map(({ label }) => labelWidth(label)))) + 16;
  const panel = Math.max(NARROWEST_PANEL, (WIDTH - marginLeft) / stems.length);
  const dots = lines.flatMap(({ key, spreads }) =>
    spreads.flatMap(({ stem, values }) => values.map((value) => ({ key, stem, ...value })))
  );
  const largest = dots.reduce((most, { share }) => Math.max(most, share), 0);
  const named = namedOf(lines, {
    largest,
    width: panel * (1 - PANEL_GAP),
    gap: panel * PANEL_GAP,
  });
  return plot({
    title: titleOf(lines),
    subtitle: "Share of rows that have the term. Black tick: of all rows; each dot: of the rows " +
      "asked with one value, the larger the more rows. Orange: surely more than a quarter above or " +
      "below the tick.",
    width: marginLeft + panel * stems.length,
    height: lines.length * LINE_HEIGHT + 52,
    marginLeft,
    marginRight: 26,
    marginTop: 46,
    marginBottom: 6,
    style: { fontSize: "12px" },
    fx: { domain: stems, axis: null, padding: PANEL_GAP },
    x: {
      domain: [0, largest > 0 ? largest : 1],
      axis: "top",
      label: null,
      ticks: 3,
      tickFormat: percent,
    },
    y: { domain: lines.map(({ key }) => key), axis: null },
    r: { type: "sqrt", range: [1.5, 5.5], domain: [0, Math.max(...dots.map(({ rows }) => rows))] },
    marks: [
      Plot.gridX({ stroke: GROUND, strokeOpacity: 1, ticks: 3 }),
      Plot.text(stems, {
        fx: (stem: string) => stem,
        text: (stem: string) => shortLabel(stem, 26),
        frameAnchor: "top-left",
        dy: -36,
        fontWeight: "bold",
      }),
      Plot.text(lines, {
        fx: () => stems[0],
        frameAnchor: "left",
        y: "key",
        text: "label",
        textAnchor: "end",
        dx: -8,
      }),
      Plot.dot(dots.filter((dot) => !dot.striking), {
        fx: "stem",
        x: "share",
        y: "key",
        r: "rows",
        fill: ASKED,
        fillOpacity: 0.45,
      }),
      Plot.tickX(
        lines.flatMap(({ key, spreads }) =>
          spreads.map(({ stem, share }) => ({ key, stem, share }))
        ),
        { fx: "stem", x: "share", y: "key", stroke: TARGET, strokeWidth: 3, inset: 6 },
      ),
      Plot.dot(dots.filter(({ striking }) => striking), {
        fx: "stem",
        x: "share",
        y: "key",
        r: "rows",
        fill: STRIKING,
      }),
      ...(["start", "end"] as const).map((side) =>
        Plot.text(named.filter(({ before }) => before === (side === "end")), {
          fx: "stem",
          x: "share",
          y: "key",
          text: "name",
          textAnchor: side,
          dx: side === "start" ? -3 : 3,
          dy: -10,
          fontSize: 10,
          stroke: "#fff",
          strokeWidth: 3,
          fill: "#000",
        })
      ),
    ],
  });
}

interface TermLine {
  key: string;
  term: string;
  spreads: Spread[];
}

interface Named {
  key: string;
  stem: string;
  share: number;
  name: string;
  /** The name stands to the left of its dot. */
  before: boolean;
}

/** The value that stands out most in each panel of each line, by name, as far as there is room. */
function namedOf(
  lines: readonly TermLine[],
  { largest, width, gap }: { largest: number; width: number; gap: number },
): Named[] {
  const lettersIn = (shares: number, beyond: number) =>
    Math.floor((width * shares / largest + beyond - 12) / NAME_LETTER);
  return lines.flatMap(({ key, spreads }) =>
    spreads.flatMap((spread) => {
      const most = mostStriking([spread]);
      if (most === null) return [];
      const { stem, share, overall, value } = most;
      const name = valueLabel(value);
      // To the left there is room up to the tick, to the right up to the next panel.
      const left = lettersIn(share > overall ? share - overall : share, 0);
      const right = lettersIn(largest - share, gap);
      const before = right < name.length && left > right;
      return [{
        key,
        stem,
        share,
        before,
        name: shortLabel(name, Math.max(6, before ? left : right)),
      }];
    })
  );
}

function titleOf(lines: readonly TermLine[]): string {
  const even = lines.filter(({ spreads }) => mostStriking(spreads) === null);
  const striking = lines.flatMap(({ term, spreads }) => {
    const most = mostStriking(spreads);
    return most === null ? [] : [{ term, ...most }];
  }).sort((a, b) => Math.abs(b.share - b.overall) - Math.abs(a.share - a.overall));
  const [strongest] = striking;
  const owed = strongest === undefined ? [] : [
    `${quoted(strongest.term)} stands in ${percent(strongest.share)} of the rows asked with ` +
    `${valueName(strongest.value)}, and in ${percent(strongest.overall)} of all`,
  ];
  const [first] = even;
  const alike = first === undefined ? [] : [
    (lines.length === 1
      ? `${quoted(first.term)} stands`
      : `${count(even.length)} of ${counted(lines.length, "term")} ${
        even.length === 1 ? "stands" : "stand"
      }`) +
    " alike in the rows of every value, as far as can be told",
  ];
  return [...alike, ...owed].join("; ");
}
