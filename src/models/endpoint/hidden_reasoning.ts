import type { ParameterNotes } from "../types.ts";

/** Tokens added to the cap where a model thinks before it answers: its thoughts count too. */
export const reasoningAllowance = 8192;

/** With less room than this for thoughts a cap does more harm than good. */
const LEAST = 256;

/** Of a context, so much is kept free: other rows have longer prompts. */
const MARGIN = 0.05;

/** What is added to caps for hidden thoughts. */
export interface HiddenReasoning {
  /** Tokens. */
  allowance(): number;
  /** Caps are widened from now on. */
  widen(): void;
  /**
   * Notes what the refusal of a request says about the context: less is added, or no cap is sent.
   * False where it isn't about that.
   *
   * @param sent The allowance that the request was sent with, above 0.
   */
  narrow(words: string, sent: number): boolean;
}

/**
 * Follows how much has to be added to caps for thoughts, and how much the model's context leaves.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openHiddenReasoning } from "./hidden_reasoning.ts";
 * const reasoning = openHiddenReasoning({ notes: { dropped: [], replaced: {} }, onNote: () => {} });
 * assert(reasoning.allowance() === 0);
 * reasoning.widen();
 * assert(reasoning.allowance() === 8192);
 * ```
 */
export function openHiddenReasoning(
  { notes, onNote }: { notes: ParameterNotes; onNote: (said: string) => void },
): HiddenReasoning {
  let thinks = false;
  let widest = reasoningAllowance;
  let wasNarrowed = false;
  const allowance = () =>
    thinks || notes.replaced["max_tokens"] === "max_completion_tokens" ? widest : 0;
  return {
    allowance,
    widen() {
      thinks = true;
    },
    narrow(words, sent) {
      const fits = allowanceWithin(words, sent);
      if (fits === null) return false;
      // Requests that are out learn the same at the same time: the first one notes it.
      if (widest < sent) return true;
      // Told again: it isn't known how much the longest row needs.
      widest = wasNarrowed ? Math.min(fits, Math.floor(widest / 2)) : fits;
      wasNarrowed = true;
      const cap = notes.replaced["max_tokens"] ?? "max_tokens";
      if (widest >= LEAST) {
        onNote(`has a short context: ${cap} + ${widest} for hidden reasoning is sent.`);
      } else {
        widest = 0;
        notes.dropped.push(cap);
        onNote(`has no room for hidden reasoning beside ${cap}: it is left out.`);
      }
      return true;
    },
  };
}

/**
 * How many tokens for thoughts the context leaves that a refusal names; 0: none, null: it names none.
 *
 * @param allowance What the refused request was sent with.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { allowanceWithin } from "./hidden_reasoning.ts";
 * const said = "This model's maximum context length is 4000 tokens. However, you requested 8492 tokens";
 * assert(allowanceWithin(said, 8192) === 3500);
 * assert(allowanceWithin("Bad request", 8192) === null);
 * ```
 */
export function allowanceWithin(words: string, allowance: number): number | null {
  const limit = numberIn(
    words,
    /\b(?:context|sequence)[_ -](?:length|window|size)\D{0,40}(\d{2,9})/i,
    /\bat most (\d{2,9}) (?:completion |output )?tokens/i,
    /\bmust be <= (\d{2,9})/i,
  );
  if (limit === null) return null;
  const free = limit - Math.ceil(MARGIN * limit);
  const asked = numberIn(
    words,
    /\brequested (\d{2,9}) tokens/i,
    /\btotal of (?:at least )?(\d{2,9})/i,
  );
  if (asked !== null) return Math.max(0, Math.min(allowance, allowance - (asked - free)));
  const input = numberIn(
    words,
    /(\d{1,9}) [`']?(?:input|inputs|prompt)[`']? tokens/i,
    /(\d{1,9}) (?:tokens )?(?:in|from) the (?:messages|input|prompt)/i,
  ) ?? free / 4;
  // The row's own cap isn't told: half is left for it where the context is short.
  return Math.max(0, Math.min(allowance, Math.floor((free - input) / 2)));
}

/** The number of the first pattern that is found. */
function numberIn(words: string, ...patterns: readonly RegExp[]): number | null {
  for (const pattern of patterns) {
    const found = pattern.exec(words)?.[1];
    if (found !== undefined) return Number(found);
  }
  return null;
}
