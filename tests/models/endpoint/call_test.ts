import assert from "node:assert/strict";
import {
  apiError,
  type AskedBody,
  type Behaviour,
  limited,
  ok,
  slow,
  startEndpoint,
  status,
} from "../../endpoint.ts";
import { callAt, faultFrom, once, replyFrom, requestFor } from "../asking.ts";

/** Refuses requests that have this parameter, and answers all others. */
function refusing(name: string, behaviour: Behaviour) {
  return ({ body }: { body: AskedBody }) => name in body ? behaviour : ok("Hej");
}

Deno.test("a call sends model, messages and the parameters that aren't null", async () => {
  await using server = await startEndpoint();
  const { call } = callAt(server.baseURL, {
    parameters: { temperature: 0.9, frequency_penalty: null, top_p: 0.95 },
  });
  assert.equal((await once(call, 7)).calls, 1);
  assert.deepEqual(server.log[0]!.body, {
    model: "test-model",
    messages: [{ role: "user", content: "Row 7" }],
    seed: 7,
    temperature: 0.9,
    top_p: 0.95,
    max_tokens: 100,
    stream: false,
  });
});

Deno.test("no cap is sent where there is none", async () => {
  await using server = await startEndpoint();
  const { call } = callAt(server.baseURL);
  await call({ ...requestFor(1), maxTokens: null }, { signal: new AbortController().signal });
  assert.equal(server.log[0]!.body["max_tokens"], undefined);
});

const refusals: { says: string; name: string; behaviour: Behaviour }[] = [
  {
    says: "OpenAI's unsupported value",
    name: "temperature",
    behaviour: apiError(
      400,
      "Unsupported value: 'temperature' does not support 0.9 with this model. Only the default (1) value is supported.",
      { param: "temperature", code: "unsupported_value" },
    ),
  },
  {
    says: "OpenAI's words without a param",
    name: "frequency_penalty",
    behaviour: apiError(400, "Unsupported parameter: 'frequency_penalty' is not supported."),
  },
  {
    says: "Azure's unrecognized argument",
    name: "seed",
    behaviour: apiError(400, "Unrecognized request argument supplied: seed", { param: "seed" }),
  },
  {
    says: "a plain word named as an argument",
    name: "seed",
    behaviour: apiError(400, "This endpoint takes no argument seed"),
  },
  {
    says: "vLLM's quoted validator",
    name: "frequency_penalty",
    behaviour: status(400, {
      object: "error",
      message: "[{'type': 'extra_forbidden', 'loc': ('body', 'frequency_penalty'), " +
        "'msg': 'Extra inputs are not permitted', 'input': 0.5}]",
      type: "BadRequestError",
      param: null,
      code: 400,
    }),
  },
  {
    says: "a plain validator's 422",
    name: "seed",
    behaviour: status(422, {
      detail: [{
        loc: ["body", "seed"],
        msg: "extra fields not permitted",
        type: "value_error.extra",
        input: { temperature: 0.9, max_tokens: 1 },
      }],
    }),
  },
  {
    says: "Mistral's nested detail",
    name: "seed",
    behaviour: status(422, {
      object: "error",
      message: {
        detail: [{
          type: "extra_forbidden",
          loc: ["body", "seed"],
          msg: "Extra inputs are not permitted",
          input: 1,
        }],
      },
      type: "invalid_request_error",
    }),
  },
];

for (const { says, name, behaviour } of refusals) {
  Deno.test(`a refused parameter is dropped for the run: ${says}`, async () => {
    await using server = await startEndpoint({ script: refusing(name, behaviour) });
    const { call, notes, said } = callAt(server.baseURL);
    const first = await once(call);
    assert.ok("reply" in first, JSON.stringify(first));
    assert.equal(first.calls, 2);
    assert.deepEqual(notes, { dropped: [name], replaced: {} });
    assert.deepEqual(said, [`doesn't take ${name}: it is left out.`]);
    assert.equal((await once(call)).calls, 1);
    const { [name]: gone, ...kept } = server.log[2]!.body;
    assert.equal(gone, undefined);
    assert.equal(Object.keys(kept).length, 6, "all other parameters are still sent");
  });
}

