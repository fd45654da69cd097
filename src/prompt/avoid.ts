import type { AvoidTerm } from "../config/types.ts";
import { languageCode } from "../text/language.ts";
import { uniform } from "../stats/random.ts";

/** From this share of its language's rows on, a term is told to every row of that language. */
export const ALWAYS_TOLD_SHARE = 0.05;

/** Longer lists make a model mention what it was told to avoid. */
export const MOST_TERMS_PER_ROW = 8;

/**
 * The terms that one row is told to avoid, the most frequent first, at most
 * {@linkcode MOST_TERMS_PER_ROW}. A term of a share of at least {@linkcode ALWAYS_TOLD_SHARE} (or
 * without one: typed by hand) is told to every row asked for in its language; a rarer one to the
 * part share / {@linkcode ALWAYS_TOLD_SHARE} of them, drawn by row number. A row that asks for no
 * language hears of the terms of all.
 *
 * @param avoid The list as configured.
 * @param row `language` is the row's language as requested: a name or code, "" or null for none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { avoidTerms } from "./avoid.ts";
 * const avoid = [{ term: "could you please", share: 0.28, language: "English" }];
 * assert(avoidTerms(avoid, { seed: 1, row: 0, language: "en" }).length === 1);
 * assert(avoidTerms(avoid, { seed: 1, row: 0, language: "Danish" }).length === 0);
 * ```
 */
export function avoidTerms(
  avoid: AvoidTerm[],
  row: { seed: number; row: number; language: string | null },
): string[] {
  const told = avoid.filter((term) =>
    speaks(term.language, row.language) &&
    uniform(row.seed, "avoid", term.term, row.row) * ALWAYS_TOLD_SHARE < (term.share ?? 1)
  );
  return told.sort((a, b) => (b.share ?? 1) - (a.share ?? 1))
    .slice(0, MOST_TERMS_PER_ROW).map((term) => term.term);
}

function speaks(termLanguage: string | null, rowLanguage: string | null): boolean {
  if (!termLanguage || !rowLanguage) return true;
  return (languageCode(termLanguage) ?? termLanguage) ===
    (languageCode(rowLanguage) ?? rowLanguage);
}
