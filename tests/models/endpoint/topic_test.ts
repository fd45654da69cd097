import assert from "node:assert/strict";
import { saidIn } from "../../../src/models/endpoint/said.ts";
import { type HeardError, type Topic, topicOf } from "../../../src/models/endpoint/topic.ts";

function topic(status: number, body: unknown, more: Partial<HeardError> = {}): Topic {
  return topicOf({
    status,
    said: saidIn(body),
    comesBack: false,
    provider: "openai",
    model: "qwen-9",
    ...more,
  });
}

function error(message: string, fields: Record<string, unknown> = {}): unknown {
  return { error: { message, ...fields } };
}

Deno.test("a model that isn't there is told by code or words, whatever the status", () => {
  const said = [
    "The model `qwen-9` does not exist or you do not have access to it.",
    "Model Not Exist",
    "model 'qwen-9' not found, try pulling it first",
    "The requested model 'qwen-9' is not supported by any provider you have enabled.",
    "Model qwen-9 is not available in your region",
    "models/qwen-9 is not found for this method",
    "Unknown model: qwen-9",
    "Invalid model name passed in model=qwen-9",
    "qwen-9 is not a valid model ID",
    "The provided model identifier is invalid.",
    "The deployment qwen-9 could not be found",
  ];
  for (const words of said) {
    for (const status of [400, 404, 422]) assert.equal(topic(status, error(words)), "model", words);
  }
  assert.equal(topic(400, error("No", { code: "model_not_found" })), "model");
  assert.equal(topic(400, error("No", { param: "model" })), "model");
  assert.equal(topic(403, error("Your project has no access to model qwen-9")), "model");
  assert.equal(topic(404, error("No endpoints found for qwen-9.")), "model");
  assert.equal(topic(410, error("The model has reached its end of life")), "model");
  assert.equal(topic(404, "<html><a>Our model list</a>"), "path");
  assert.equal(topic(404, error("No endpoints found for qwen-90.")), "path");
});

Deno.test("a parameter that a model doesn't take isn't a model that isn't there", () => {
  const said = [
    "Unsupported parameter: 'temperature' is not supported with this model.",
    "For model qwen-9, temperature is not supported",
    "Parameter seed of model qwen-9 is not supported",
    "Penalty is not enabled for models/qwen-9",
    "The model `qwen-9` does not support the parameter stop",
    "max_tokens of this model is not available",
    "System role not supported by this model",
    "Unsupported model parameter: logit_bias",
    "This model's maximum context length is 4096 tokens",
  ];
  for (const words of said) assert.equal(topic(400, error(words)), "rejected", words);
  assert.equal(topic(400, error("model x is not supported", { param: "tools" })), "rejected");
  assert.equal(topic(400, error("model seed-9 not found"), { model: "seed-9" }), "model");
});

Deno.test("a refused key is told by status, code or words", () => {
  const said = [
    "API key not valid. Please pass a valid API key.",
    "Incorrect API key provided",
    "invalid x-api-key",
    "Your api_key has expired",
    "Missing API key",
    "API Key not found.",
  ];
  for (const words of said) {
    for (const status of [400, 401, 422]) assert.equal(topic(status, error(words)), "key", words);
  }
  assert.equal(topic(400, error("No", { details: [{ reason: "API_KEY_INVALID" }] })), "key");
  assert.equal(topic(401, ""), "key");
  assert.equal(topic(403, error("Country not supported")), "key");
  assert.equal(topic(500, error("invalid api key")), "passing");
  assert.equal(topic(400, error("The key of the map is invalid")), "rejected");
});

Deno.test("no credit is told by words too, but of a rate limit by code alone", () => {
  assert.equal(topic(400, error("Your credit balance is too low to access the API")), "credit");
  assert.equal(topic(403, error("Insufficient balance")), "credit");
  assert.equal(topic(429, error("Insufficient balance of tokens a minute")), "limited");
  assert.equal(topic(429, error("No", { code: "insufficient_quota" })), "credit");
});

Deno.test("a version counts where the provider has some, and where it isn't just named", () => {
  const words = "Requests under API version 2024-10-21 have exceeded the rate limit";
  const azure = { provider: "azure" } as const;
  assert.equal(topic(429, error(words), azure), "limited");
  assert.equal(topic(400, error("Needs api-version 2025"), azure), "API version");
  assert.equal(topic(400, error("Needs api-version 2025")), "rejected");
  assert.equal(topic(400, error("seed: see api versions", { param: "seed" }), azure), "rejected");
  assert.equal(topic(404, error("api version", { code: "DeploymentNotFound" }), azure), "model");
});

Deno.test("words of a body of any size are judged at once", () => {
  const pieces = ["model ", "not ", "api key ", "a", "queue ", "timed out ", "“", "model:", "is "];
  for (const piece of pieces) {
    const long = piece.repeat(2_000_000 / piece.length);
    for (const status of [400, 403, 404, 408, 503]) topic(status, error(long));
  }
  // Patterns that grew with the square of it would take hours.
  assert.equal(saidIn("a".repeat(2_000_000)).words.length, 4_096);
});

Deno.test("an error is found in lists, in errors and in texts", () => {
  const said = saidIn([{ error: { error: { message: "A", code: 7, param: "seed" } } }]);
  assert.deepEqual([said.text, said.codes, said.param], ["A", ["7"], "seed"]);
  assert.equal(saidIn({ error: "A" }).text, "A");
  assert.equal(saidIn("A").text, "A");
  const validated = {
    detail: [{ loc: ["body", "seed"], msg: "extra", type: "forbidden", input: { message: "B" } }],
  };
  assert.equal(saidIn(validated).text, "body.seed: extra");
  const raw = JSON.stringify({ error: { message: "B", code: "inner" } });
  const routed = saidIn({ error: { message: "A", metadata: { raw } } });
  assert.deepEqual([routed.text, routed.codes], ["A; B", ["inner"]]);
  assert.equal(saidIn({ error: { message: "A", metadata: { raw: "B" } } }).text, "A; B");
});