const renamed = apiError(
  400,
  "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
  { param: "max_tokens", code: "unsupported_parameter" },
);

Deno.test("max_tokens is replaced by max_completion_tokens, with room for hidden reasoning", async () => {
  await using server = await startEndpoint({ script: refusing("max_tokens", renamed) });
  const { call, notes, said } = callAt(server.baseURL);
  await replyFrom(call);
  assert.deepEqual(notes, { dropped: [], replaced: { max_tokens: "max_completion_tokens" } });
  assert.deepEqual(said, ["doesn't take max_tokens: max_completion_tokens is sent instead."]);
  assert.equal(server.log[1]!.body["max_completion_tokens"], 100 + 8192);
});

Deno.test("a replacement that is refused too is dropped", async () => {
  const unknown = apiError(400, "Unrecognized request argument: max_completion_tokens");
  await using server = await startEndpoint({
    script: ({ body }) =>
      "max_tokens" in body ? renamed : "max_completion_tokens" in body ? unknown : ok("Hej"),
  });
  const { call, notes } = callAt(server.baseURL);
  await replyFrom(call);
  assert.equal(server.requests, 3);
  assert.deepEqual(notes.dropped, ["max_completion_tokens"]);
});

Deno.test("64 calls in flight learn the same thing once", async () => {
  await using server = await startEndpoint({
    script: ({ body }) =>
      "temperature" in body
        ? slow(20, apiError(400, "'temperature' is not supported", { param: "temperature" }))
        : "max_tokens" in body
        ? renamed
        : ok("Hej"),
  });
  const { call, notes, said } = callAt(server.baseURL);
  const answers = await Promise.all(Array.from({ length: 64 }, (_, row) => once(call, row)));
  assert.ok(answers.every((answer) => "reply" in answer));
  assert.deepEqual(notes, {
    dropped: ["temperature"],
    replaced: { max_tokens: "max_completion_tokens" },
  });
  assert.deepEqual(said, [
    "doesn't take temperature: it is left out.",
    "doesn't take max_tokens: max_completion_tokens is sent instead.",
  ]);
  assert.equal(server.requests, answers.reduce((sum, { calls }) => sum + calls, 0));
  assert.ok(server.requests <= 3 * 64);
});

Deno.test("what was learned before is used from the first call on", async () => {
  await using server = await startEndpoint();
  const notes = { dropped: ["seed"], replaced: { max_tokens: "max_completion_tokens" } };
  await replyFrom(callAt(server.baseURL, { notes }).call);
  assert.equal(server.log[0]!.body.seed, undefined);
  assert.equal(server.log[0]!.body["max_completion_tokens"], 8292);
});

const notParameters: Record<string, Behaviour> = {
  "a context that is too long": apiError(
    400,
    "This model's maximum context length is 4097 tokens. However, you requested 4200 tokens (4100 in the messages, 100 in the completion: max_tokens). Please reduce the length of the messages.",
    { param: "messages", code: "context_length_exceeded" },
  ),
  "vLLM's too large max_tokens": apiError(
    400,
    "'max_tokens' or 'max_completion_tokens' is too large: 100. This model's maximum context length is 64 tokens and your request has 60 input tokens",
    { param: "max_tokens" },
  ),
  "names in the input that a validator repeats": status(422, {
    detail: [{ loc: ["body", "messages"], msg: "Not a list", input: "{'seed': 1, 'top_p': 2}" }],
  }),
  "words that happen to be names": apiError(400, "Please stop: the temperature of this talk rises"),
  "a filtered prompt that mentions one": apiError(400, "Filtered: 'seed'", {
    code: "content_filter",
  }),
};

