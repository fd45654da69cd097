import assert from "node:assert/strict";
import { isStreamed, joinStreamed } from "../../../src/models/endpoint/streamed.ts";

const event = (body: unknown) => `data: ${JSON.stringify(body)}\n\n`;
const delta = (content: string, finish: string | null = null) =>
  event({ model: "m-1", choices: [{ index: 0, delta: { content }, finish_reason: finish }] });

Deno.test("parts are put together in their order, with reason, model and tokens", () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2 };
  const text = ": a comment\n\nevent: chunk\r\n" + delta("Where is ") + delta("my train?", "stop") +
    event({ choices: [], usage }) + "data: [DONE]\n\n" + delta(" never read");
  assert(isStreamed(text));
  assert.deepEqual(joinStreamed(text), {
    model: "m-1",
    usage,
    choices: [{ finish_reason: "stop", message: { content: "Where is my train?" } }],
  });
});

Deno.test("thoughts and refusals are kept apart from the text; other choices are left out", () => {
  const part = (fields: Record<string, string>, index = 0) =>
    event({ choices: [{ index, delta: fields }] });
  const text = part({ reasoning_content: "Hm" }) + part({ reasoning_content: "m." }) +
    part({ content: "other" }, 1) + part({ content: "Hi" }) + part({ refusal: "No" }) +
    "data: [DONE]";
  assert.deepEqual(joinStreamed(text)?.choices?.[0]?.message, {
    reasoning_content: "Hmm.",
    content: "Hi",
    refusal: "No",
  });
});

Deno.test("a stream that ends before its answer does, or tells of an error, holds an error", () => {
  assert.match(JSON.stringify(joinStreamed(delta("Where is"))), /"error".*ended before the answer/);
  const error = { code: 502, message: "Upstream left" };
  assert.deepEqual(joinStreamed(delta("Where is") + event({ error })), { error });
  assert.deepEqual(joinStreamed(delta("W") + event({ choices: [{ error, delta: {} }] })), {
    error,
  });
});

Deno.test("an end is told by a reason or by the mark, either is enough", () => {
  assert.equal(joinStreamed(delta("Hi", "length"))?.choices?.[0]?.finish_reason, "length");
  assert.equal(joinStreamed(delta("Hi") + "data: [DONE]")?.choices?.[0]?.finish_reason, null);
});

Deno.test("what isn't JSON in a stream is passed over; a stream of nothing is no answer", () => {
  assert.equal(
    joinStreamed(`data: {"choi\n\ndata: 7\n\n${delta("Hi", "stop")}`)?.choices?.[0]
      ?.message["content"],
    "Hi",
  );
  assert.deepEqual(joinStreamed("data: keep-alive\n\ndata: [DONE]\n\n"), null);
  assert(!isStreamed("<html>") && !isStreamed("A text with data: in it"));
});
