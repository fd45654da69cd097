import type { Config } from "../../config/types.ts";
import { cramersV } from "../../stats/association.ts";
import { conservativeLogRatio } from "../../stats/log_ratio.ts";
import { benjaminiHochberg } from "../../stats/multiple_testing.ts";
import type { ValueTerm } from "../findings.ts";
import type { Corpus } from "../reading/rows.ts";
import type { CountedTerms } from "./counted_terms.ts";
import { openEchoes } from "./echo.ts";

/** Share of false ones among the terms that are listed, as one expects it. */
const FALSE_ONES = 0.05;
/** A term that a value makes at least twice as frequent is about it. */
const TOPICAL = 1;

/**
 * The terms that a value of an attribute brings about, the strongest first: those that stand more
 * often in its rows than in the other rows of the same language. Values are drawn at random, so what
 * differs beyond chance is due to them.
 *
 * Each term is tested with each value by Fisher's exact test within each language in which it stands
 * in at least 5 rows (one-sided, mid-p); all these tests are one family (Benjamini–Hochberg). Where
 * several languages show it, the surest of them is told: rows and shares are of its rows. Not
 * stratified by other attributes: where `when` ties two together, or many rows of one value were lost,
 * both may be named for the same word.
 *
 * Verdicts: `echo`, where the term repeats what the model was told (`openEchoes`); `topical`, where it
 * is at least twice as frequent for sure (conservative log ratio ≥ 1); else `mixed`.
 *
 * @param counted What `countTerms` found in the same corpus.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { countTerms } from "./counted_terms.ts";
 * import { valueTerms } from "./value_terms.ts";
 * const rows = Array.from({ length: 40 }, (_, i) => i % 2 === 0
 *   ? { text: "Where is my train?", attributes: { topic: "Delays" } }
 *   : { text: "Where is my ticket?", attributes: { topic: "Fares" } });
 * const { corpus } = corpusOf(rows, { language: "en" });
 * const [first] = valueTerms(corpus, countTerms(corpus, { config: null }), { config: null });
 * assert(first?.term === "where is my ticket" && first.value === "Fares");
 * ```
 */
export function valueTerms(
  corpus: Corpus,
  counted: CountedTerms,
  options: { config: Pick<Config, "attributes" | "context" | "prompt"> | null },
): ValueTerm[] {
  const isEcho = openEchoes(options.config);
  const hits = counted.terms.flatMap(({ term, spreads }) =>
    spreads.flatMap((spread) => spread.hits.map((hit) => ({ term, spread, hit })))
  );
  const tests = counted.terms.reduce(
    (sum, { spreads }) => spreads.reduce((all, spread) => all + spread.tests, sum),
    0,
  );
  // Corrected among the tests that were kept, then for all: the others have larger p, and how large
  // makes no difference to those that are significant.
  const q = benjaminiHochberg(Float64Array.from(hits, ({ hit }) => hit.p))
    .map((kept) => kept * tests / hits.length);

  const found = new Map<string, ValueTerm & { p: number }>();
  for (const [i, { term, spread, hit }] of hits.entries()) {
    if (q[i]! >= FALSE_ONES) continue;
    const others = { f2: spread.rows - hit.rows, n2: spread.of - hit.of };
    const lrc = conservativeLogRatio({ f1: hit.rows, n1: hit.of, ...others });
    if (lrc <= 0) continue;
    const attribute = hit.attribute.stem;
    const value = hit.attribute.values[hit.value]!;
    const key = JSON.stringify([term, attribute, value]);
    const known = found.get(key);
    if (known !== undefined && known.p <= hit.p) continue;
    const language = corpus.languages[spread.language]!;
    const echo = isEcho(term, { attribute, value, language });
    found.set(key, {
      term,
      attribute,
      value,
      rows: hit.rows,
      share: hit.rows / hit.of,
      others: others.f2 / others.n2,
      lrc,
      q: q[i]!,
      v: cramersV(hit.chiSquare, { n: spread.of, columns: hit.values }),
      verdict: echo ? "echo" : lrc >= TOPICAL ? "topical" : "mixed",
      p: hit.p,
    });
  }
  return [...found.values()]
    .sort((a, b) => b.lrc - a.lrc || a.p - b.p || (a.term < b.term ? -1 : 1))
    .map(({ p: _, ...term }) => term);
}
