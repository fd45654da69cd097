import type { Findings, TemplateTerm } from "../findings.ts";
import { isLanguageAttribute } from "../../text/language.ts";
import { count } from "../../text/numbers.ts";
import { remarkableTerms, saysOneWord } from "../terms/remarkable_terms.ts";
import { type Headline, isOfFile, severityOf, type Told } from "./headline.ts";
import { repeatingRows } from "./sameness.ts";
import { languageName, percent, percentRange, quoted } from "../../text/wording.ts";

/** Openings are shared by chance more often: there are few ways to begin a question. */
const LEAST_OPENING = 0.15;
/** Fewer rows that begin alike say nothing of the others. */
const LEAST_ROWS = 10;
/** A single word says less than a phrase. */
const SINGLE_WORD = 0.5;
/** A longer opening is named instead of its start if it has so large a part of its rows. */
const SAME_OPENING = 0.8;

/** The phrase that stands in the most rows whatever was asked, and the opening that most share. */
export function phraseHeadlines(told: Told): Headline[] {
  return [...templateHeadline(told), ...openingHeadline(told)];
}

/** In texts that no model was asked for here a single word is the domain's own: "card" at a bank. */
function templateHeadline(told: Told): Headline[] {
  const { findings } = told;
  const { terms, rows, languages } = findings;
  const isOfOne = languages.length > 1;
  const severity = (term: TemplateTerm) => {
    const { low, score, language } = term;
    const own = languages.find((each) => each.language === language)?.rows ?? rows.ok;
    const part = isOfOne ? score : low;
    return severityOf(saysOneWord(term) ? SINGLE_WORD * part : part, own / rows.ok);
  };
  const best = remarkableTerms(terms.template, { most: terms.template.length })
    .filter((term) => !isOfFile(told) || !saysOneWord(term))
    .reduce<TemplateTerm | null>(
      (top, term) => top === null || severity(term) > severity(top) ? term : top,
      null,
    );
  if (best === null) return [];
  const { term, share, low, score, language, languageShare } = best;
  const shares = isOfOne
    ? `${percent(share)}; ${percent(languageShare)} of those in ${languageName(language)}, ` +
      `at least ${percent(score)}`
    : `${percent(share)}, at least ${percent(low)}`;
  return [{
    kind: "phrase",
    attribute: null,
    severity: severity(best),
    says: `${quoted(term)} stands in ${count(best.rows)} of ${count(rows.ok)} rows (${shares})` +
      (isAskedFor(findings) ? ` whatever ${isOfFile(told) ? "they are" : "was asked"}` : ""),
    next: avoidText(term, told),
  }];
}

/** Whether it is known what rows were asked for, beside their language, that differs from row to row. */
function isAskedFor({ attributes }: Findings): boolean {
  return Object.values(attributes).some(({ values }) =>
    values.length > 1 && !isLanguageAttribute(values.map(({ value }) => value))
  );
}

function openingHeadline(told: Told): Headline[] {
  const { findings } = told;
  const { rows } = findings;
  const best = widestOpening(findings);
  if (best === null) return [];
  return [{
    kind: "phrase",
    attribute: null,
    severity: severityOf(best.low, 1),
    says: `${count(best.rows)} of ${count(rows.ok)} rows begin with ${quoted(best.term)} (${
      percent(best.share)
    }, ${percentRange(best)})`,
    next: avoidText(best.term, told),
  }];
}

/**
 * The opening of two words or more with the most rows that no attribute explains, as long as it can be
 * said; none where half of the rows are copies, which begin alike too.
 */
function widestOpening(findings: Findings) {
  if (repeatingRows(findings) >= findings.rows.ok / 2) return null;
  const { terms } = findings;
  const phrases = terms.openings.filter(({ n, rows, low, even = true }) =>
    n > 1 && rows >= LEAST_ROWS && low >= LEAST_OPENING && even
  );
  const first = phrases.reduce<typeof phrases[number] | null>(
    (top, term) => top === null || term.rows > top.rows ? term : top,
    null,
  );
  if (first === null) return null;
  return terms.openings.filter(({ term, n, rows }) =>
    n > first.n && rows >= SAME_OPENING * first.rows && term.startsWith(first.term + " ")
  ).reduce((longest, term) => term.n > longest.n ? term : longest, first);
}

function avoidText(term: string, told: Told): string {
  const { config } = told;
  if (isOfFile(told)) return "see whether real messages have it as often: --reference FILE";
  if (config === null) return "tell the model to avoid it";
  const known = config.avoid.some((avoided) => avoided.term.toLowerCase() === term);
  return known ? "avoid.txt names it already: try other wordings" : "add it to avoid.txt";
}
