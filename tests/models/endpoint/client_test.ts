import assert from "node:assert/strict";
import { openBatches } from "../../../src/models/batch/endpoint.ts";
import { LONGEST_ANSWER } from "../../../src/models/endpoint/bounded_body.ts";
import { openCall } from "../../../src/models/endpoint/call.ts";
import { openClient } from "../../../src/models/endpoint/client.ts";
import { openWire } from "../../../src/models/endpoint/wire.ts";
import type { Environment } from "../../../src/models/endpoint/environment.ts";
import type { Provider } from "../../../src/models/types.ts";
import { startEndpoint } from "../../endpoint.ts";
import { faultFrom, key, replyFrom } from "../asking.ts";

function open(provider: Provider, env: Environment, options: { name?: string } = {}) {
  const choice = { provider, name: options.name ?? "m", origin: "--model" };
  return openClient(choice, { env, timeoutSeconds: 10 });
}

function callOf(endpoint: ReturnType<typeof openClient>) {
  return openCall({ ...endpoint, parameters: {}, notes: { dropped: [], replaced: {} } });
}

Deno.test("openai: sends the key, the organization and the project that are set", async () => {
  await using server = await startEndpoint();
  const env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: server.baseURL, OPENAI_ORG_ID: "org-1" };
  await replyFrom(callOf(open("openai", { ...env, OPENAI_PROJECT_ID: "proj-1" })));
  const { headers, url } = server.log[0]!;
  assert.equal(url, "/v1/chat/completions");
  assert.equal(headers["authorization"], `Bearer ${key}`);
  assert.equal(headers["openai-organization"], "org-1");
  assert.equal(headers["openai-project"], "proj-1");
});

Deno.test("a server without a key is sent no Authorization header", async () => {
  await using server = await startEndpoint();
  const endpoint = open("openai", { OPENAI_BASE_URL: server.baseURL });
  assert.equal((await replyFrom(callOf(endpoint))).text, "Text for seed 0");
  assert.equal(server.log[0]!.headers["authorization"], undefined);
  assert.deepEqual(endpoint.secrets, []);
});

Deno.test("nothing is read from the process's own environment", async () => {
  await using server = await startEndpoint();
  const names = ["OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_BASE_URL", "OPENAI_API_VERSION"];
  const before = names.map((name) => Deno.env.get(name));
  for (const name of names) Deno.env.set(name, "http://from-the-process.invalid");
  try {
    await replyFrom(callOf(open("openai", { OPENAI_BASE_URL: server.baseURL })));
    await replyFrom(callOf(open("azure", {
      AZURE_OPENAI_ENDPOINT: server.url,
      AZURE_OPENAI_API_KEY: key,
    })));
  } finally {
    names.forEach((name, index) => {
      const value = before[index];
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    });
  }
  assert.equal(server.requests, 2);
  for (const { headers, url } of server.log) {
    assert.doesNotMatch(JSON.stringify(headers) + url, /from-the-process/);
  }
});

Deno.test("azure: asks the deployment's path with api-key and api-version", async () => {
  await using server = await startEndpoint();
  const env = { AZURE_OPENAI_ENDPOINT: `${server.url}/`, AZURE_OPENAI_API_KEY: key };
  const endpoint = open("azure", env, { name: "my chat" });
  assert.equal(endpoint.address, server.url);
  const reply = await replyFrom(callOf(endpoint));
  assert.equal(reply.text, "Text for seed 0");
  const { headers, url } = server.log[0]!;
  assert.equal(
    url,
    "/openai/deployments/my%20chat/chat/completions?api-version=2024-10-21",
  );
  assert.equal(headers["api-key"], key);
  assert.equal(headers["authorization"], undefined);

  const later = open("azure", { ...env, AZURE_OPENAI_API_VERSION: "2025-04-01-preview" });
  await replyFrom(callOf(later));
  assert.match(server.log[1]!.url, /api-version=2025-04-01-preview$/);
});

Deno.test("what is missing is told by its name", () => {
  assert.throws(() => open("openai", {}), /OPENAI_API_KEY is not set/);
  assert.throws(() => open("azure", {}), /AZURE_OPENAI_ENDPOINT is not set/);
  const env = { AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com" };
  assert.throws(() => open("azure", env), /AZURE_OPENAI_API_KEY is not set/);
});

Deno.test("a key that can't stand in a header is told without showing it", () => {
  try {
    open("openai", { OPENAI_API_KEY: "sk-one\nsk-two" });
    assert.fail("nothing was thrown");
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^OPENAI_API_KEY holds/);
    assert.doesNotMatch(error.message, /sk-/);
  }
});

Deno.test("local: asks the given server; simulated: asks the given fetch", async () => {
  await using server = await startEndpoint();
  const local = openClient({ provider: "local", name: "small", origin: "" }, {
    env: { OPENAI_API_KEY: key },
    timeoutSeconds: 10,
    localAddress: server.baseURL,
  });
  await replyFrom(callOf(local));
  assert.equal(server.log[0]!.body.model, "small");
  assert.equal(server.log[0]!.headers["authorization"], undefined);

  const simulated = openClient({ provider: "simulated", name: "faithful", origin: "" }, {
    env: {},
    timeoutSeconds: 10,
    fetch: () =>
      Promise.resolve(Response.json({ choices: [{ message: { content: "composed" } }] })),
  });
  assert.equal(simulated.address, "simulated:faithful");
  assert.equal((await replyFrom(callOf(simulated))).text, "composed");
});

Deno.test("a fault whose body never ends is read as far as it came in time", async () => {
  await using server = await startEndpoint({
    script: () => ({ response }) => {
      response.writeHead(500, { "content-type": "text/plain" });
      response.write("out of memory, and then ");
    },
  });
  const choice = { provider: "openai" as const, name: "m", origin: "" };
  const env = { OPENAI_BASE_URL: server.baseURL };
  const fault = await faultFrom(callOf(openClient(choice, { env, timeoutSeconds: 0.1 })));
  assert.equal(fault.status, 500);
  assert.equal(fault.reason, "500 out of memory, and then");
});

Deno.test("a file of results may be longer than an answer", async () => {
  const line = JSON.stringify({
    custom_id: "row-1",
    response: { status_code: 200, body: { choices: [] } },
  });
  const lines = Math.ceil(2 * LONGEST_ANSWER / line.length);
  for (const provider of ["openai", "azure"] as const) {
    const endpoint = openClient({ provider, name: "m", origin: "" }, {
      env: {
        OPENAI_API_KEY: key,
        AZURE_OPENAI_API_KEY: key,
        AZURE_OPENAI_ENDPOINT: "http://127.0.0.1:1",
      },
      timeoutSeconds: 10,
      fetch: () => Promise.resolve(new Response(`${line}\n`.repeat(lines))),
    });
    const wire = openWire({ model: "m", parameters: {}, notes: { dropped: [], replaced: {} } });
    const { results } = openBatches(endpoint, { wire });
    const { signal } = new AbortController();
    let read = 0;
    for await (const result of results("file-1", signal)) {
      assert(result !== null && "id" in result && result.id === "row-1");
      read++;
    }
    assert.equal(read, lines);
  }
});
