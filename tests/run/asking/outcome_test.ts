import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import type { Fault } from "../../../src/models/types.ts";
import { outcomeOf, tidyText } from "../../../src/run/asking/outcome.ts";
import { OUTCOMES } from "../../../src/run/types.ts";
import { reply } from "../fixtures.ts";

const fault = (kind: Fault["kind"]): Fault => ({
  kind,
  reason: "500: it broke",
  status: 500,
  retryAfterMs: null,
});

Deno.test("an answer with text is ok and has no reason", () => {
  assert.deepEqual(outcomeOf({ reply: reply(), fault: null }), {
    outcome: "ok",
    reason: null,
    text: "Where is my train?",
  });
});

Deno.test("faults: a content filter is filtered, all others are failed with their reason", () => {
  assert.equal(outcomeOf({ reply: null, fault: fault("filtered") }).outcome, "filtered");
  for (const kind of ["passing", "rejected"] as const) {
    assert.deepEqual(outcomeOf({ reply: null, fault: fault(kind) }), {
      outcome: "failed",
      reason: "500: it broke",
      text: null,
    });
  }
});

Deno.test("the rules hold in their order", () => {
  const all = {
    text: "I'm sorry, but I can't help with that.",
    refusal: "No.",
    finishReason: "content_filter",
  };
  const outcome = (fields: Partial<ReturnType<typeof reply>>) =>
    outcomeOf({ reply: reply({ ...all, ...fields }), fault: null }).outcome;
  assert.equal(outcome({}), "filtered");
  assert.equal(outcome({ finishReason: "length" }), "refused");
  assert.equal(outcome({ finishReason: "length", refusal: null }), "truncated");
  assert.equal(outcome({ finishReason: "length", refusal: null, text: null }), "truncated");
  assert.equal(outcome({ finishReason: "stop", refusal: "  ", text: " \n" }), "empty");
  assert.equal(outcome({ finishReason: null, refusal: "", text: null }), "empty");
  assert.equal(outcome({ finishReason: "stop", refusal: null }), "refused");
  assert.equal(outcome({ finishReason: "stop", refusal: null, text: "Hi" }), "ok");
});

Deno.test("finish reasons count in any provider's words; one that isn't known says nothing", () => {
  const outcome = (finishReason: string | null) =>
    outcomeOf({ reply: reply({ finishReason }), fault: null }).outcome;
  for (const reason of ["STOP", "end_turn", "eos", "tired", null]) {
    assert.equal(outcome(reason), "ok");
  }
  for (const reason of ["MAX_TOKENS", "max_tokens"]) assert.equal(outcome(reason), "truncated");
  for (const reason of ["SAFETY", "BLOCKLIST", "spii"]) assert.equal(outcome(reason), "filtered");
  for (const reason of ["error", "abort", "insufficient_system_resource"]) {
    const { outcome, reason: why, text } = outcomeOf({
      reply: reply({ finishReason: reason }),
      fault: null,
    });
    assert.equal(outcome, "failed");
    assert.equal(why, `the endpoint broke the answer off (finish reason ${reason})`);
    assert.equal(text, "Where is my train?");
  }
});

Deno.test("a row whose text is all reasoning is empty and says so", () => {
  const { outcome, reason, text } = outcomeOf({
    reply: reply({ text: null, onlyReasoned: true }),
    fault: null,
  });
  assert.deepEqual([outcome, text], ["empty", null]);
  assert.match(reason ?? "", /stands in its reasoning \(reasoning_content\)/);
});

Deno.test("what came is kept whatever the outcome", () => {
  const cut = outcomeOf({
    reply: reply({ text: " Where is", finishReason: "length" }),
    fault: null,
  });
  assert.equal(cut.text, "Where is");
  const refused = outcomeOf({ reply: reply({ text: null, refusal: " I won't. " }), fault: null });
  assert.deepEqual([refused.outcome, refused.text], ["refused", "I won't."]);
});

Deno.test("each answer has exactly one outcome, a reason unless it is ok, and well-formed text", () => {
  fc.assert(fc.property(
    fc.record({
      text: fc.option(fc.string({ unit: "binary" })),
      refusal: fc.option(fc.string({ unit: "binary" })),
      finishReason: fc.constantFrom("stop", "length", "content_filter", null),
    }, { noNullPrototype: true }),
    (fields) => {
      const { outcome, reason, text } = outcomeOf({ reply: reply(fields), fault: null });
      assert(OUTCOMES.includes(outcome));
      assert.equal(reason === null, outcome === "ok");
      assert(text === null || (text !== "" && text.isWellFormed() && text === text.trim()));
      assert(outcome !== "ok" || text !== null);
    },
  ));
});

const TIDIED: [string, string][] = [
  ["  Hi there \n", "Hi there"],
  ['"Where is my card?"', "Where is my card?"],
  ["“Where is my card?”", "Where is my card?"],
  ["”Var är mitt kort?”", "Var är mitt kort?"],
  ["„Wo ist meine Karte?“", "Wo ist meine Karte?"],
  ["« Où est ma carte ? »", "Où est ma carte ?"],
  ["»Hvor er mit kort?«", "Hvor er mit kort?"],
  ["'I don't know what I can't do'", "I don't know what I can't do"],
  ["‘I don’t know’", "I don’t know"],
  ['"She said "no" to me"', '"She said "no" to me"'],
  ['"Yes" or "no"', '"Yes" or "no"'],
  ['""Twice""', '""Twice""'],
  ['"', '"'],
  ['""', ""],
  ['"Open', '"Open'],
  ["<think>The user wants …</think>\n\nWhere is my card?", "Where is my card?"],
  ['<think>\nHm "x"\n</think>\n"Where is my card?"', "Where is my card?"],
  ["The user wants a question.\n</think>\nWhere is my card?", "Where is my card?"],
  ["<think>Cut before it ended", ""],
  ["<think></think>", ""],
  ["I think <think> is a tag", "I think <think> is a tag"],
  ["<thinking>Hm.</thinking>\nWhere is my card?", "Where is my card?"],
  ["Hm.\n</thinking>Where is my card?", "Where is my card?"],
  ["<thinking>Cut before it ended", ""],
  // The answer stands after the last thought.
  ["<think>One.</think>\nA draft\n<think>Two.</think>\nWhere is my card?", "Where is my card?"],
  ["<think>One.</think><thinking>Two.</thinking>Where is my card?", "Where is my card?"],
  ["<thinking>Two.</thinking><think>One.</think>Where is my card?", "Where is my card?"],
  ["<think>One.</think>\n<think>Cut before it ended", ""],
  ["Where is my card?<|im_end|>", "Where is my card?"],
  ["Where is my card?<|eot_id|>\n", "Where is my card?"],
  ["Where is my card?</s> </s><|endoftext|>\n<end_of_turn>", "Where is my card?"],
  ['"Where is my card?"<|im_end|>', "Where is my card?"],
  ["<think>Hm.</think>Where is my card?<|im_end|>", "Where is my card?"],
  ["<|im_end|>", ""],
  ["What does <|im_end|> mean?", "What does <|im_end|> mean?"],
  ["lone \ud800 surrogate", "lone \ufffd surrogate"],
];

for (const [text, tidy] of TIDIED) {
  Deno.test(`tidied: ${JSON.stringify(text)}`, () => assert.equal(tidyText(text), tidy));
}
