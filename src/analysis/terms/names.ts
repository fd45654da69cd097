import type { Config } from "../../config/types.ts";
import { stem } from "../../text/stems.ts";
import { tokenize } from "../../text/tokens.ts";
import type { Corpus, CorpusAttribute } from "../reading/rows.ts";
import { explains } from "./spread.ts";

/** By attribute the indices of values that words name. */
export type Named = ReadonlyMap<CorpusAttribute, ReadonlySet<number>>;

/**
 * Makes the function that finds, for the words of a term and a language, the values that have one of
 * these words in their own name or wording, compared by stems; function words name nothing. A word of
 * an attribute's name ("station") names all of its values but `""`.
 *
 * @param options `config`: has the values' wordings; `isFunction`: whether words, as indices into the
 * vocabulary, are function words of a language.
 */
export function openNames(
  corpus: Corpus,
  { config, isFunction }: {
    config: Pick<Config, "attributes"> | null;
    isFunction: (words: Uint32Array, language: string) => boolean;
  },
): (words: Uint32Array, language: string) => Named {
  const byStem = new Map(corpus.languages.map((language) => [language, stemsOf(language)]));
  function stemsOf(language: string): Map<string, [CorpusAttribute, number][]> {
    const found = new Map<string, [CorpusAttribute, number][]>();
    for (const attribute of corpus.attributes.filter(explains)) {
      const items = config?.attributes[attribute.stem] ?? [];
      const wordings = new Map(items.map(({ value, prompt }) => [value, prompt]));
      for (const [index, value] of attribute.values.entries()) {
        const title = value === "" ? "" : attribute.stem.replaceAll(/[_-]/g, " ");
        const text = `${title}\n${value}\n${wordings.get(value) ?? ""}`;
        const stems = new Set(tokenize(text, { language }).map((word) => stem(word, { language })));
        for (const each of stems) {
          const values = found.get(each);
          if (values === undefined) found.set(each, [[attribute, index]]);
          else values.push([attribute, index]);
        }
      }
    }
    return found;
  }
  return (words, language) => {
    const named = new Map<CorpusAttribute, Set<number>>();
    for (let i = 0; i < words.length; i++) {
      if (isFunction(words.subarray(i, i + 1), language)) continue;
      const own = stem(corpus.vocabulary[words[i]!]!, { language });
      for (const [attribute, value] of byStem.get(language)?.get(own) ?? []) {
        const values = named.get(attribute);
        if (values === undefined) named.set(attribute, new Set([value]));
        else values.add(value);
      }
    }
    return named;
  };
}
