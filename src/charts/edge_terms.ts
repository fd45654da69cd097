import * as Plot from "@observablehq/plot";
import type { EdgeTerm, Findings } from "../analysis/findings.ts";
import type { Corpus } from "../analysis/reading/rows.ts";
import { count } from "../text/numbers.ts";
import { languageName } from "../text/wording.ts";
import { CAME, CAME_LIGHT } from "./colours.ts";
import { counted, percent, percentRange, quoted, shortLabel, valueName } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";
import { mainLanguage, mostStriking, spreadOf } from "./spread.ts";
import { rowsWithTerm } from "./term_rows.ts";

/** How the first or last words are drawn. */
export interface EdgeChartOptions {
  /** Words that an opening or ending has, 1 to 4; default 3. */
  words?: number;
  /** Lines at most, at least 1; default 20. */
  most?: number;
  /** The rows that the findings were made from: the title then says whether the first is spread evenly. */
  corpus?: Corpus;
}

/**
 * The first words of texts: the share of rows that begin so, with its interval, and what they come to
 * together.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openingsChart } from "./edge_terms.ts";
 * const opening = { term: "could you please", n: 3, rows: 28, share: 0.28, low: 0.2, high: 0.37 };
 * const chart = openingsChart({
 *   rows: { ok: 100 },
 *   terms: { openings: [opening] },
 *   diversity: { effectiveOpenings: 12 },
 * });
 * assert(chart.textContent?.startsWith("“could you please” opens 28\u00a0% of rows"));
 * ```
 */
export function openingsChart(
  findings: {
    rows: Pick<Findings["rows"], "ok">;
    terms: Pick<Findings["terms"], "openings">;
    diversity: Pick<Findings["diversity"], "effectiveOpenings">;
  },
  options: EdgeChartOptions = {},
): ChartElement {
  const { effectiveOpenings } = findings.diversity;
  return edgeChart(findings.terms.openings, {
    ...options,
    at: "start",
    ok: findings.rows.ok,
    verb: "opens",
    name: "opening",
    more: effectiveOpenings === null || (options.words ?? 3) !== 3
      ? ""
      : ` All openings together are as varied as ${count(effectiveOpenings)} used equally often.`,
  });
}

/**
 * The last words of texts: the share of rows that end so, likewise.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { endingsChart } from "./edge_terms.ts";
 * const ending = { term: "for your help", n: 3, rows: 5, share: 0.05, low: 0.02, high: 0.11 };
 * const chart = endingsChart({ rows: { ok: 100 }, terms: { endings: [ending] } });
 * assert(chart.textContent?.startsWith("“for your help” ends 5\u00a0% of rows"));
 * ```
 */
export function endingsChart(
  findings: { rows: Pick<Findings["rows"], "ok">; terms: Pick<Findings["terms"], "endings"> },
  options: EdgeChartOptions = {},
): ChartElement {
  return edgeChart(findings.terms.endings, {
    ...options,
    at: "end",
    ok: findings.rows.ok,
    verb: "ends",
    name: "ending",
    more: "",
  });
}

interface Edge extends EdgeChartOptions {
  at: "start" | "end";
  ok: number;
  verb: string;
  name: string;
  /** Said last. */
  more: string;
}

function edgeChart(terms: readonly EdgeTerm[], edge: Edge): ChartElement {
  const words = edge.words ?? 3;
  const all = terms.filter(({ n }) => n === words);
  const [first] = all;
  if (first === undefined) {
    return saying(
      `No ${edge.name} of ${counted(words, "word")} stands in several rows`,
      `Of ${counted(edge.ok, "ok row")}.`,
    );
  }
  let sum = 0;
  const shown = all.slice(0, edge.most ?? 20).map((term, place) => {
    sum += term.share;
    return { ...term, key: String(place), together: sum };
  });
  return rowChart({
    title: `${quoted(first.term)} ${edge.verb} ${percent(first.share)} of rows` +
      evenness(first, edge),
    subtitle: `Share of ${counted(edge.ok, "ok row")} with this ${edge.name} of ` +
      `${counted(words, "word")}; the line is the 95\u00a0% interval. ` +
      (shown.length > 1
        ? `These ${shown.length} make up ${percent(Math.min(1, sum))} of rows.`
        : "") +
      edge.more,
    lines: shown.map(({ key, term, share, rows, low, high, together }) => ({
      key,
      label: shortLabel(term, 48),
      note: `${percent(share)} (${percentRange({ low, high })}), ${
        counted(rows, "row")
      } · together ${percent(Math.min(1, together))}`,
    })),
    domain: [0, Math.max(...shown.map(({ high }) => high))],
    tickFormat: percent,
    marks: [
      Plot.barX(shown, { x: "share", y: "key", fill: CAME_LIGHT, insetTop: 3, insetBottom: 3 }),
      Plot.ruleY(shown, { y: "key", x1: "low", x2: "high", stroke: CAME, strokeWidth: 1.5 }),
    ],
  });
}

/** Whether the rows with the first term, in its language, are those of some value. */
function evenness({ term }: EdgeTerm, { corpus, at }: Edge): string {
  if (corpus === undefined) return "";
  const has = rowsWithTerm(corpus, term, { at });
  const language = mainLanguage(corpus, has);
  const spreads = spreadOf(corpus, has, { language });
  const [first] = spreads;
  if (first === undefined || language === undefined) return "";
  const several = corpus.languages.length > 1;
  const among = several ? ` (${percent(first.share)} of those in ${languageName(language)})` : "";
  const most = mostStriking(spreads);
  if (most === null) {
    return `${among}, evenly over ${spreads.map(({ stem }) => shortLabel(stem, 30)).join(", ")}`;
  }
  return `${among}, ${most.share > most.overall ? "and" : "but"} ${percent(most.share)} of those ` +
    `asked with ${valueName(most.value)}`;
}
