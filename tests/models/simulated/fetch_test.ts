import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import OpenAI from "openai";
import { UserError } from "../../../src/error.ts";
import { simulatedFetch, simulatedProfiles } from "../../../src/models/simulated/fetch.ts";
import { call, messagesFor } from "./calls.ts";

function client(profile: string): OpenAI {
  return new OpenAI({
    apiKey: "x",
    baseURL: "http://simulated.invalid/v1",
    fetch: simulatedFetch(profile),
    maxRetries: 0,
  });
}

Deno.test("the openai client takes the answer", async () => {
  const completion = await client("faithful").chat.completions.create({
    model: "faithful",
    messages: messagesFor({ topic: "Car loan", words: 14 }),
    seed: 3,
    temperature: 0.9,
  });
  assert.equal(completion.model, "simulated:faithful");
  assert.equal(completion.choices[0]?.finish_reason, "stop");
  assert.equal(completion.choices[0]?.message.role, "assistant");
  assert.ok(completion.choices[0]?.message.content);
  const usage = completion.usage;
  assert.ok(usage && usage.prompt_tokens > 10 && usage.completion_tokens > 10);
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
});

Deno.test("the openai client sees a filtered prompt as a 400 with its code", async () => {
  const leaky = client("leaky");
  let seen = 0;
  for (let seed = 0; seed < 300; seed++) {
    try {
      await leaky.chat.completions.create({
        model: "leaky",
        messages: messagesFor({ topic: "Ticket" }),
        seed,
      });
    } catch (error) {
      assert.ok(error instanceof OpenAI.APIError);
      assert.equal(error.status, 400);
      assert.equal(error.code, "content_filter");
      seen++;
    }
  }
  assert.ok(seen > 0);
});

Deno.test("the same seed and prompt give the same answer, another seed another", async () => {
  await fc.assert(fc.asyncProperty(
    fc.constantFrom(...simulatedProfiles),
    fc.nat(2 ** 31 - 1),
    fc.string(),
    async (profile, seed, topic) => {
      const asked = { topic, words: 12, seed };
      const first = await call(simulatedFetch(profile), asked);
      assert.deepEqual(await call(simulatedFetch(profile), asked), first);
    },
  ));
  const texts = new Set<string | null>();
  for (let seed = 0; seed < 20; seed++) {
    texts.add((await call(simulatedFetch("faithful"), { topic: "Pension", seed })).text);
  }
  assert.ok(texts.size > 15);
});

Deno.test("what the examples and the system message say changes nothing", async () => {
  const fetch = simulatedFetch("faithful");
  const answer = async (before: { role: string; content: string }[]) => {
    const messages = [...before, { role: "user", content: "- Topic: Mortgage\n- Length: 9 words" }];
    const response = await fetch("http://simulated.invalid/v1/chat/completions", {
      method: "POST",
      body: JSON.stringify({ messages, seed: 5 }),
    });
    return (await response.json()).choices[0].message.content;
  };
  const examples = [
    { role: "developer", content: "Danish bank, 90 words." },
    { role: "user", content: "- Topic: Ticket\n- Length: 40 words" },
    { role: "assistant", content: "Where is my ticket?" },
  ];
  assert.equal(await answer(examples), await answer([]));
});

Deno.test("a cap in tokens cuts the answer and says so", async () => {
  const fetch = simulatedFetch("faithful");
  const capped = await call(fetch, { topic: "Mortgage", words: 50, maxTokens: 10 });
  assert.equal(capped.finishReason, "length");
  assert.equal(capped.text?.length, 40);
  const whole = await call(fetch, { topic: "Mortgage", words: 50, maxTokens: 500 });
  assert.equal(whole.finishReason, "stop");
});

Deno.test("an unknown profile is refused before any call", () => {
  assert.throws(() => simulatedFetch("perfect"), UserError);
});

Deno.test("an aborted signal ends the call, also while it waits", async () => {
  const body = JSON.stringify({ messages: messagesFor({ topic: "Ticket" }) });
  const ask = (profile: string, signal: AbortSignal) =>
    simulatedFetch(profile)("http://simulated.invalid/v1/chat/completions", {
      method: "POST",
      body,
      signal,
    });
  await assert.rejects(ask("faithful", AbortSignal.abort()), { name: "AbortError" });
  const controller = new AbortController();
  const waiting = ask("faithful@60000ms", controller.signal);
  controller.abort();
  await assert.rejects(waiting, { name: "AbortError" });
});

Deno.test("a profile with a latency answers as without", async () => {
  const asked = { topic: "Ticket", words: 9 };
  assert.deepEqual(
    await call(simulatedFetch("faithful@1ms"), asked),
    await call(simulatedFetch("faithful"), asked),
  );
});

Deno.test("a broken body, a stream and another path get an endpoint's errors", async () => {
  const fetch = simulatedFetch("faithful");
  const post = (path: string, body: string) =>
    fetch(`http://simulated.invalid/v1${path}`, { method: "POST", body });
  const messages = messagesFor({ topic: "Ticket" });
  assert.equal((await post("/chat/completions", "{")).status, 400);
  assert.equal((await post("/chat/completions", "{}")).status, 400);
  const stream = await post("/chat/completions", JSON.stringify({ messages, stream: true }));
  assert.equal(stream.status, 400);
  assert.equal((await post("/embeddings", JSON.stringify({ messages }))).status, 404);
});

Deno.test("a Request object is read like an address with its options", async () => {
  const body = JSON.stringify({ messages: messagesFor({ topic: "Ticket" }), seed: 1 });
  const address = "http://simulated.invalid/v1/chat/completions";
  const fetch = simulatedFetch("faithful");
  const one = await (await fetch(new Request(address, { method: "POST", body }))).json();
  const other = await (await fetch(address, { method: "POST", body })).json();
  assert.deepEqual(one, other);
});
