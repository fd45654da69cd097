import assert from "node:assert/strict";
import OpenAI from "openai";
import { openCall } from "../../../src/models/endpoint/call.ts";
import { openClient } from "../../../src/models/endpoint/client.ts";
import { faultOf } from "../../../src/models/endpoint/faults.ts";
import type { Fault } from "../../../src/models/types.ts";
import {
  apiError,
  type Behaviour,
  brokenJson,
  deadBaseURL,
  emptyBody,
  halfBody,
  hang,
  htmlPage,
  limited,
  ok,
  reset,
  stalledBody,
  startEndpoint,
  status,
} from "../../endpoint.ts";
import { callAt, faultFrom, key, replyFrom } from "../asking.ts";

/** The fault that a behaviour becomes, all the way through the client. */
async function faultBy(
  behaviour: Behaviour,
  timeoutSeconds = 10,
  { requests = 1 } = {},
): Promise<Fault> {
  await using server = await startEndpoint({ script: () => behaviour });
  const { call, address } = callAt(server.baseURL, { timeoutSeconds });
  const fault = await faultFrom(call);
  assert.equal(server.requests, requests, "so many calls");
  return { ...fault, reason: fault.reason.replace(address, "ADDRESS") };
}

async function azureFaultBy(behaviour: Behaviour): Promise<Fault> {
  await using server = await startEndpoint({ script: () => behaviour });
  const env = { AZURE_OPENAI_ENDPOINT: server.url, AZURE_OPENAI_API_KEY: key };
  const choice = { provider: "azure" as const, name: "chat", origin: "" };
  const endpoint = openClient(choice, { env, timeoutSeconds: 10 });
  const call = openCall({ ...endpoint, parameters: {}, notes: { dropped: [], replaced: {} } });
  const fault = await faultFrom(call);
  return { ...fault, reason: fault.reason.replace(server.url, "ADDRESS") };
}

Deno.test("a 429 is limited, with the time it names in each of its three forms", async () => {
  const bare = await faultBy(limited());
  assert.deepEqual([bare.kind, bare.status, bare.retryAfterMs], ["limited", 429, null]);
  const after = async (headers: Record<string, string>) =>
    (await faultBy(limited(headers))).retryAfterMs;
  assert.equal(await after({ "retry-after": "7" }), 7000);
  assert.equal(await after({ "retry-after": "0.5" }), 500);
  assert.equal(await after({ "retry-after-ms": "250.5", "retry-after": "9" }), 250.5);
  assert.equal(await after({ "retry-after": "86400" }), 86_400_000);
  assert.equal(await after({ "retry-after": "soon" }), null);
  const inAnHour = await after({ "retry-after": new Date(Date.now() + 3_600_000).toUTCString() });
  assert.ok(inAnHour !== null && Math.abs(inAnHour - 3_600_000) < 60_000, `${inAnHour}`);
  assert.equal(await after({ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }), 0);
});

Deno.test("a Retry-After date counts from the given clock", () => {
  const headers = new Headers({ "retry-after": "Wed, 21 Oct 2015 07:28:10 GMT" });
  const error = new OpenAI.APIError(503, { message: "busy" }, undefined, headers);
  const fault = faultOf(error, {
    provider: "openai",
    model: "m",
    address: "a",
    secrets: [],
    now: Date.UTC(2015, 9, 21, 7, 28, 0),
  });
  assert.equal(fault.retryAfterMs, 10_000);
});

Deno.test("no credit stops the run, whether as a 429 or a 402; words about billing alone don't", async () => {
  const quota = { type: "insufficient_quota", code: "insufficient_quota" };
  const spent = await faultBy(apiError(429, "You exceeded your current quota", quota));
  assert.equal(spent.kind, "stop");
  assert.match(spent.reason, /^no credit is left at .*OPENAI_API_KEY.*429 You exceeded/);
  assert.equal((await faultBy(apiError(402, "Insufficient Balance"))).kind, "stop");
  const hint = "Rate limit reached. Add a payment method at https://x/account/billing.";
  assert.equal((await faultBy(apiError(429, hint))).kind, "limited");
});

Deno.test("408, 409 and 5xx pass, with the time they name", async () => {
  for (const code of [408, 409, 500, 502, 504]) {
    const fault = await faultBy(status(code, undefined, { "retry-after": "2" }));
    assert.deepEqual([fault.kind, fault.status, fault.retryAfterMs], ["passing", code, 2000]);
  }
  assert.equal((await faultBy(status(500))).reason, "500 Scripted 500");
});

