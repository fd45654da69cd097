import {
  PorterStemmer,
  PorterStemmerDe,
  PorterStemmerEs,
  PorterStemmerFa,
  PorterStemmerFr,
  PorterStemmerIt,
  PorterStemmerNl,
  PorterStemmerNo,
  PorterStemmerPt,
  PorterStemmerRu,
  PorterStemmerSv,
  PorterStemmerUk,
  type Stemmer,
  StemmerId,
} from "natural/lib/natural/stemmers/index.js";

/** By base code. Danish takes the Norwegian one: most endings are the same. */
const STEMMERS: ReadonlyMap<string, Stemmer> = new Map([
  ["da", PorterStemmerNo],
  ["de", PorterStemmerDe],
  ["en", PorterStemmer],
  ["es", PorterStemmerEs],
  ["fa", PorterStemmerFa],
  ["fr", PorterStemmerFr],
  ["id", StemmerId],
  ["it", PorterStemmerIt],
  ["nb", PorterStemmerNo],
  ["nl", PorterStemmerNl],
  ["nn", PorterStemmerNo],
  ["no", PorterStemmerNo],
  ["pt", PorterStemmerPt],
  ["ru", PorterStemmerRu],
  ["sv", PorterStemmerSv],
  ["uk", PorterStemmerUk],
]);

/**
 * A word without its endings, so that "loans" and "loan" are one: by the stemmer of its language, or
 * the word itself where there is none. What `'s` follows is taken alone.
 *
 * @param word One word as `tokenize` gives it.
 * @param options `language`: base code.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { stem } from "./stems.ts";
 * assert.ok(stem("loans", { language: "en" }) === stem("loan", { language: "en" }));
 * assert.ok(stem("lånen", { language: "sv" }) === stem("lån", { language: "sv" }));
 * assert.ok(stem("laina", { language: "fi" }) === "laina");
 * ```
 */
export function stem(word: string, options: { language: string }): string {
  const stemmer = STEMMERS.get(options.language);
  if (stemmer === undefined) return word;
  const stemmed = stemmer.stem(word.replace(/'s$/, ""));
  // A stemmer may leave nothing of what isn't of its script.
  return stemmed === "" ? word : stemmed;
}
