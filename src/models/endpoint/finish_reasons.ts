/** What a finish reason says of an answer: `unknown` where it is none that is known. */
export type Finish = "whole" | "truncated" | "filtered" | "broken" | "unknown";

/** In lower case with `_` between words: providers differ in case and signs. */
const REASONS: Record<Exclude<Finish, "unknown">, readonly string[]> = {
  whole: [
    ...["stop", "stopped", "stop_sequence", "stop_token", "end", "end_turn", "end_of_turn"],
    ...["eos", "eos_token", "complete", "completed", "finished", "done", "success"],
    // Nothing of the kind is asked for: a text that stands beside such a call is whole.
    ...["tool_calls", "tool_call", "tool_use", "function_call"],
  ],
  truncated: [
    ...["length", "model_length", "max_length", "max_tokens", "max_output_tokens"],
    ...["max_completion_tokens", "max_new_tokens", "token_limit", "context_length"],
    ...["context_length_exceeded", "context_window_exceeded", "model_context_window_exceeded"],
    "error_limit",
  ],
  filtered: [
    ...["content_filter", "content_filtered", "content_policy_violation", "moderation"],
    ...["safety", "image_safety", "recitation", "prohibited_content", "blocklist", "spii"],
    ...["sensitive", "refusal", "guardrail_intervened", "error_toxic"],
  ],
  broken: [
    ...["error", "server_error", "network_error", "failed", "timeout", "interrupted"],
    ...["abort", "aborted", "cancel", "cancelled", "canceled", "user_cancel"],
    "insufficient_system_resource",
  ],
};

const FINISHES = new Map<string, Finish>(
  (["whole", "truncated", "filtered", "broken"] as const).flatMap((finish) =>
    REASONS[finish].map((reason) => [reason, finish] as const)
  ),
);

/** Longer than any reason. */
const LONGEST = 60;

/**
 * What the reason for which an answer ended says of it, in the words of any provider.
 *
 * @param reason As the endpoint gave it; null where it gave none: then nothing speaks against the answer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { finishOf } from "./finish_reasons.ts";
 * assert(finishOf("stop") === "whole" && finishOf(null) === "whole");
 * assert(finishOf("MAX_TOKENS") === "truncated" && finishOf("FinishReason.SAFETY") === "filtered");
 * assert(finishOf("tired") === "unknown");
 * ```
 */
export function finishOf(reason: string | null): Finish {
  if (reason === null || reason === "stop") return "whole";
  const words = reason.slice(0, LONGEST).trim().replace(/^finish_?reason[._ :-]/i, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase().replace(/[^a-z0-9]+/g, "_");
  return words === "" ? "whole" : FINISHES.get(words) ?? "unknown";
}
