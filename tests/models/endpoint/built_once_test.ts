import assert from "node:assert/strict";
import OpenAI, { AzureOpenAI } from "openai";
import { openCall } from "../../../src/models/endpoint/call.ts";
import { openClient } from "../../../src/models/endpoint/client.ts";
import type { Environment } from "../../../src/models/endpoint/environment.ts";
import type { Provider } from "../../../src/models/types.ts";
import { startEndpoint } from "../../endpoint.ts";
import { key, once } from "../asking.ts";

function callOf(provider: Provider, env: Environment) {
  const choice = { provider, name: "m", origin: "--model" };
  const endpoint = openClient(choice, { env, timeoutSeconds: 10 });
  const call = openCall({ ...endpoint, parameters: {}, notes: { dropped: [], replaced: {} } });
  return { call, client: endpoint.client };
}

Deno.test("builtOnce() sends what the client would send, call by call", async () => {
  await using server = await startEndpoint();
  const openai = callOf("openai", { OPENAI_API_KEY: key, OPENAI_BASE_URL: server.baseURL });
  const azure = callOf("azure", {
    AZURE_OPENAI_ENDPOINT: server.url,
    AZURE_OPENAI_API_KEY: key,
  });
  for (const { call } of [openai, azure]) for (const row of [0, 1, 2]) await once(call, row);
  for (
    const [{ client }, { prototype }, log] of [
      [openai, OpenAI, server.log.slice(0, 3)],
      [azure, AzureOpenAI, server.log.slice(3)],
    ] as const
  ) {
    for (const [row, { body, url, headers }] of log.entries()) {
      assert.equal(body.seed, row);
      const whole = await prototype.buildRequest.call(client, {
        method: "post",
        path: "/chat/completions",
        body,
      });
      assert.equal(new URL(whole.url).pathname, new URL(url, server.url).pathname);
      assert.deepEqual(body, JSON.parse(String(whole.req.body)));
      for (const [name, value] of whole.req.headers) assert.equal(headers[name], value, name);
    }
  }
});

Deno.test("builtOnce() tells models apart, and leaves other calls to the client", async () => {
  const { client } = callOf("azure", {
    AZURE_OPENAI_ENDPOINT: "http://127.0.0.1:1",
    AZURE_OPENAI_API_KEY: key,
  });
  const asked = (model: string, more: { headers?: Record<string, string> } = {}) =>
    client.buildRequest({ method: "post", path: "/chat/completions", body: { model }, ...more });
  const paths = [];
  for (const model of ["a", "b", "a"]) paths.push(new URL((await asked(model)).url).pathname);
  assert.deepEqual(
    paths.map((path) => path.split("/")[3]),
    ["a", "b", "a"],
  );
  assert.equal((await asked("a", { headers: { "x-mine": "1" } })).req.headers.get("x-mine"), "1");
  assert.equal((await asked("a")).req.headers.get("x-mine"), null);
  const other = await client.buildRequest({ method: "get", path: "/models" });
  assert.match(other.url, /\/models\?/);
});

Deno.test("builtOnce() hands each call its own signal", async () => {
  const { client } = callOf("openai", { OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
  const asked = (signal?: AbortSignal) =>
    client.buildRequest({
      method: "post",
      path: "/chat/completions",
      body: { model: "m" },
      ...(signal === undefined ? {} : { signal }),
    });
  const signals = [new AbortController().signal, new AbortController().signal];
  for (const signal of signals) assert.equal((await asked(signal)).req.signal, signal);
  assert.equal((await asked()).req.signal, undefined);
});
