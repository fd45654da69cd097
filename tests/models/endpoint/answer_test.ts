import assert from "node:assert/strict";
import { answerOf } from "../../../src/models/endpoint/answer.ts";
import { LONGEST_ANSWER } from "../../../src/models/endpoint/bounded_body.ts";
import { openWire } from "../../../src/models/endpoint/wire.ts";
import type { Fault } from "../../../src/models/types.ts";
import { type Behaviour, ok, startEndpoint, status } from "../../endpoint.ts";
import { callAt, faultFrom, key, replyFrom } from "../asking.ts";

async function faultBy(behaviour: Behaviour): Promise<Fault> {
  await using server = await startEndpoint({ script: () => behaviour });
  return await faultFrom(callAt(server.baseURL).call);
}

/** A choice whose answer ended so, with this beside it. */
const choice = (fields: Record<string, unknown>, top: Record<string, unknown> = {}) =>
  status(200, { ...top, choices: [{ message: { content: "Where is" }, ...fields }] });

Deno.test("an answer that its finish reason calls broken off passes, whatever its text", async () => {
  for (const finish_reason of ["error", "abort", "insufficient_system_resource", "ERROR"]) {
    const fault = await faultBy(choice({ finish_reason }));
    assert.deepEqual([fault.kind, fault.status], ["passing", 200]);
    assert.equal(
      fault.reason,
      `the endpoint broke the answer off (finish reason ${finish_reason})`,
    );
  }
});

Deno.test("an error that is told in a choice or beside it is that fault, with its words", async () => {
  const told = (code: unknown) => ({ error: { code, message: "Upstream is full" } });
  const faults: [unknown, Fault["kind"], number][] = [
    [429, "limited", 429],
    ["429", "limited", 429],
    ["rate_limit_exceeded", "limited", 429],
    [502, "passing", 502],
    ["server_error", "passing", 500],
    [401, "stop", 401],
    ["odd", "passing", 200],
    [null, "passing", 200],
    [{ toString: 1 }, "passing", 200],
  ];
  for (const [code, kind, status] of faults) {
    for (const behaviour of [choice(told(code)), choice({}, told(code))]) {
      const fault = await faultBy(behaviour);
      assert.deepEqual([fault.kind, fault.status], [kind, status], JSON.stringify(code));
      assert.match(fault.reason, /Upstream is full/);
    }
  }
});

Deno.test("an error in place of an answer is told by its words too", async () => {
  assert.equal(
    (await faultBy(status(200, { error: "model is loading" }))).reason,
    "the answer tells of an error: model is loading",
  );
  const words = "id: 7, data: none";
  assert.match((await faultBy(status(200, words))).reason, new RegExp(`completion: ${words}$`));
  const odd = { object: "error", message: "Too many", code: 429 };
  assert.equal((await faultBy(status(200, odd))).kind, "limited");
});

Deno.test("an error that is none leaves the answer as it is", async () => {
  for (const error of [null, {}, "", { code: 0, message: "ok" }, { message: "" }, []]) {
    await using server = await startEndpoint({
      script: () => choice({ finish_reason: "stop", error }, { error }),
    });
    assert.equal((await replyFrom(callAt(server.baseURL).call)).text, "Where is");
  }
});

Deno.test("a reason that isn't known is kept, told once, and counted in the end", async () => {
  await using server = await startEndpoint({
    script: ({ number }) => ok("Hi", { finishReason: number === 4 ? "bored" : "tired\u001b[2J" }),
  });
  const { call, said, wire } = callAt(server.baseURL);
  for (let row = 0; row < 4; row++) {
    const { text, finishReason } = await replyFrom(call);
    assert.deepEqual([text, finishReason], ["Hi", row === 3 ? "bored" : "tired\u001b[2J"]);
  }
  assert.deepEqual(said, [
    'ended an answer for a reason that isn\'t known, "tired [2J": its text is kept.',
    'ended an answer for a reason that isn\'t known, "bored": its text is kept.',
  ]);
  wire.end();
  assert.deepEqual(said.slice(2), ['ended 3 answers for the reason "tired [2J".']);
});

Deno.test("an endpoint with a new reason for each answer tells of a few", async () => {
  await using server = await startEndpoint({
    script: ({ number }) => ok("Hi", { finishReason: `reason ${number}` }),
  });
  const { call, said } = callAt(server.baseURL);
  for (let row = 0; row < 9; row++) await replyFrom(call);
  assert.equal(said.length, 5);
});

