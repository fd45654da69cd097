import type { Config } from "../../config/types.ts";
import type { TermFindings } from "../findings.ts";
import type { Corpus } from "../reading/rows.ts";
import { countTerms } from "./counted_terms.ts";
import { edgeTerms } from "./edge_terms.ts";
import { type Reference, referenceFindings } from "./reference.ts";
import { templateTerms } from "./template_terms.ts";
import { valueTerms } from "./value_terms.ts";

/**
 * The words and phrases of a corpus: those that stand in whatever was asked, those that are due to
 * what was asked, how texts begin and end, and, with a reference, what stands out against it.
 *
 * @param options `config`: what the model was told, null where it isn't known; `reference`: counts of
 * words from elsewhere.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { termFindings } from "./term_findings.ts";
 * const { corpus } = corpusOf(Array(9).fill({ text: "Kindly help me" }), { language: "en" });
 * const { template, openings, reference } = termFindings(corpus, { config: null });
 * assert(template[0]?.term === "kindly help me" && openings[0]?.share === 1);
 * assert(reference === null);
 * ```
 */
export function termFindings(
  corpus: Corpus,
  options: {
    config: Pick<Config, "attributes" | "context" | "prompt"> | null;
    reference?: Reference | null;
  },
): TermFindings {
  const { config, reference = null } = options;
  const counted = countTerms(corpus, { config });
  return {
    template: templateTerms(corpus, counted),
    byValue: valueTerms(corpus, counted, { config }),
    openings: edgeTerms(corpus, { edge: "openings" }),
    endings: edgeTerms(corpus, { edge: "endings" }),
    reference: reference === null ? null : referenceFindings(corpus, reference),
  };
}
