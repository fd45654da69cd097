import assert from "node:assert/strict";
import {
  allowanceWithin,
  openHiddenReasoning,
} from "../../../src/models/endpoint/hidden_reasoning.ts";

const CONTEXTS: [words: string, allowance: number | null][] = [
  // 5 % of the context stay free for rows with longer prompts.
  [
    "This model's maximum context length is 4096 tokens. However, you requested 8636 tokens (300 in the messages, 8336 in the completion).",
    8192 - (8636 - 3891),
  ],
  [
    "This model's maximum context length is 2000 tokens. However, you requested 8192 output tokens and your prompt contains at least 1 input tokens, for a total of at least 8193 tokens.",
    1899,
  ],
  [
    "'max_tokens' is too large: 8392. This model's maximum context length is 4000 tokens and your request has 300 input tokens",
    1750,
  ],
  ["max_tokens is too large. This model supports at most 4000 completion tokens", 1425],
  ["This model's maximum context length is 400 tokens. However, you requested 8636 tokens", 0],
  ["Rate limit reached", null],
  ["The context is odd", null],
];

for (const [words, allowance] of CONTEXTS) {
  Deno.test(`room for thoughts: ${words.slice(0, 70)}`, () => {
    assert.equal(allowanceWithin(words, 8192), allowance);
  });
}

function open() {
  const notes = { dropped: [] as string[], replaced: {} as Record<string, string> };
  const said: string[] = [];
  const reasoning = openHiddenReasoning({ notes, onNote: (text) => said.push(text) });
  reasoning.widen();
  return { notes, said, reasoning };
}

const refusal = (context: number, asked: number) =>
  `maximum context length is ${context} tokens, you requested ${asked} tokens`;

Deno.test("requests that are out narrow it once; a later refusal halves it", () => {
  const { notes, said, reasoning } = open();
  assert(reasoning.narrow(refusal(4000, 8492), 8192));
  assert(reasoning.narrow(refusal(4000, 8892), 8192));
  assert.equal(reasoning.allowance(), 3500);
  assert(reasoning.narrow(refusal(4000, 4010), 3500));
  assert.equal(reasoning.allowance(), 1750);
  assert.deepEqual([notes.dropped, said.length], [[], 2]);
});

Deno.test("where no room is left for thoughts the cap is left out", () => {
  const { notes, said, reasoning } = open();
  assert(reasoning.narrow(refusal(500, 8692), 8192));
  assert.deepEqual(notes.dropped, ["max_tokens"]);
  assert.match(
    said.join(),
    /has no room for hidden reasoning beside max_tokens: it is left out\.$/,
  );
});

Deno.test("other words teach nothing", () => {
  const { notes, said, reasoning } = open();
  assert(!reasoning.narrow("Bad request", 8192));
  assert.deepEqual([notes.dropped, said, reasoning.allowance()], [[], [], 8192]);
});