Deno.test("a key that an answer repeats stands in none of its strings", async () => {
  const told = `Bearer ${key}!`;
  await using server = await startEndpoint({
    script: () => ok(told, { refusal: told, finishReason: told, model: told }),
  });
  const { call, said } = callAt(server.baseURL);
  const reply = await replyFrom(call);
  assert.deepEqual(
    [reply.text, reply.refusal, reply.finishReason, reply.model],
    Array(4).fill("Bearer …!"),
  );
  assert.doesNotMatch(said.join(), new RegExp(key));
});

Deno.test("a name that is cut to what is kept has no half of a key in it", async () => {
  const model = "m".repeat(190) + key;
  await using server = await startEndpoint({ script: () => ok("Hi", { model }) });
  assert.equal((await replyFrom(callAt(server.baseURL).call)).model, "m".repeat(190) + "…");
});

Deno.test("a key that an error repeats stands in no reason, in which field ever", async () => {
  const error = { code: `c ${key}`, type: `t ${key}`, message: { text: key }, param: key };
  for (const behaviour of [400, 401, 404, 429, 500].map((code) => status(code, { error }))) {
    assert.doesNotMatch((await faultBy(behaviour)).reason, new RegExp(key));
  }
  for (const beside of [{ error }, { error: key }, { [key]: key }]) {
    assert.doesNotMatch((await faultBy(status(200, beside))).reason, new RegExp(key));
  }
  assert.doesNotMatch((await faultBy(choice({ error }))).reason, new RegExp(key));
});

Deno.test("a text that is longer than an answer may be is a fault, wherever it was read", () => {
  const wire = openWire({ model: "m", parameters: {}, notes: { dropped: [], replaced: {} } });
  const endpoint = { provider: "openai" as const, model: "m", address: "here", secrets: [] };
  const { sent } = wire.put({ messages: [], seed: 1, maxTokens: 9 });
  for (const name of ["content", "refusal"]) {
    const body = { choices: [{ message: { [name]: "a".repeat(LONGEST_ANSWER + 1) } }] };
    const answer = answerOf({ body }, { endpoint, wire, sent, mayLearn: true });
    assert(answer !== "again" && "fault" in answer);
    assert.deepEqual([answer.fault.kind, answer.fault.reason], [
      "rejected",
      "the answer is longer than 4 MB",
    ]);
  }
});

Deno.test("an answer that is streamed in spite of all is read as one", async () => {
  const part = (content: string, finish_reason: string | null = null) =>
    `data: ${
      JSON.stringify({ model: "m-2", choices: [{ delta: { content }, finish_reason }] })
    }\n\n`;
  const stream = (text: string): Behaviour => ({ response }) => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    for (const each of text.split(/(?<=\n\n)/)) response.write(each);
    response.end();
  };
  await using server = await startEndpoint({
    script: () => stream(part("Where is ") + part("my train?", "length") + "data: [DONE]\n\n"),
  });
  const { text, finishReason, model } = await replyFrom(callAt(server.baseURL).call);
  assert.deepEqual([text, finishReason, model], ["Where is my train?", "length", "m-2"]);
  const cut = await faultBy(stream(part("Where is ")));
  assert.deepEqual([cut.kind, cut.reason], [
    "passing",
    "the answer tells of an error: the stream ended before the answer did",
  ]);
  const error = { code: 429, message: "Slow down" };
  assert.equal((await faultBy(stream(`data: ${JSON.stringify({ error })}\n\n`))).kind, "limited");
});

Deno.test("an answer whose text is all reasoning says so", async () => {
  const reasoned = (fields: Record<string, unknown>) => ok(null, { message: fields });
  for (const name of ["reasoning_content", "reasoning"]) {
    await using server = await startEndpoint({ script: () => reasoned({ [name]: "Hm." }) });
    assert.equal((await replyFrom(callAt(server.baseURL).call)).onlyReasoned, true);
  }
  await using server = await startEndpoint({
    script: () => reasoned({ content: "Hi", reasoning_content: "Hm." }),
  });
  assert.equal((await replyFrom(callAt(server.baseURL).call)).onlyReasoned, undefined);
});
