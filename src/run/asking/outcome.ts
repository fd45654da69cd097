import type { Asked } from "../../models/types.ts";
import { isRefusal } from "./refusals.ts";
import type { Outcome } from "../types.ts";

/** What became of a row, why it isn't ok, and the text that came. */
export interface RowOutcome {
  outcome: Outcome;
  /** One line; null where the outcome is ok. */
  reason: string | null;
  /** Tidied; null where nothing came. */
  text: string | null;
}

/**
 * Exactly one outcome for a row whose calls are over. The first rule that fits decides: the
 * endpoint's filter (as a fault or a finish reason), the API's own refusal, an answer that was cut,
 * no text, a text that opens as a refusal; what is left is ok. A fault of another kind is failed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { outcomeOf } from "./outcome.ts";
 * const reply = { text: ' "Hi!" ', refusal: null, finishReason: "stop", model: "m", usage: null };
 * assert(outcomeOf({ reply, fault: null }).text === "Hi!");
 * ```
 */
export function outcomeOf(asked: Pick<Asked<unknown>, "reply" | "fault">): RowOutcome {
  const { reply, fault } = asked;
  if (reply === null) {
    const outcome = fault?.kind === "filtered" ? "filtered" : "failed";
    return { outcome, reason: fault?.reason ?? "no answer", text: null };
  }
  const text = tidyText(reply.text ?? "");
  const refusal = reply.refusal?.trim().toWellFormed() ?? "";
  const answer = text === "" ? null : text;
  if (reply.finishReason === "content_filter") {
    return {
      outcome: "filtered",
      reason: "the endpoint's content filter ended the answer (finish reason content_filter)",
      text: answer,
    };
  }
  if (refusal !== "") {
    return {
      outcome: "refused",
      reason: "the model declined (refusal field)",
      text: answer ?? refusal,
    };
  }
  if (reply.finishReason === "length") {
    return {
      outcome: "truncated",
      reason: "the answer was cut at the token limit (finish reason length)",
      text: answer,
    };
  }
  if (answer === null) {
    return { outcome: "empty", reason: "the answer has no text", text: null };
  }
  if (isRefusal(answer)) {
    return { outcome: "refused", reason: "the text opens as a refusal", text: answer };
  }
  return { outcome: "ok", reason: null, text: answer };
}

/**
 * The message itself: without the reasoning that some models put before it (also where only its
 * end is marked, or the answer was cut before it), without one pair of quotation marks around the
 * whole, trimmed, well-formed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tidyText } from "./outcome.ts";
 * assert(tidyText("<think>Hm.</think>\n“Where is my card?”") === "Where is my card?");
 * assert(tidyText('"Yes" or "no"') === '"Yes" or "no"');
 * ```
 */
export function tidyText(text: string): string {
  return unquote(withoutReasoning(text.toWellFormed()).trim());
}

function withoutReasoning(text: string): string {
  const end = "</think>";
  const at = text.indexOf(end);
  if (at >= 0) return text.slice(at + end.length);
  return text.trimStart().startsWith("<think>") ? "" : text;
}

/** Opening and closing marks of quotations. */
const QUOTES = ['""', "“”", "””", "„“", "„”", "«»", "»«", "‘’", "’’", "''", "「」", "『』"];

/** Between letters it is an apostrophe and no quotation mark. */
const APOSTROPHES = /(?<=\p{L})['’](?=\p{L})/gu;

function unquote(text: string): string {
  if (text.length < 2) return text;
  const [first, last, inner] = [text.charAt(0), text.charAt(text.length - 1), text.slice(1, -1)];
  if (!QUOTES.includes(first + last)) return text;
  // More of these marks inside: the outer ones are not one pair.
  const plain = inner.replaceAll(APOSTROPHES, "");
  return plain.includes(first) || plain.includes(last) ? text : inner.trim();
}