for (const [what, behaviour] of Object.entries(notParameters)) {
  Deno.test(`no parameter is dropped for ${what}`, async () => {
    await using server = await startEndpoint({ script: () => behaviour });
    const { call, notes } = callAt(server.baseURL);
    const { kind } = await faultFrom(call);
    assert.equal(kind, what.startsWith("a filtered") ? "filtered" : "rejected");
    assert.deepEqual(notes, { dropped: [], replaced: {} });
    // Words that name nothing could be about anything: the row is tried once without parameters.
    assert.equal(server.requests, what.startsWith("words") ? 2 : 1);
  });
}

Deno.test("an endpoint that refuses everything by turns is given up after bounded calls", async () => {
  await using server = await startEndpoint({
    script: ({ body }) => {
      const name = Object.keys(body).find((name) => !["model", "messages"].includes(name));
      return apiError(400, `Unsupported parameter: '${name}'`, { param: name ?? "messages" });
    },
  });
  const { call, notes } = callAt(server.baseURL);
  assert.equal((await faultFrom(call)).kind, "rejected");
  assert.ok(server.requests <= 10);
  assert.ok(notes.dropped.length <= 5);
});

const thought = (finishReason: string) =>
  ok("", {
    finishReason,
    usage: {
      prompt_tokens: 9,
      completion_tokens: 100,
      completion_tokens_details: { reasoning_tokens: 100 },
    },
  });

Deno.test("a cap that hidden reasoning used up is widened once, and the row is asked again", async () => {
  await using server = await startEndpoint({
    script: ({ body }) => Number(body["max_tokens"]) > 1000 ? ok("Hej") : thought("length"),
  });
  const { call, said } = callAt(server.baseURL);
  const answers = await Promise.all([once(call, 0), once(call, 1), once(call, 2)]);
  for (const answer of answers) assert.ok("reply" in answer && answer.reply.text === "Hej");
  assert.deepEqual(said, [
    "thinks before it answers: max_tokens + 8192 for hidden reasoning is sent.",
  ]);
  assert.equal((await once(call, 3)).calls, 1);
});

Deno.test("an answer that is cut although the cap was widened stays cut", async () => {
  await using server = await startEndpoint({ script: () => thought("length") });
  const reply = await replyFrom(callAt(server.baseURL).call);
  assert.equal(reply.finishReason, "length");
  assert.equal(server.requests, 2);
});

Deno.test("reasoning that left room for the answer changes nothing", async () => {
  await using server = await startEndpoint({ script: () => thought("stop") });
  const { call, said } = callAt(server.baseURL);
  await replyFrom(call);
  assert.deepEqual(said, []);
  assert.equal(server.requests, 1);
});

