import type { LanguageName } from "../grammar.ts";
import { languageNames } from "../grammar.ts";
import { grammars } from "../languages.ts";

/**
 * The language that most words of a simulated text belong to.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { languageIn } from "./language.ts";
 * assert.equal(languageIn("Hvornår kan jeg pause afdragene?"), "Danish");
 * ```
 */
export function languageIn(text: string): LanguageName {
  vocabularies ??= new Map(
    languageNames.map((name) => [name, new Set(wordsOf(stringsOf(grammars[name]).join(" ")))]),
  );
  const words = wordsOf(text);
  let best: LanguageName = "English";
  let most = 0;
  for (const [name, vocabulary] of vocabularies) {
    const hits = words.filter((word) => vocabulary.has(word)).length;
    if (hits > most) [best, most] = [name, hits];
  }
  return best;
}

// Made once it is asked for.
let vocabularies: Map<LanguageName, Set<string>> | null = null;

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\d]+(?:[-'’][\p{L}\d]+)*/gu) ?? [];
}

function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
