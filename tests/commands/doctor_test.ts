import assert from "node:assert/strict";
import { join } from "node:path";
import {
  apiError,
  type AskedOnce,
  type Behaviour,
  deadBaseURL,
  hang,
  htmlPage,
  limited,
  ok,
  startEndpoint,
  status,
} from "../endpoint.ts";
import { checkCall } from "../../src/commands/doctor_call.ts";
import { setUpLines } from "../../src/commands/doctor_report.ts";
import { type DoctorFlags, examine } from "../../src/commands/doctor_setup.ts";
import { parseWords } from "../../src/commands/program.ts";
import {
  CHECKOUT,
  configFiles,
  folderWithConfig,
  projectIn,
  run,
  type Typed,
  write,
} from "./command_line.ts";

const KEY = "k3y-of-a-test-0123456789";

/** Doctor as it is typed, in a folder with the config folder `metro`; its two outputs as one text. */
async function typed(
  words: string[],
  { from, ...place }: Partial<Typed> = {},
): Promise<{ code: number; said: string; json(): Record<string, unknown> }> {
  await using folder = await folderWithConfig();
  const all = ["doctor", "--config", "metro", "--output", "out", ...words];
  const { code, out, err } = await run(all, { from: from ?? folder.path, ...place });
  const said = out + err;
  assert(!said.includes(KEY), `the key is shown: ${said}`);
  assert(!said.includes("    at "), said);
  return { code, said, json: () => JSON.parse(out) };
}

/** The same in this process, which is quicker: all but the output folder. */
async function doctor(
  words: string[],
  { env }: { env: Record<string, string> },
): Promise<{ code: number; said: string }> {
  const command = await parseWords(["doctor", ...words]);
  assert("spec" in command);
  const { parsed } = command;
  const setUp = await examine({ parsed, env, typedIn: CHECKOUT, project: CHECKOUT }, [
    { file: null, values: env },
  ]);
  const { timeout: timeoutSeconds } = parsed.opts<DoctorFlags>();
  const { call, advice, exitCode } = await checkCall(setUp, { env, timeoutSeconds });
  const said = [...setUpLines(setUp), ...setUp.remarks, call.said, ...advice].join("\n");
  assert(!said.includes(KEY), `the key is shown: ${said}`);
  return { code: exitCode, said };
}

/** Doctor against an endpoint that answers the call in one way. */
async function against(
  behaviour: Behaviour,
  words: string[] = [],
  { key = KEY }: { key?: string } = {},
): Promise<{ code: number; said: string }> {
  await using endpoint = await startEndpoint({ script: () => behaviour });
  return await doctor(["--model", "openai:m", ...words], {
    env: { OPENAI_BASE_URL: endpoint.baseURL, ...(key === "" ? {} : { OPENAI_API_KEY: key }) },
  });
}