Deno.test("an abort is thrown with its reason", async () => {
  await using server = await startEndpoint({ script: () => slow(10_000) });
  const { call } = callAt(server.baseURL);
  const controller = new AbortController();
  const answer = call(requestFor(0), { signal: controller.signal });
  while (server.requests === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  controller.abort("enough");
  await assert.rejects(answer, (error) => error === "enough");
});

Deno.test("a call sends the texts at which the answer ends where the request names some", async () => {
  await using server = await startEndpoint();
  const { call } = callAt(server.baseURL);
  const request = { messages: [], seed: 1, maxTokens: null, stop: ["\n"] };
  await call(request, { signal: new AbortController().signal });
  assert.deepEqual(server.log[0]!.body.stop, ["\n"]);
});

/** Refuses what it doesn't take without a word about it. */
function silent(refuses: (body: AskedBody) => boolean) {
  return ({ body }: { body: AskedBody }) =>
    refuses(body) ? apiError(400, "Bad request") : ok("Hej");
}

Deno.test("a parameter that is refused without being named is found, for all calls at once", async () => {
  await using server = await startEndpoint({
    script: (asked) => slow(5, silent((body) => "temperature" in body)(asked)),
  });
  const { call, notes, said } = callAt(server.baseURL);
  const answers = await Promise.all(Array.from({ length: 16 }, (_, row) => once(call, row)));
  assert.ok(answers.every((answer) => "reply" in answer));
  assert.deepEqual(notes, { dropped: ["temperature"], replaced: {} });
  assert.deepEqual(said, ["doesn't take temperature: it is left out."]);
  // Each row twice, and one search of at most seven calls for four parameters.
  assert.ok(server.requests <= 2 * 16 + 7, `${server.requests} requests`);
  assert.equal(server.requests, answers.reduce((sum, { calls }) => sum + calls, 0));
  const before = server.requests;
  await replyFrom(call);
  assert.equal(server.requests - before, 1);
});

Deno.test("several parameters that are refused without being named are all found", async () => {
  await using server = await startEndpoint({
    script: silent((body) => "seed" in body || "max_tokens" in body),
  });
  const { call, notes } = callAt(server.baseURL);
  await replyFrom(call);
  assert.deepEqual(notes.dropped.toSorted(), ["max_tokens", "seed"]);
  const { temperature, frequency_penalty } = server.log.at(-1)!.body;
  assert.deepEqual([temperature, frequency_penalty], [0.9, 0.5]);
});

Deno.test("rows that are rejected for what they say cost a run two calls more at most", async () => {
  await using server = await startEndpoint({ script: silent(() => true) });
  const { call, notes } = callAt(server.baseURL);
  for (let row = 0; row < 9; row++) assert.ok("fault" in await once(call, row));
  assert.equal(server.requests, 9 + 2);
  assert.deepEqual(notes, { dropped: [], replaced: {} });
});

Deno.test("nothing is doubted with which a row was answered", async () => {
  await using server = await startEndpoint({
    script: ({ number }) => number === 1 ? ok("Hej") : apiError(400, "Bad request"),
  });
  const { call } = callAt(server.baseURL);
  for (let row = 0; row < 4; row++) await once(call, row);
  assert.equal(server.requests, 4);
});

Deno.test("a limit that is met while it is searched leaves the row to be asked again", async () => {
  await using server = await startEndpoint({
    script: ({ number }) => number === 2 ? limited({ "retry-after": "7" }) : apiError(400, "Bad"),
  });
  const { call } = callAt(server.baseURL);
  const { kind, retryAfterMs } = await faultFrom(call);
  assert.deepEqual([kind, retryAfterMs], ["limited", 7000]);
});

Deno.test("a search that a limit ended is done anew by the next row", async () => {
  await using server = await startEndpoint({
    script: (asked) => asked.number === 3 ? limited() : silent((body) => "seed" in body)(asked),
  });
  const { call, notes } = callAt(server.baseURL);
  assert.equal((await faultFrom(call)).kind, "limited");
  assert.equal((await replyFrom(call)).text, "Hej");
  assert.deepEqual(notes.dropped, ["seed"]);
});

Deno.test("an error in a list, and a name in camel case, are learned from at once", async () => {
  const refusals = [
    status(400, [{ error: { code: 400, message: "Penalty is not enabled for models/swift-2" } }]),
    status(400, { code: "invalid", error: "Model swift-2 does not support frequencyPenalty." }),
  ];
  for (const behaviour of refusals) {
    await using server = await startEndpoint({ script: refusing("frequency_penalty", behaviour) });
    const { call, notes } = callAt(server.baseURL);
    assert.equal((await once(call)).calls, 2);
    assert.deepEqual(notes.dropped, ["frequency_penalty"]);
  }
});

const tooLarge = (context: number, asked: number, code = 400) =>
  apiError(
    code,
    `This model's maximum context length is ${context} tokens. However, you requested ${asked} tokens (200 in the messages, ${
      asked - 200
    } in the completion).`,
  );

/** Thinks for 300 tokens, and knows a context of so many. */
function thinkingIn(context: number, code = 400) {
  return ({ body }: { body: AskedBody }) => {
    const cap = Number(body["max_tokens"] ?? 0);
    if (cap + 200 > context) return tooLarge(context, cap + 200, code);
    return cap === 0 || cap > 300 ? ok("Hej") : thought("length");
  };
}

Deno.test("a cap that was widened beyond the context is bounded by it", async () => {
  await using server = await startEndpoint({ script: thinkingIn(2000) });
  const { call, notes, said } = callAt(server.baseURL);
  assert.equal((await replyFrom(call)).text, "Hej");
  // 100 asked for, 200 of the prompt, and a twentieth kept free.
  assert.equal(server.log.at(-1)!.body["max_tokens"], 1700);
  assert.deepEqual(notes.dropped, []);
  assert.equal(said.at(-1), "has a short context: max_tokens + 1600 for hidden reasoning is sent.");
  assert.equal((await once(call, 1)).calls, 1);
});

Deno.test("a cap that the context leaves no room to widen is left out", async () => {
  await using server = await startEndpoint({ script: thinkingIn(400, 422) });
  const { call, notes } = callAt(server.baseURL);
  assert.equal((await replyFrom(call)).text, "Hej");
  assert.deepEqual(notes.dropped, ["max_tokens"]);
  assert.equal(server.log.at(-1)!.body["max_tokens"], undefined);
});

Deno.test("a text that is too long is its row's fault where no cap was sent", async () => {
  await using server = await startEndpoint({ script: () => tooLarge(2000, 9000) });
  const notes = { dropped: [], replaced: { max_tokens: "max_completion_tokens" } };
  const { call, said } = callAt(server.baseURL, { notes });
  const request = { ...requestFor(0), maxTokens: null };
  const answer = await call(request, { signal: new AbortController().signal });
  assert.ok("fault" in answer && answer.fault.kind === "rejected");
  assert.deepEqual([server.requests, said], [1, []]);
});

/** A request as rows have it. */
const withSystem = (row: number) => ({
  ...requestFor(row),
  messages: [
    { role: "system" as const, content: "You ride trains." },
    { role: "user" as const, content: "Write." },
  ],
});

const noSystem = ({ body }: { body: AskedBody }) =>
  body.messages?.some(({ role }) => role === "system")
    ? slow(5, apiError(400, "System role not supported"))
    : ok("Hej");

Deno.test("a model without a system role gets its text before the user's, once it is learned", async () => {
  await using server = await startEndpoint({ script: noSystem });
  const { call, notes, said } = callAt(server.baseURL);
  const signal = new AbortController().signal;
  const answers = await Promise.all([0, 1, 2].map((row) => call(withSystem(row), { signal })));
  assert.ok(answers.every((answer) => "reply" in answer && answer.calls === 2));
  assert.deepEqual(notes, { dropped: [], replaced: { system: "user" } });
  assert.deepEqual(said, [
    "doesn't take system messages: their text is sent before the user's.",
  ]);
  assert.equal((await call(withSystem(3), { signal })).calls, 1);
  assert.deepEqual(server.log.at(-1)!.body.messages, [
    { role: "user", content: "You ride trains.\n\nWrite." },
  ]);
});

Deno.test("a chat template that throws teaches the same", async () => {
  await using server = await startEndpoint({
    script: ({ body }) =>
      body.messages?.[0]?.role === "system"
        ? apiError(500, "Jinja Exception: Conversation roles must alternate user/assistant")
        : ok("Hej"),
  });
  const { call, notes } = callAt(server.baseURL);
  await call(withSystem(0), { signal: new AbortController().signal });
  assert.deepEqual(notes.replaced, { system: "user" });
});

Deno.test("words about roles teach nothing where no system message was sent", async () => {
  await using server = await startEndpoint({
    script: () => apiError(400, "Conversation roles must alternate", { param: "messages" }),
  });
  const { call, notes } = callAt(server.baseURL);
  assert.equal((await faultFrom(call)).kind, "rejected");
  assert.deepEqual([notes.replaced, server.requests], [{}, 1]);
});
