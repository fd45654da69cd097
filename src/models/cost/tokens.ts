import type { ChatMessage } from "../../prompt/types.ts";
import { PROVIDERS } from "../endpoint/providers.ts";
import type { ModelChoice } from "../types.ts";

/** Counts tokens without asking anybody. */
export interface TokenCounter {
  /** Whether the model is known to cut its texts just so; else the counts are near its own only. */
  exact: boolean;
  /** Tokens of the model per token that is counted here: 1 to 1 where `exact`. */
  range: { low: number; high: number };
  /** Tokens of a text by itself. */
  text(text: string): number;
  /** Tokens of a chat as it is billed: with what frames each message and opens the answer. */
  messages(messages: readonly ChatMessage[]): number;
}

/** The vocabularies that texts are cut by. */
export type Encoding = "o200k_base" | "cl100k_base";

/**
 * Other families have vocabularies of their own. On prose in European languages those of 150,000
 * to 260,000 entries come to about as many tokens, those of 32,000 to up to four tenths more.
 */
const OTHER_MODELS = { low: 0.9, high: 1.4 };

/** Around each message of a chat stand its start, its end and the sign between role and content. */
const FRAME = 3;
/** The answer is opened by a start, the assistant's role and a sign after it. */
const OPENING = 3;

/**
 * The vocabulary of a model and whether that is known or only the nearest there is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodingOf } from "./tokens.ts";
 * const choice = { provider: "openai" as const, name: "gpt-4.1-mini", origin: "--model" };
 * assert.deepEqual(encodingOf(choice), { encoding: "o200k_base", exact: true });
 * ```
 */
export function encodingOf(choice: ModelChoice): { encoding: Encoding; exact: boolean } {
  const { remote, vendorNames: exact } = PROVIDERS[choice.provider];
  // A deployment's name is free: only what it looks like can be told.
  if (remote !== null) {
    if (/^(gpt-4o|gpt-4\.[15]|gpt-5|chatgpt-4o|o[134])(?![a-z0-9])/.test(choice.name)) {
      return { encoding: "o200k_base", exact };
    }
    if (/^gpt-(4|3\.5)(-|$)/.test(choice.name)) return { encoding: "cl100k_base", exact };
  }
  return { encoding: "o200k_base", exact: false };
}

/**
 * Opens the counter that is nearest to a model's own. The vocabulary is loaded here and not before:
 * that takes a tenth of a second and some 50 MB.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openTokenCounter } from "./tokens.ts";
 * const choice = { provider: "openai" as const, name: "gpt-4.1-mini", origin: "--model" };
 * const counter = await openTokenCounter(choice);
 * assert(counter.text("Where is my card?") === 5);
 * ```
 */
export async function openTokenCounter(choice: ModelChoice): Promise<TokenCounter> {
  const { encoding, exact } = encodingOf(choice);
  const { countTokens } = encoding === "o200k_base"
    ? await import("gpt-tokenizer/encoding/o200k_base")
    : await import("gpt-tokenizer/encoding/cl100k_base");
  // A text that spells out a control sign, such as <|endoftext|>, is text all the same.
  const asText = { disallowedSpecial: new Set<string>() };
  const text = (content: string) => countTokens(content, asText);
  return {
    exact,
    range: exact ? { low: 1, high: 1 } : OTHER_MODELS,
    text,
    messages: (messages) =>
      messages.reduce(
        (sum, { role, content }) => sum + FRAME + text(role) + text(content),
        OPENING,
      ),
  };
}

/** Tokens that a word takes, and how far that is trusted. */
export interface TokensPerWord {
  estimate: number;
  low: number;
  high: number;
}

/** How far texts of one language differ among themselves, by what they are about and how they're written. */
const BETWEEN_TEXTS = { low: 0.9, high: 1.2 };

/** A language that isn't listed. */
const ANY_LANGUAGE: TokensPerWord = { estimate: 2.2, low: 1.3, high: 4.5 };

/**
 * Tokens per word in a language, in the vocabulary `o200k_base`: from one message to a bank of
 * about 25 words (a lost card), the same in each language, counted by `countWords`.
 *
 * @param code The base code of BCP 47 in lower case, such as "sv"; null: any language.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tokensPerWord } from "./tokens.ts";
 * const { low, estimate, high } = tokensPerWord("sv");
 * assert(low < estimate && estimate === 1.3 && estimate < high);
 * ```
 */
export function tokensPerWord(code: string | null): TokensPerWord {
  const estimate = code === null ? undefined : BY_LANGUAGE[code];
  return estimate === undefined ? ANY_LANGUAGE : around(estimate);
}

/** The same for texts like this one. */
export function around(estimate: number): TokensPerWord {
  return { estimate, low: estimate * BETWEEN_TEXTS.low, high: estimate * BETWEEN_TEXTS.high };
}

// deno-fmt-ignore
const BY_LANGUAGE: Readonly<Record<string, number>> = {
  ar: 2, bg: 2.25, bn: 1.64, ca: 1.52, cs: 2, da: 1.37, de: 1.24, el: 2.08, en: 1.14, es: 1.35,
  et: 1.82, fa: 1.79, fi: 1.9, fr: 1.27, he: 1.75, hi: 1.3, hr: 1.6, hu: 2.42, id: 1.58, is: 1.75,
  it: 1.38, ja: 1.29, ko: 2.47, lt: 2.15, lv: 2.1, nb: 1.31, nl: 1.28, nn: 1.31, no: 1.31, pl: 2.25,
  pt: 1.17, ro: 1.85, ru: 1.57, sk: 2, sl: 1.79, so: 2.21, sr: 1.95, sv: 1.3, sw: 2.15, ta: 2.88,
  th: 1.69, tr: 1.83, uk: 2.23, vi: 1.4, zh: 1.35,
};