/** A server that knows some paths, by method and path; it keeps what it was asked. */
function serve(
  routes: Record<string, [status: number, body: unknown, headers?: Record<string, string>]>,
): { url: string; asked: string[] } & AsyncDisposable {
  const asked: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      await request.body?.cancel();
      const { pathname, search } = new URL(request.url);
      asked.push(`${request.method} ${pathname}${search}`);
      const [code, body, headers] = routes[`${request.method} ${pathname}${search}`] ??
        routes[`${request.method} ${pathname}`] ?? routes["*"] ?? [404, { detail: "Not Found" }];
      const text = typeof body === "string" ? body : JSON.stringify(body);
      return new Response(text, { status: code, ...(headers === undefined ? {} : { headers }) });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function models(...names: string[]): [number, unknown] {
  return [200, { object: "list", data: names.map((id) => ({ id, object: "model" })) }];
}

Deno.test("all is well: exit 0, one call of one token, and what is set where", async () => {
  await using endpoint = await startEndpoint({ script: () => ok("Hej", { model: "m-2026" }) });
  const { code, said } = await typed(["--model", "openai:m"], {
    env: { OPENAI_BASE_URL: endpoint.baseURL, OPENAI_API_KEY: KEY },
  });
  assert.equal(code, 0, said);
  assert.equal(endpoint.requests, 1);
  const { body, headers }: Partial<AskedOnce> = endpoint.log[0] ?? {};
  assert.equal(body?.max_tokens, 1);
  assert.equal(body?.temperature, 0.9);
  assert.equal(headers?.authorization, `Bearer ${KEY}`);
  assert.match(said, /^provider +openai +\(--model\)$/m);
  assert.match(said, /^model +m +\(--model\)$/m);
  assert.match(
    said,
    /^address +http:\/\/127\.0\.0\.1:\d+\/v1 +\(OPENAI_BASE_URL in the environment\)$/m,
  );
  assert.match(said, /^key +24 characters +\(OPENAI_API_KEY in the environment\)$/m);
  assert.match(said, /^config +metro \(Metro chat\) · 2 attributes, 4 values/m);
  assert.match(said, /^output .*\/out, writable$/m);
  assert.match(said, /^call +answered in [\d,]+ ms by m-2026, 12 tokens in, 5 out$/m);
  assert.match(
    said,
    /^OK\. Next: deno task generate --config metro --model openai:m --output out\n$/m,
  );
});

Deno.test("each setting is told with the place that it comes from", async () => {
  await using endpoint = await startEndpoint();
  await using folder = await folderWithConfig();
  const project = await projectIn(folder.path);
  await write(folder.path, {
    ".env": `OPENAI_API_KEY=${KEY}\nOPENAI_BASE_URL=\n`,
    "project/.env":
      `OPENAI_API_KEY=another\nOPENAI_BASE_URL=http://127.0.0.1:1\nAZURE_OPENAI_KEY=x`,
    ...configFiles("metro", { model: "openai:from-settings" }),
  });
  const place = { from: folder.path, project };
  const { code, said, json } = await typed(["--json"], {
    ...place,
    env: { OPENAI_BASE_URL: endpoint.baseURL },
  });
  assert.equal(code, 0, said);
  const report = json();
  assert.deepEqual(report.provider, { value: "openai", from: "metro/settings.json" });
  assert.deepEqual(report.model, { value: "from-settings", from: "metro/settings.json" });
  assert.deepEqual(report.address, {
    value: endpoint.baseURL,
    from: "OPENAI_BASE_URL in the environment",
  });
  assert.deepEqual(report.key, {
    variable: "OPENAI_API_KEY",
    length: KEY.length,
    from: join(folder.path, ".env"),
  });
  assert.deepEqual(report.remarks, [
    `OPENAI_API_KEY in ${join(folder.path, ".env")} beats another value in ${
      join(project, ".env")
    }.`,
    `OPENAI_BASE_URL in the environment beats another value in ${join(folder.path, ".env")} and ${
      join(project, ".env")
    }.`,
    `AZURE_OPENAI_KEY in ${join(project, ".env")} is not read: did you mean AZURE_OPENAI_API_KEY?`,
  ]);
  assert(!said.includes("another\n") && !said.includes('"another"'));

  const chosen = await typed(["--json"], {
    ...place,
    env: { OPENAI_BASE_URL: endpoint.baseURL, PLUMBLINE_MODEL: "openai:" },
  });
  assert.deepEqual(chosen.json().provider, {
    value: "openai",
    from: "PLUMBLINE_MODEL, in the environment",
  });
  assert.deepEqual(chosen.json().model, { value: "gpt-4.1-mini", from: "default" });
});

Deno.test("no key: exit 2, the variable is named, and one of a similar name", async () => {
  const { code, said } = await doctor(["--model", "openai:m"], {
    env: { OPENAI_KEY: KEY, OPENAI_API_BASE: "http://127.0.0.1:1" },
  });
  assert.equal(code, 2);
  assert.match(said, /^key +none: OPENAI_API_KEY is not set$/m);
  assert.match(said, /^OPENAI_API_KEY is not set: set it, or set OPENAI_BASE_URL/m);
  assert.match(
    said,
    /OPENAI_API_BASE in the environment is not read: did you mean OPENAI_BASE_URL\?/,
  );
  const azure = await doctor(["--model", "azure:m"], {
    env: { AZURE_OPENAI_ENDPOINT: "http://127.0.0.1:1" },
  });
  assert.equal(azure.code, 2);
  assert.match(azure.said, /AZURE_OPENAI_API_KEY is not set/);
  assert.match(azure.said, /^version +2024-10-21 +\(default\)$/m);
});

Deno.test("a server that wants a key and got none: exit 2", async () => {
  const { code, said } = await against(status(401, { error: "Unauthorized" }), [], { key: "" });
  assert.equal(code, 2);
  assert.match(said, /wants a key: set OPENAI_API_KEY\./);
});

Deno.test("a refused key: exit 2, where it is set, and never the key, though it is said", async () => {
  const { code, said } = await against(
    apiError(401, `Incorrect API key provided: ${KEY}. You can find your API key at …`, {
      code: "invalid_api_key",
    }),
  );
  assert.equal(code, 2);
  assert.match(said, /refuses the key: change OPENAI_API_KEY \(set in the environment\)\./);
  assert.match(said, /OPENAI_BASE_URL is to be changed, set in the environment/);
});

Deno.test("no credit is exit 2, a rate limit exit 3", async () => {
  const credit = await against(
    apiError(429, "You exceeded your current quota, please check your plan and billing details.", {
      type: "insufficient_quota",
      code: "insufficient_quota",
    }),
  );
  assert.equal(credit.code, 2);
  assert.match(credit.said, /no credit left/);
  const rate = await against(limited({ "retry-after": "20" }));
  assert.equal(rate.code, 3);
  assert.match(rate.said, /takes no calls now: try again in a minute/);
});

Deno.test("an address without /v1: the right one is found", async () => {
  await using server = serve({ "GET /v1/models": models("qwen2.5-7b") });
  for (const path of ["", "/", "/v1/v1", "/v1/completions", "/chat"]) {
    const { code, said } = await doctor(["--model", "openai:qwen2.5-7b"], {
      env: { OPENAI_BASE_URL: server.url + path },
    });
    assert.equal(code, 2, path);
    assert(
      said.includes(`one is at ${server.url}/v1: change OPENAI_BASE_URL (set in the environment)`),
      said,
    );
  }
});

Deno.test("an address that is no API at all, also where it answers with pages", async () => {
  await using ollama = serve({ "*": [404, "404 page not found"] });
  await using website = serve({ "*": [200, "<!doctype html><title>Welcome</title>"] });
  await using studio = serve({ "*": [200, { error: "Unexpected endpoint or method. (POST /x)" }] });
  for (const { url } of [ollama, website, studio]) {
    const { code, said } = await doctor(["--model", "openai:m"], {
      env: { OPENAI_BASE_URL: `${url}/x` },
    });
    assert.equal(code, 2, said);
    assert.match(said, /change OPENAI_BASE_URL \(set in the environment\) to the address/);
  }
  const page = await against(htmlPage(200, "Log in"));
  assert.equal(page.code, 2);
});

Deno.test("an address that sends calls on: the new one is named", async () => {
  await using target = serve({});
  await using server = serve({
    "*": [308, "", { location: `${target.url}/v1/chat/completions` }],
  });
  const { code, said } = await typed(["--model", "openai:m"], {
    env: { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: KEY },
  });
  assert.equal(code, 2, said);
  assert(
    said.includes(`change OPENAI_BASE_URL (set in the environment) to ${target.url}/v1`),
    said,
  );
  assert.deepEqual(target.asked, []);
});

Deno.test("an unknown model: some of the endpoint's models and the nearest name", async () => {
  const bodies = {
    openai: { error: { message: "The model `m` does not exist", code: "model_not_found" } },
    vllm: { object: "error", message: "The model `m` does not exist.", type: "NotFoundError" },
    ollama: { error: { message: "model 'm' not found", type: "api_error", code: null } },
  };
  for (const body of Object.values(bodies)) {
    await using server = serve({
      "POST /v1/chat/completions": [404, body],
      "GET /v1/models": models("llama3.2:3b", "qwen2.5:7b", "qwen2.5:14b"),
    });
    const { code, said } = await doctor(["--model", "openai:qwen2.5"], {
      env: { OPENAI_BASE_URL: `${server.url}/v1` },
    });
    assert.equal(code, 2);
    assert.match(said, /has no model "qwen2\.5", chosen by --model\.$/m);
    assert.match(said, /^Nearest: --model openai:qwen2\.5:7b$/m);
    assert.match(said, /^It also has: qwen2\.5:14b, llama3\.2:3b$/m);
  }
});

Deno.test("Azure: a wrong deployment, API version, key and endpoint are told apart", async () => {
  const chat = "POST /openai/deployments/mini/chat/completions";
  const resource = "GET /openai/models?api-version=2024-10-21";
  const missing: [number, unknown] = [404, {
    error: { code: "404", message: "Resource not found" },
  }];
  const check = async (routes: Parameters<typeof serve>[0], version?: string) => {
    await using server = serve({ "*": missing, ...routes });
    return await doctor([], {
      env: {
        AZURE_OPENAI_ENDPOINT: server.url,
        AZURE_OPENAI_API_KEY: KEY,
        AZURE_OPENAI_CHATMODEL: "mini",
        ...(version === undefined ? {} : { AZURE_OPENAI_API_VERSION: version }),
      },
    });
  };
  const deployment = await check({
    [chat]: [404, {
      error: {
        code: "DeploymentNotFound",
        message: "The API deployment for this resource does not exist. If you created the " +
          "deployment within the last 5 minutes, please wait a moment and try again.",
      },
    }],
    "GET /openai/deployments?api-version=2022-12-01": models("gpt-mini", "embeddings"),
  });
  assert.equal(deployment.code, 2);
  assert.match(
    deployment.said,
    /has no deployment "mini", chosen by AZURE_OPENAI_CHATMODEL in the environment\./,
  );
  assert.match(deployment.said, /^Nearest: --model azure:gpt-mini$/m);

  const version = await check({ [resource]: models("gpt-4.1") }, "2099-01-01");
  assert.equal(version.code, 2);
  assert.match(
    version.said,
    /API version is "2099-01-01"[^]*AZURE_OPENAI_API_VERSION \(set in the/,
  );
  const refused = await check({
    [chat]: [400, { error: { code: "BadRequest", message: "API version not supported" } }],
  }, "2020-01-01");
  assert.equal(refused.code, 2);
  assert.match(refused.said, /change AZURE_OPENAI_API_VERSION \(set in the environment\), such as/);

  const endpoint = await check({});
  assert.equal(endpoint.code, 2);
  assert.match(endpoint.said, /No Azure OpenAI resource[^]*change AZURE_OPENAI_ENDPOINT \(set in/);

  const key = await check({
    [chat]: [401, {
      error: { code: "401", message: "Access denied due to invalid subscription key" },
    }],
  });
  assert.equal(key.code, 2);
  assert.match(key.said, /refuses the key: change AZURE_OPENAI_API_KEY \(set in the environment\)/);
});

Deno.test("a server that is down, hangs or fails: exit 3", async () => {
  const down = await doctor(["--model", "openai:m"], { env: { OPENAI_BASE_URL: deadBaseURL() } });
  assert.equal(down.code, 3);
  assert.match(
    down.said,
    /Nothing listens at 127\.0\.0\.1:\d+: start the server, or change OPENAI_B/,
  );
  const late = await against(hang(), ["--timeout", "0.2"]);
  assert.equal(late.code, 3);
  assert.match(late.said, /with a longer --timeout/);
  const failing = await against(status(503, { error: { message: "Loading model" } }));
  assert.equal(failing.code, 3);
  assert.match(failing.said, /503 Loading model[^]*answers with a fault of its own/);
});

Deno.test("a proxy that stands in the way: exit 2, its variable, and NO_PROXY as the way out", async () => {
  await using proxy = serve({ "*": [407, "Proxy authentication required"] });
  await using endpoint = await startEndpoint();
  const env = {
    OPENAI_BASE_URL: endpoint.baseURL,
    HTTP_PROXY: proxy.url.replace("//", "//someone:s3cret@"),
  };
  const { code, said } = await typed(["--model", "openai:m"], { env });
  assert.equal(code, 2);
  assert(said.includes(`proxy     ${proxy.url}   (HTTP_PROXY)`), said);
  assert.match(said, /go through HTTP_PROXY[^]*NO_PROXY=127\.0\.0\.1$/m);
  assert(!said.includes("s3cret"));
  const dead = await typed(["--model", "openai:m"], {
    env: { ...env, HTTP_PROXY: deadBaseURL().replace("/v1", "") },
  });
  assert.equal(dead.code, 2);
  assert.match(dead.said, /NO_PROXY=127\.0\.0\.1$/m);
  const past = await typed(["--model", "openai:m"], { env: { ...env, NO_PROXY: "127.0.0.1" } });
  assert.equal(past.code, 0, past.said);
});

Deno.test("parameters that the model doesn't take are told, and all is well", async () => {
  await using endpoint = await startEndpoint({
    script: ({ body }) =>
      "max_tokens" in body
        ? apiError(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        : ok("H"),
  });
  const { code, said } = await doctor(["--model", "openai:m"], {
    env: { OPENAI_BASE_URL: endpoint.baseURL },
  });
  assert.equal(code, 0, said);
  assert.match(said, /it takes calls with max_completion_tokens for max_tokens/);
});

Deno.test("the call has the form of a run's: system message, parameters, seed", async () => {
  await using folder = await folderWithConfig();
  await using endpoint = await startEndpoint({ script: () => ok("H") });
  const env = { OPENAI_BASE_URL: endpoint.baseURL };
  const settings = { temperature: 0.4, frequency_penalty: 0.3, top_p: 0.8, seed: 77 };
  await write(folder.path, configFiles("metro", settings));
  const built = await typed(["--model", "openai:m"], { from: folder.path, env });
  assert.equal(built.code, 0, built.said);
  await write(folder.path, { "metro/prompt.md": "# user\nAbout {{topic}}, please." });
  const own = await typed(["--model", "openai:m"], { from: folder.path, env });
  assert.equal(own.code, 0, own.said);
  const roles = endpoint.log.map(({ body }) => body.messages?.map(({ role }) => role));
  assert.deepEqual(roles, [["system", "user"], ["user"]]);
  const { messages: _, ...sent } = endpoint.log[0]?.body ?? {};
  assert.deepEqual(sent, { ...settings, model: "m", max_tokens: 1, stream: false });
});

Deno.test("a parameter of the config that the model refuses is told, as a run would learn it", async () => {
  await using endpoint = await startEndpoint({
    script: ({ body }) =>
      "frequency_penalty" in body
        ? apiError(400, "frequency_penalty is not supported", { param: "frequency_penalty" })
        : ok("H"),
  });
  await using folder = await folderWithConfig();
  await write(folder.path, configFiles("metro", { frequency_penalty: 0.3 }));
  const { code, said } = await typed(["--model", "openai:m"], {
    from: folder.path,
    env: { OPENAI_BASE_URL: endpoint.baseURL },
  });
  assert.equal(code, 0, said);
  assert.match(said, /it takes calls without frequency_penalty\)/);
});

Deno.test("a key and a model that a 400 refuses, and a server that is busy", async () => {
  const key = await against(status(400, [{ error: { message: "API key not valid.", code: 400 } }]));
  assert.equal(key.code, 2);
  assert.match(key.said, /refuses the key: change OPENAI_API_KEY \(set in the environment\)/);
  const model = await against(apiError(400, "Model m does not exist"));
  assert.equal(model.code, 2);
  assert.match(model.said, /has no model "m", chosen by --model\./);
  const wrapped = await against(
    status(200, { error: { code: 404, message: "Model m not found" } }),
  );
  assert.match(wrapped.said, /has no model "m", chosen by --model\./);
  const busy = await against(apiError(503, "Server busy, maximum pending requests exceeded"));
  assert.equal(busy.code, 3);
  assert.match(busy.said, /has no room for a call now: try again in a minute/);
});

Deno.test("faults of the config and an output that can't be written are exit 2, the call is made", async () => {
  await using endpoint = await startEndpoint();
  await using folder = await folderWithConfig();
  await write(folder.path, { "metro/settings.json": { seed: -1 }, out: "a file" });
  const { code, json } = await typed(["--json", "--model", "openai:m"], {
    from: folder.path,
    env: { OPENAI_BASE_URL: endpoint.baseURL },
  });
  assert.equal(code, 2);
  const { ok, call, config, output, exitCode }: Record<string, unknown> = json();
  assert.deepEqual([ok, exitCode], [false, 2]);
  assert.partialDeepStrictEqual(call, { ok: true, status: 200 });
  assert.partialDeepStrictEqual(output, { writable: false });
  assert.match(JSON.stringify(config), /metro\/settings\.json: .*seed/);
  assert.equal(await Deno.readTextFile(join(folder.path, "out")), "a file");
});

Deno.test("models without an address: the simulated one, and a local file that isn't there", async () => {
  const simulated = await typed(["--model", "simulated:leaky", "--json"]);
  assert.equal(simulated.code, 0, simulated.said);
  assert.partialDeepStrictEqual(simulated.json(), { address: null, key: null, ok: true });
  const local = await typed(["--model", "local:nowhere.gguf"]);
  assert.equal(local.code, 2);
  assert.match(local.said, /there is no file .*nowhere\.gguf/);
});
