import assert from "node:assert/strict";
import OpenAI from "openai";
import { withOneController } from "../../../src/models/endpoint/one_controller.ts";
import { hang, stalledBody, startEndpoint } from "../../endpoint.ts";
import { callAt, faultFrom } from "../asking.ts";

/** A client over a fetch that answers so, and the signal that fetch was given. */
function clientOver(answer: () => Promise<Response>) {
  const asked = Promise.withResolvers<AbortSignal>();
  const fetch = async (_: string | URL | Request, init?: RequestInit) => {
    assert(init?.signal instanceof AbortSignal);
    const { signal } = init;
    asked.resolve(signal);
    const aborted = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => aborted.reject(signal.reason), { once: true });
    return await Promise.race([answer(), aborted.promise]);
  };
  const client = new OpenAI({
    apiKey: "k",
    baseURL: "http://127.0.0.1:1/v1",
    fetch,
    maxRetries: 0,
  });
  return { client: withOneController(client, fetch), asked: asked.promise };
}

const body = { model: "m", messages: [] };
const whole = () => Response.json({ choices: [{ message: { content: "Hej" } }] });
const withoutEnd = () =>
  new Response(new ReadableStream(), { headers: { "content-type": "application/json" } });

Deno.test("an abort reaches the request, before its answer begins and in it", async () => {
  for (
    const answer of [() => new Promise<Response>(() => {}), () => Promise.resolve(withoutEnd())]
  ) {
    const { client, asked } = clientOver(answer);
    const controller = new AbortController();
    client.chat.completions.create(body, { signal: controller.signal }).catch(() => {});
    const signal = await asked;
    // By then an answer that has begun is being read.
    await new Promise((resolve) => setTimeout(resolve));
    assert(!signal.aborted);
    controller.abort();
    assert(signal.aborted);
  }
});

Deno.test("no signals are composed for a call", async () => {
  const { client } = clientOver(() => Promise.resolve(whole()));
  const { any } = AbortSignal;
  let composed = 0;
  AbortSignal.any = (signals) => (composed++, any.call(AbortSignal, signals));
  const { signal } = new AbortController();
  try {
    const { choices } = await client.chat.completions.create(body, { signal });
    assert.equal(choices[0]?.message.content, "Hej");
  } finally {
    AbortSignal.any = any;
  }
  assert.equal(composed, 0);
});

for (const [where, behaviour] of [["before", hang()], ["in", stalledBody()]] as const) {
  Deno.test(`the time limit holds ${where} the body, and leaves the connection`, async () => {
    const left = Promise.withResolvers<void>();
    await using server = await startEndpoint({
      script: () => async (exchange) => {
        exchange.response.on("close", left.resolve);
        await behaviour(exchange);
      },
    });
    const fault = await faultFrom(callAt(server.baseURL, { timeoutSeconds: 0.05 }).call);
    assert.equal(fault.kind, "passing");
    await left.promise;
  });
}
