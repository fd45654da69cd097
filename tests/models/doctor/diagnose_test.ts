import assert from "node:assert/strict";
import {
  type Ailment,
  ailmentOf,
  type Circumstances,
  exitCodeOf,
} from "../../../src/models/doctor/diagnose.ts";
import { proxyFor } from "../../../src/models/endpoint/proxy.ts";
import { byNearness } from "../../../src/models/doctor/remedy.ts";
import type { Heard } from "../../../src/models/doctor/trial.ts";
import type { Fault } from "../../../src/models/types.ts";

const HERE: Circumstances = {
  provider: "openai",
  model: "test-model",
  hasKey: true,
  proxied: false,
  loopback: false,
};

function ailment(
  heard: Partial<Heard>,
  circumstances: Partial<Circumstances> = {},
  fault: Partial<Fault> = {},
): Ailment | null {
  const status = heard.status ?? null;
  return ailmentOf({
    fault: { kind: "stop", reason: "said", status, retryAfterMs: null, ...fault },
    heard: { status: null, body: "", redirectedTo: null, error: null, ...heard },
  }, { ...HERE, ...circumstances });
}

Deno.test("what the network stack says tells why no response came", () => {
  const connect = "Error: error sending request for url (https://a/v1): client error (Connect): ";
  const cases: [string, Ailment, 2 | 3][] = [
    [
      `${connect}dns error: failed to lookup address information: Name or service not known`,
      "unknown host",
      3,
    ],
    [`${connect}tcp connect error: Connection refused (os error 111)`, "nothing listens", 3],
    [`${connect}tcp connect error: … (os error 10061)`, "nothing listens", 3],
    [`${connect}invalid peer certificate: UnknownIssuer`, "certificate", 2],
    [`${connect}received corrupt message of type InvalidContentType`, "no TLS", 2],
    [`${connect}tcp connect error: Network is unreachable (os error 101)`, "failing", 3],
    ["AbortError: The signal has been aborted", "late", 3],
    ['NotCapable: Requires net access to "b:443", run again with --allow-net', "redirect", 2],
  ];
  for (const [error, expected, exitCode] of cases) {
    assert.equal(ailment({ error }), expected, error);
    assert.equal(exitCodeOf(expected), exitCode);
  }
});

Deno.test("a proxy is to blame for what it alone can have said", () => {
  const proxied = { proxied: true };
  const tunnel = "Error: client error (Connect): proxy authentication required";
  assert.equal(ailment({ error: tunnel }, proxied), "proxy");
  assert.equal(ailment({ status: 407 }, proxied), "proxy");
  assert.equal(
    ailment({ status: 503, body: "<html>" }, { proxied: true, loopback: true }),
    "proxy",
  );
  assert.equal(ailment({ status: 403, body: "<html>" }, proxied), "proxy");
  const json = JSON.stringify({ error: { message: "Incorrect API key provided" } });
  assert.equal(ailment({ status: 401, body: json }, proxied), "key refused");
});

Deno.test("statuses and bodies of many servers come to one diagnosis", () => {
  const cases: [number, unknown, Ailment, Partial<Circumstances>?][] = [
    [401, "", "no key", { hasKey: false }],
    [403, { error: { message: "Country, region, or territory not supported" } }, "key refused"],
    [403, { error: { code: "model_not_found", message: "Project has no access" } }, "model"],
    [402, { error: { message: "Insufficient Balance" } }, "no credit"],
    [404, { detail: "Not Found" }, "path"],
    [404, "404 page not found", "path"],
    [405, { detail: "Method Not Allowed" }, "path"],
    [404, { error: "model 'x' not found" }, "model"],
    [400, { error: { message: "x is not a valid model ID", code: 400 } }, "model"],
    [429, { error: { message: "billing quota per minute", code: 429 } }, "limited"],
    [
      400,
      { error: { message: "Model o3 is enabled only for api versions 2024-12-01" } },
      "rejected",
    ],
    [
      400,
      { error: { message: "Model o3 is enabled only for api versions 2024-12-01" } },
      "API version",
      { provider: "azure" },
    ],
    [400, { error: { code: "UnsupportedApiVersion" } }, "API version", { provider: "azure" }],
    [400, { error: { message: "Model test-model does not exist" } }, "model"],
    [400, [{ error: { message: "API key not valid", code: 400 } }], "key refused"],
    [400, [{ error: { message: "API key not valid", code: 400 } }], "no key", { hasKey: false }],
    [503, { error: { message: "The server is overloaded" } }, "busy"],
    [
      429,
      { error: { message: "Requests under API version 2024-10-21 exceed the rate limit" } },
      "limited",
      { provider: "azure" },
    ],
    [301, "", "redirect"],
    [422, { detail: "no" }, "rejected"],
  ];
  for (const [status, content, expected, circumstances] of cases) {
    const body = typeof content === "string" ? content : JSON.stringify(content);
    assert.equal(ailment({ status, body }, circumstances), expected, `${status} ${body}`);
  }
  const filtered = ailment({ status: 400 }, {}, { kind: "filtered" });
  assert.equal(filtered, null);
  assert.equal(ailment({ status: 500, body: "{}" }, {}, { kind: "passing" }), "failing");
  // A router's 200 that holds a fault of another status.
  assert.equal(ailment({ status: 200 }, {}, { status: 401 }), "key refused");
  const wrapped = JSON.stringify({ error: { code: 404, message: "No endpoints for test-model" } });
  assert.equal(ailment({ status: 200, body: wrapped }, {}, { status: 404 }), "model");
  // A success that broke off.
  assert.equal(ailment({ status: 200 }, {}, { status: null, kind: "passing" }), "failing");
});

Deno.test("a proxy holds for its protocol, unless NO_PROXY names the host", () => {
  const proxied = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env);
  const http = { http_proxy: "proxy:3128" };
  assert.deepEqual(proxied("http://a/v1", http), { variable: "http_proxy", address: "proxy:3128" });
  assert.equal(proxied("https://a/v1", http), null);
  assert.equal(
    proxied("https://a/v1", { ALL_PROXY: "socks5://me:pass@p:1" })?.address,
    "socks5://p:1",
  );
  const covered = [["api.a.com", "a.com"], ["a.com", ".a.com"], ["127.0.0.1", "127.0.0.0/8"], [
    "a.com",
    "b, *",
  ], ["[::1]", "::1"]];
  for (const [host, NO_PROXY = ""] of covered) {
    assert.equal(proxied(`http://${host}/v1`, { ...http, NO_PROXY }), null, `${host} ${NO_PROXY}`);
  }
  for (
    const [host, NO_PROXY = ""] of [["ba.com", "a.com"], ["127.0.0.1", "localhost,10.0.0.0/8"]]
  ) {
    assert.notEqual(
      proxied(`http://${host}/v1`, { ...http, NO_PROXY }),
      null,
      `${host} ${NO_PROXY}`,
    );
  }
});

Deno.test("the nearest name comes first; one that holds what was asked is nearest", () => {
  const names = ["gpt-4o", "gpt-4.1-mini", "gpt-4.1", "llama3.2"];
  assert.equal(byNearness("gpt4.1", names)[0], "gpt-4.1");
  assert.equal(byNearness("GPT-4.1-MINI", names)[0], "gpt-4.1-mini");
  assert.equal(byNearness("qwen", ["gwe", "qwen2.5-7b-instruct"])[0], "qwen2.5-7b-instruct");
  assert.equal(byNearness("gpt-4.1-mini-2026-01-01", names)[0], "gpt-4.1-mini");
  assert.equal(byNearness("lama3.2", names)[0], "llama3.2");
});
