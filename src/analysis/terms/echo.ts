import { MARKER } from "../../config/template.ts";
import type { Config } from "../../config/types.ts";
import { BUILT_IN_TEMPLATE, labelOf } from "../../prompt/prompt.ts";
import { isFunctionWord } from "../../text/function_words.ts";
import { stem } from "../../text/stems.ts";
import { tokenize } from "../../text/tokens.ts";

/** What a term is asked of. */
export interface EchoQuestion {
  attribute: string;
  value: string;
  /** Base code of the language whose stems are compared. */
  language: string;
}

/**
 * Makes the function that tells whether a term only says again what the model was told: each of its
 * words, but for function words, stands in the value, in its wording for the model, in the attribute's
 * name, in the context or in the prompt's own text, all compared by their stems.
 *
 * @param config Null where it isn't known: then only the value and the attribute's name count.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openEchoes } from "./echo.ts";
 * const isEcho = openEchoes(null);
 * const asked = { attribute: "topic", value: "Car loan", language: "en" };
 * assert(isEcho("the loans", asked) && !isEcho("mortgage", asked));
 * ```
 */
export function openEchoes(
  config: Pick<Config, "attributes" | "context" | "prompt"> | null,
): (term: string, question: EchoQuestion) => boolean {
  const told = config === null
    ? ""
    : `${config.context}\n${(config.prompt ?? BUILT_IN_TEMPLATE).replace(MARKER, " ")}`;
  const known = new Map<string, ReadonlySet<string>>();
  const stemsOf = (text: string, language: string): ReadonlySet<string> => {
    const key = JSON.stringify([language, text]);
    let stems = known.get(key);
    if (stems === undefined) {
      stems = new Set(tokenize(text, { language }).map((word) => stem(word, { language })));
      known.set(key, stems);
    }
    return stems;
  };
  return (term, { attribute, value, language }) => {
    const wording = config?.attributes[attribute]?.find((item) => item.value === value)?.prompt;
    const own = stemsOf(`${labelOf(attribute)}\n${value}\n${wording ?? ""}`, language);
    const all = stemsOf(told, language);
    return term.split(" ").every((word) => {
      if (isFunctionWord(word, { language })) return true;
      const stemmed = stem(word, { language });
      return own.has(stemmed) || all.has(stemmed);
    });
  };
}