Deno.test("503, 529 and 498 are busy where they say so by a time or by words; else 5xx pass", async () => {
  for (const code of [503, 529, 498]) {
    const fault = await faultBy(status(code, undefined, { "retry-after": "2" }));
    assert.deepEqual([fault.kind, fault.status, fault.retryAfterMs], ["busy", code, 2000]);
    for (const words of ["Server busy", "Overloaded", "The queue is full", "Capacity exceeded"]) {
      assert.equal((await faultBy(apiError(code, words))).kind, "busy", words);
    }
    assert.equal((await faultBy(apiError(code, "x", { type: "overloaded_error" }))).kind, "busy");
    const other = await faultBy(apiError(code, "A businesslike fault"));
    assert.equal(other.kind, code === 498 ? "rejected" : "passing");
  }
  for (const code of [408, 504]) {
    assert.equal((await faultBy(apiError(code, "timed out in queue"))).kind, "busy");
    assert.equal((await faultBy(apiError(code, "timed out"))).kind, "passing");
  }
  assert.equal((await faultBy(apiError(500, "busy"))).kind, "passing");
});

Deno.test("a wait is between 0 and a day, whatever an endpoint says", () => {
  const wait = (headers: Record<string, string>) =>
    faultOf(new OpenAI.APIError(429, {}, "", new Headers(headers)), {
      provider: "openai",
      model: "m",
      address: "a",
      secrets: [],
    }).retryAfterMs;
  const day = 86_400_000;
  const cases: [Record<string, string>, number | null][] = [
    [{ "retry-after": "1e308" }, day],
    [{ "retry-after-ms": "1e308" }, day],
    [{ "retry-after": "Sat, 01 Jan 2099 00:00:00 GMT" }, day],
    [{ "retry-after": "-5" }, 0],
    [{ "retry-after-ms": "-1" }, 0],
    [{ "retry-after": "NaN" }, null],
    [{ "retry-after-ms": "Infinity", "retry-after": "3" }, 3000],
    [{ "retry-after": "Infinity" }, null],
  ];
  for (const [headers, expected] of cases) {
    assert.equal(wait(headers), expected, JSON.stringify(headers));
  }
});

