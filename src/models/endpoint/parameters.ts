import type { Settings } from "../../config/types.ts";

/** Tokens of one word in the languages and scripts that need the most. */
const tokensPerWord = 8;
/** Tokens for a start that isn't asked for, such as a greeting or a quotation mark. */
const spareTokens = 64;
/** The cap where no length is asked for. */
const capWithoutLength = 1024;

/**
 * The cap of a row's answer in tokens: wide enough for the words asked for in any language, so
 * that only an answer far too long is cut. `settings.max_tokens` beats it; null there means none.
 *
 * @param requestedWords At least 1, or null where no length is asked for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { maxTokensFor } from "./parameters.ts";
 * assert(maxTokensFor(10, {}) === 144);
 * assert(maxTokensFor(10, { max_tokens: null }) === null);
 * ```
 */
export function maxTokensFor(
  requestedWords: number | null,
  settings: Pick<Settings, "max_tokens">,
): number | null {
  if (settings.max_tokens !== undefined) return settings.max_tokens;
  return requestedWords === null ? capWithoutLength : tokensPerWord * requestedWords + spareTokens;
}
