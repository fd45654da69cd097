import assert from "node:assert/strict";
import OpenAI from "openai";
import { refusedParameter } from "../../../src/models/endpoint/refused_parameter.ts";

const SENT = ["seed", "stop", "temperature", "frequency_penalty", "top_p", "max_tokens"];

function named(body: Record<string, unknown> | string, status = 400): string | null {
  const error = typeof body === "string"
    ? new OpenAI.APIError(status, { message: body }, undefined, new Headers())
    : OpenAI.APIError.generate(status, { error: body }, undefined, new Headers());
  return refusedParameter(error, SENT)?.name ?? null;
}

const WORDS: Record<string, string[]> = {
  frequency_penalty: [
    "Model swift-2 does not support parameter frequencyPenalty.",
    "Argument not supported on this model: frequencyPenalty",
    "Penalty is not enabled for models/swift-2",
    "This model has no frequency penalty",
  ],
  max_tokens: ["Unknown field maxTokens", "Max tokens can't be set here"],
  top_p: ["topP is not supported", "'top-p' isn't known"],
  temperature: [
    "We don't support temperature=0.9, only 1 is supported",
    "temperature is not supported by this model",
    "this model does not support temperature",
    "Field `temperature` is fixed",
  ],
  seed: ["seed is not allowed", "unsupported: seed"],
};

for (const [name, all] of Object.entries(WORDS)) {
  Deno.test(`words that name ${name}`, () => {
    for (const words of all) assert.equal(named(words), name, words);
  });
}

Deno.test("words that name none", () => {
  const others = [
    "Please stop: the temperature of this talk rises",
    "A penalty of 5 points is added",
    "The seed of doubt",
    "stopped",
    "Your prompt is too long: reduce max_tokens",
  ];
  for (const words of others) assert.equal(named(words), null, words);
});

Deno.test("a param or a place in camel case counts as its name", () => {
  assert.equal(named({ message: "Bad", param: "topP" }), "top_p");
  assert.equal(named({ detail: [{ loc: ["body", "maxTokens"], msg: "No" }] }, 422), "max_tokens");
});

Deno.test('"penalty" alone says nothing where several are sent', () => {
  const error = new OpenAI.APIError(400, { message: "Penalty is not enabled" }, "", new Headers());
  assert.equal(refusedParameter(error, ["frequency_penalty", "presence_penalty"]), null);
});

Deno.test("a body of any size and shape is looked through to an end", () => {
  const large = { message: "x".repeat(100_000), detail: Array(50_000).fill({ loc: ["a"] }) };
  assert.equal(named(large), null);
  let deep: unknown = "max_tokens";
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  const error = new OpenAI.APIError(400, { message: "x", detail: deep }, "", new Headers());
  assert.equal(refusedParameter(error, SENT), null);
});