Deno.test("a key refused and a model missing stop the run also where a 400 says it", async () => {
  const google = [{
    error: {
      code: 400,
      message: "API key not valid. Please pass a valid API key.",
      status: "INVALID_ARGUMENT",
      details: [{ reason: "API_KEY_INVALID" }],
    },
  }];
  const refused = await faultBy(status(400, google));
  assert.equal(refused.kind, "stop");
  assert.match(
    refused.reason,
    /^the key was refused: check OPENAI_API_KEY \(ADDRESS said: 400 API key not valid\./,
  );
  const gone = await faultBy(apiError(400, "Model test-model does not exist"));
  assert.equal(gone.kind, "stop");
  assert.match(gone.reason, /^model "test-model" was not found: .* said: 400 Model test-model/);
  const version = await azureFaultBy(apiError(400, "Enabled only for api versions 2024-12-01"));
  assert.match(version.reason, /check AZURE_OPENAI_API_VERSION \(ADDRESS said: 400 Enabled/);
});

Deno.test("a body of any form, depth and length is a fault of its call at most", async () => {
  const deep = "[".repeat(9_000) + "]".repeat(9_000);
  const bodies = [
    `{"error":${deep}}`,
    `{"error":{"message":${deep},"code":${deep}}}`,
    '{"error":{"message":"x","code":{"toString":1},"type":{"toString":1},"param":{"toString":1}}}',
    '{"error":{"message":{"toString":1},"code":"toString"}}',
    '{"detail":[{"loc":[{"toString":1}],"msg":{"toString":1}}]}',
    '{"error":"model"}',
    "[]",
    "7",
    "null",
    '"text"',
  ];
  const options = { provider: "openai" as const, model: "m", address: "a", secrets: [] };
  for (const body of bodies) {
    for (const [code, kind] of [[400, "rejected"], [500, "passing"]] as const) {
      const error = OpenAI.APIError.generate(code, JSON.parse(body), undefined, new Headers());
      const fault = faultOf(error, options);
      assert.equal(fault.kind, kind, body.slice(0, 60));
      assert(fault.reason.length <= 200);
    }
  }
  const list = await faultBy(status(413, [{ error: { message: "Too long", code: 413 } }]));
  assert.equal(list.reason, "413 Too long");
});

Deno.test("what breaks on the way passes", async () => {
  const faults = {
    reset: await faultBy(reset()),
    halfBody: await faultBy(halfBody()),
    brokenJson: await faultBy(brokenJson()),
    emptyBody: await faultBy(emptyBody()),
    htmlPage: await faultBy(htmlPage()),
    halfFault: await faultBy(halfBody(500)),
    array: await faultBy(status(200, [1])),
    noChoices: await faultBy(status(200, { choices: [] })),
    number: await faultBy(status(200, "7")),
  };
  for (const [name, fault] of Object.entries(faults)) assert.equal(fault.kind, "passing", name);
  assert.match(faults.reset.reason, /^no connection to ADDRESS: Connection reset by peer/);
  assert.match(faults.halfBody.reason, /^the answer broke off: /);
  assert.match(faults.brokenJson.reason, /^the answer is no whole JSON: /);
  assert.equal(faults.emptyBody.reason, "the answer was no chat completion: an empty body");
  assert.equal(
    faults.htmlPage.reason,
    "the answer was no chat completion: Bad gateway Bad gateway",
  );
  assert.equal(faults.noChoices.reason, 'the answer was no chat completion: {"choices":[]}');
});

Deno.test("an answer that takes too long passes, whether it never begins or never ends", async () => {
  for (const behaviour of [hang(), stalledBody()]) {
    const fault = await faultBy(behaviour, 0.1);
    assert.equal(fault.kind, "passing");
    assert.equal(fault.reason, "no answer in time from ADDRESS");
  }
});

Deno.test("a port where nothing listens passes and names the address", async () => {
  const baseURL = deadBaseURL();
  const fault = await faultFrom(callAt(baseURL).call);
  assert.equal(fault.kind, "passing");
  assert.equal(fault.status, null);
  assert.ok(fault.reason.startsWith(`no connection to ${baseURL}: `), fault.reason);
  assert.match(fault.reason, /refused/i);
});

Deno.test("both forms of a filtered prompt are told from other 400s", async () => {
  const azure = apiError(400, "The response was filtered due to the prompt", {
    param: "prompt",
    code: "content_filter",
    innererror: { code: "ResponsibleAIPolicyViolation" },
  });
  assert.equal((await azureFaultBy(azure)).kind, "filtered");
  const inner = { innererror: { code: "ResponsibleAIPolicyViolation" } };
  assert.equal((await azureFaultBy(apiError(400, "Filtered", inner))).kind, "filtered");
  const policy = apiError(400, "Rejected", { code: "content_policy_violation" });
  assert.equal((await faultBy(policy)).kind, "filtered");
  const flagged = apiError(403, "Your chosen model requires moderation and your input was flagged");
  assert.equal((await faultBy(flagged)).kind, "filtered");
});

Deno.test("a refused key stops the run, names its variable and never shows it", async () => {
  const echo = `Incorrect API key provided: ${key}. Also sk-abcd*****wxyz and Bearer ${key}.`;
  for (const code of [401, 403]) {
    const fault = await faultBy(apiError(code, echo, { code: "invalid_api_key" }));
    assert.deepEqual([fault.kind, fault.status], ["stop", code]);
    assert.match(fault.reason, /^the key was refused: check OPENAI_API_KEY \(ADDRESS said: 40/);
    assert.ok(!fault.reason.includes(key));
    assert.doesNotMatch(fault.reason, /abcd|wxyz/);
  }
  const azure = await azureFaultBy(apiError(401, "Access denied"));
  assert.match(azure.reason, /check AZURE_OPENAI_API_KEY/);
});

Deno.test("a server that asks for a key where none is set says so", async () => {
  await using server = await startEndpoint({ script: () => apiError(401, "No key") });
  const choice = { provider: "openai" as const, name: "m", origin: "" };
  const env = { OPENAI_BASE_URL: server.baseURL };
  const endpoint = openClient(choice, { env, timeoutSeconds: 10 });
  const call = openCall({ ...endpoint, parameters: {}, notes: { dropped: [], replaced: {} } });
  assert.match((await faultFrom(call)).reason, /^a key is needed: set OPENAI_API_KEY/);
});

Deno.test("a 404 is about the model, the deployment or the path", async () => {
  const model = await faultBy(
    apiError(404, "The model does not exist", { code: "model_not_found" }),
  );
  assert.equal(model.kind, "stop");
  assert.match(model.reason, /^model "test-model" was not found: check --model/);
  const ollama = await faultBy(status(404, { error: 'model "x" not found, try pulling it first' }));
  assert.match(ollama.reason, /^model "test-model" was not found/);
  const path = await faultBy(htmlPage(404, "Not here"));
  assert.match(path.reason, /check OPENAI_BASE_URL, which mostly ends in \/v1 \(ADDRESS said: 404/);
  const deployment = apiError(404, "The API deployment is missing", { code: "DeploymentNotFound" });
  assert.match(
    (await azureFaultBy(deployment)).reason,
    /^deployment "chat" was not found: .*AZURE_OPENAI_CHATMODEL/,
  );
  assert.match(
    (await azureFaultBy(apiError(404, "Resource not found"))).reason,
    /AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_VERSION/,
  );
  const invalid = await faultBy(apiError(400, "x is not a valid model ID"));
  assert.equal(invalid.kind, "stop");
});

Deno.test("a base URL without its path stops with the advice to add it", async () => {
  await using server = await startEndpoint();
  const fault = await faultFrom(callAt(server.url).call);
  assert.deepEqual([fault.kind, fault.status], ["stop", 404]);
  assert.match(fault.reason, /OPENAI_BASE_URL, which mostly ends in \/v1/);
});

Deno.test("any other 4xx rejects the row alone", async () => {
  for (const code of [400, 413, 418, 422]) {
    // Where it could be about parameters, the row is tried once without them.
    const requests = code === 400 || code === 422 ? 2 : 1;
    const fault = await faultBy(apiError(code, "Something about this row"), 10, { requests });
    assert.deepEqual([fault.kind, fault.status], ["rejected", code]);
  }
});

Deno.test("a fault that a router wraps in a 200 is the fault it is", async () => {
  const wrapped = (code: number) => status(200, { error: { code, message: "Upstream" } });
  assert.equal((await faultBy(wrapped(429))).kind, "limited");
  assert.equal((await faultBy(wrapped(502))).kind, "passing");
  assert.equal((await faultBy(wrapped(401))).kind, "stop");
});

Deno.test("a reason is one short printable line without markup", async () => {
  const long = `<h1>Oops</h1>\n\u001b[31mred\u202e ${"very ".repeat(200)}long ${key}`;
  const { reason } = await faultBy(status(500, long));
  assert.ok(reason.startsWith("500 Oops [31mred very very"), reason);
  assert.ok(reason.length <= 200);
  assert.doesNotMatch(reason, /[\p{Cc}\p{Cf}\n]/u);
});

Deno.test("an answer's text, refusal, finish reason, model and tokens are read as they came", async () => {
  const replies = async (behaviour: Behaviour) => {
    await using server = await startEndpoint({ script: () => behaviour });
    return await replyFrom(callAt(server.baseURL).call);
  };
  assert.deepEqual(await replies(ok("  Hej \n", { finishReason: "length", model: "m-2026" })), {
    text: "  Hej \n",
    refusal: null,
    finishReason: "length",
    model: "m-2026",
    usage: { input: 12, output: 5 },
  });
  const parts = [
    { type: "thinking", text: "hm" },
    { type: "text", text: "Hej " },
    { type: "text", text: "då" },
  ];
  assert.equal((await replies(ok(null, { message: { content: parts } }))).text, "Hej då");
  const refused = await replies(ok(null, { refusal: "I can't.", usage: null, finishReason: null }));
  assert.deepEqual([refused.text, refused.refusal, refused.usage, refused.finishReason], [
    null,
    "I can't.",
    null,
    null,
  ]);
  const bare = await replies(status(200, { choices: [{ finish_reason: "content_filter" }] }));
  assert.deepEqual([bare.text, bare.finishReason, bare.model], [
    null,
    "content_filter",
    "test-model",
  ]);
  const asText = JSON.stringify({ choices: [{ message: { content: "Hej" } }] });
  assert.equal((await replies(status(200, asText))).text, "Hej");
});
