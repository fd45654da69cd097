import * as Plot from "@observablehq/plot";
import type { Findings, TemplateTerm } from "../analysis/findings.ts";
import { remarkableTerms } from "../analysis/terms/remarkable_terms.ts";
import { languageName } from "../text/wording.ts";
import { CAME, CAME_LIGHT } from "./colours.ts";
import { counted, percent, quoted, shortLabel } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

/** That nothing was found in fewer rows says nothing. */
const FEWEST_ROWS = 50;

/**
 * Words and phrases that stand in rows whatever was asked, the highest score first: the share of rows
 * that have each, its lower bound, and the score.
 *
 * @param options `most`: terms that are shown, at least 1; default 30.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { templateChart } from "./template_terms.ts";
 * const term = { term: "could you", n: 2, rows: 28, share: 0.28, low: 0.19, score: 0.15 };
 * const template = [{ ...term, language: "en", languageShare: 0.28, examples: [{ row: 3 }] }];
 * const languages = [{ language: "en", rows: 100 }];
 * const chart = templateChart({ rows: { ok: 100 }, languages, terms: { template } });
 * assert(chart.textContent?.startsWith("“could you” stands in 28\u00a0% of rows"));
 * ```
 */
export function templateChart(
  findings: Pick<Findings, "languages"> & {
    rows: Pick<Findings["rows"], "ok">;
    terms: Pick<Findings["terms"], "template">;
  },
  options: { most?: number } = {},
): ChartElement {
  const { rows, languages, terms: { template } } = findings;
  const [first] = template;
  if (first === undefined) {
    return saying(
      rows.ok < FEWEST_ROWS
        ? `What stands in rows whatever was asked can't be told from ${counted(rows.ok, "row")}`
        : "No word or phrase stands in rows whatever was asked",
      `Of ${counted(rows.ok, "ok row")}. Terms in fewer than 5 rows and terms of function words ` +
        "alone aren't looked at.",
    );
  }
  // A phrase lives in one language: among the rows of others it says nothing.
  const several = languages.length > 1;
  const shown = template.slice(0, options.most ?? 30).map((term, place) => ({
    ...term,
    key: String(place),
  }));
  return rowChart({
    title: titleOf(findings),
    subtitle: `Of ${counted(rows.ok, "ok row")}. Dot: share of rows` +
      (several ? " in its language" : "") + " that have the term" +
      (several ? "" : "; tick: its lower 95\u00a0% bound") + ". Bar: the score, " +
      (several ? "the lower 95\u00a0% bound of that" : "that bound") +
      " or the share among the values that have the term least, whichever is smaller: the more of " +
      "the line it fills, the surer and the more even." +
      (shown.length < template.length ? ` The ${shown.length} highest scores are shown.` : ""),
    lines: shown.map(({ key, term, rows, share, low, language, languageShare }) => ({
      key,
      label: shortLabel(term, 48),
      note: several
        ? `${percent(languageShare)} of ${languageName(language)}, ${percent(share)} of all rows`
        : `${percent(share)} (${counted(rows, "row")}), at least ${percent(low)}`,
    })),
    domain: [
      0,
      Math.max(...shown.map(({ languageShare, score }) => Math.max(languageShare, score))),
    ],
    tickFormat: percent,
    marks: [
      Plot.barX(shown, { x: "score", y: "key", fill: CAME_LIGHT, insetTop: 5, insetBottom: 5 }),
      Plot.ruleY(shown, { y: "key", x1: 0, x2: "languageShare", stroke: CAME }),
      Plot.tickX(several ? [] : shown, {
        x: "low",
        y: "key",
        stroke: CAME,
        strokeWidth: 2,
        inset: 4,
      }),
      Plot.dot(shown, { x: "languageShare", y: "key", r: 4, fill: CAME }),
    ],
  });
}

/** Up to three terms that stand everywhere, and how many more there are. */
function titleOf(
  { languages, terms: { template } }: {
    languages: Findings["languages"];
    terms: Pick<Findings["terms"], "template">;
  },
): string {
  const share = ({ languageShare, language }: TemplateTerm) =>
    `${percent(languageShare)} of ` +
    (languages.length > 1 ? `rows in ${languageName(language)}` : "rows");
  const everywhere = remarkableTerms(template, { most: template.length });
  const [first, ...others] = everywhere;
  if (first === undefined) {
    const [nearest] = template;
    return "No word or phrase stands everywhere" +
      (nearest === undefined
        ? ""
        : `: ${quoted(nearest.term)}, the nearest to it, stands in ${share(nearest)}`);
  }
  const more = others.slice(0, 2).map((term) =>
    `${quoted(term.term)} in ${languages.length > 1 ? share(term) : percent(term.languageShare)}`
  );
  const rest = others.length - more.length;
  return [
    `${quoted(first.term)} stands in ${share(first)}, whatever was asked`,
    ...more,
    ...(rest > 0 ? [counted(rest, "more term")] : []),
  ].join(", ");
}
