import assert from "node:assert/strict";
import { type Finish, finishOf } from "../../../src/models/endpoint/finish_reasons.ts";

const SAID: Record<Finish, (string | null)[]> = {
  whole: [
    "stop",
    "STOP",
    "end_turn",
    "eos",
    "stop_sequence",
    "Stop Sequence",
    "tool_calls",
    "",
    null,
  ],
  truncated: ["length", "MAX_TOKENS", "max_tokens", "maxTokens", "FinishReason.MAX_TOKENS"],
  filtered: [
    ...["content_filter", "ContentFilter", "SAFETY", "RECITATION", "PROHIBITED_CONTENT"],
    ...["BLOCKLIST", "SPII", "finish_reason_safety"],
  ],
  broken: ["error", "abort", "Aborted", "insufficient_system_resource", "cancelled", "TIMEOUT"],
  unknown: ["tired", "stop …", "constructor", "__proto__", "x".repeat(1_000_000)],
};

for (const [finish, reasons] of Object.entries(SAID)) {
  Deno.test(`finish reasons that say ${finish}`, () => {
    for (const reason of reasons) assert.equal(finishOf(reason), finish, String(reason));
  });
}
