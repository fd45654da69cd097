import { finishOf } from "../../models/endpoint/finish_reasons.ts";
import type { Asked, Reply } from "../../models/types.ts";
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
 * endpoint's filter (as a fault or a finish reason), the API's own refusal, an answer that was cut
 * or broken off, no text, a text that opens as a refusal; what is left is ok. A fault of another
 * kind is failed. A finish reason that isn't known says nothing.
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
  const tidy = tidyText(reply.text ?? "");
  const text = tidy === "" ? null : tidy;
  const refusal = reply.refusal?.trim().toWellFormed() ?? "";
  const finish = finishOf(reply.finishReason);
  const because = `(finish reason ${reply.finishReason})`;
  if (finish === "filtered") {
    const reason = `the endpoint's content filter ended the answer ${because}`;
    return { outcome: "filtered", reason, text };
  }
  if (refusal !== "") {
    const reason = "the model declined (refusal field)";
    return { outcome: "refused", reason, text: text ?? refusal };
  }
  if (finish === "truncated") {
    const reason = `the answer was cut at the token limit ${because}`;
    return { outcome: "truncated", reason, text };
  }
  if (finish === "broken") {
    return { outcome: "failed", reason: `the endpoint broke the answer off ${because}`, text };
  }
  if (text === null) return { outcome: "empty", reason: whyEmpty(reply), text };
  if (isRefusal(text)) return { outcome: "refused", reason: "the text opens as a refusal", text };
  return { outcome: "ok", reason: null, text };
}

function whyEmpty({ onlyReasoned }: Reply): string {
  return onlyReasoned
    ? "the answer has no text: all that came stands in its reasoning (reasoning_content)"
    : "the answer has no text";
}

/**
 * The message itself: without the reasoning that some models put before it (also where only its
 * end is marked, or the answer was cut before it), without the marks with which some servers let
 * a turn end, without one pair of quotation marks around the whole, trimmed, well-formed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tidyText } from "./outcome.ts";
 * assert(tidyText("<think>Hm.</think>\n“Where is my card?”<|im_end|>") === "Where is my card?");
 * assert(tidyText('"Yes" or "no"') === '"Yes" or "no"');
 * ```
 */
export function tidyText(text: string): string {
  return unquote(withoutEndMarks(withoutReasoning(text.toWellFormed()).trim()));
}

/** What marks reasoning: its start and its end. */
const REASONING = [["<think>", "</think>"], ["<thinking>", "</thinking>"]] as const;

/** What stands after the last of its ends: a model that thinks several times answers in the end. */
function withoutReasoning(text: string): string {
  if (!text.includes("<think") && !text.includes("</think")) return text;
  let end = -1;
  for (const [, mark] of REASONING) {
    const at = text.lastIndexOf(mark);
    if (at >= 0) end = Math.max(end, at + mark.length);
  }
  const answer = end < 0 ? text : text.slice(end);
  // An answer that was cut while the model thought again is no answer either.
  return REASONING.some(([start]) => answer.trimStart().startsWith(start)) ? "" : answer;
}

/** What ends a turn in the templates of chats. A server should keep it to itself. */
const END_MARKS = [
  ...["<|im_end|>", "<|eot_id|>", "<end_of_turn>", "</s>", "<|endoftext|>", "<|end_of_text|>"],
  ...["<|eom_id|>", "<|end|>", "<|return|>", "<｜end▁of▁sentence｜>", "<eos>"],
];

function withoutEndMarks(text: string): string {
  let left = text;
  for (;;) {
    const mark = END_MARKS.find((mark) => left.endsWith(mark));
    if (mark === undefined) return left;
    left = left.slice(0, -mark.length).trimEnd();
  }
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
