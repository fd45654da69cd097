import assert from "node:assert/strict";
import { addressIn, addressOf, shownAddress } from "../../../src/models/endpoint/address.ts";
import { remoteOf } from "../../../src/models/endpoint/providers.ts";
import type { Provider } from "../../../src/models/types.ts";

const choice = (provider: Provider) => ({ provider, name: "m", origin: "--model" });

Deno.test("the host and port are those that are asked, with the scheme's own port", () => {
  const openai = (env: Record<string, string>) => addressOf(choice("openai"), env);
  assert.equal(openai({ OPENAI_API_KEY: "k" }), "api.openai.com:443");
  assert.equal(openai({ OPENAI_BASE_URL: "http://127.0.0.1:8000/v1" }), "127.0.0.1:8000");
  assert.equal(openai({ OPENAI_BASE_URL: "http://host/v1" }), "host:80");
  assert.equal(openai({ OPENAI_BASE_URL: "http://[::1]:11434/v1" }), "[::1]:11434");
  assert.equal(
    addressOf(choice("azure"), { AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com/" }),
    "x.openai.azure.com:443",
  );
  assert.equal(addressOf(choice("local"), {}), null);
  assert.equal(addressOf(choice("simulated"), {}), null);
});

Deno.test("what people paste around a base URL is cut off", () => {
  const openai = (text: string) => addressIn(remoteOf("openai"), { OPENAI_BASE_URL: text }).href;
  assert.equal(openai("http://h:1/v1/"), "http://h:1/v1");
  assert.equal(openai("http://h:1/v1/chat/completions"), "http://h:1/v1");
  const azure = (text: string) =>
    addressIn(remoteOf("azure"), { AZURE_OPENAI_ENDPOINT: text }).href;
  assert.equal(azure("https://x.openai.azure.com/openai/v1/"), "https://x.openai.azure.com/");
  assert.equal(
    azure("https://x.azure.com/openai/deployments/d/chat/completions?api-version=1"),
    "https://x.azure.com/",
  );
});

Deno.test("an address that is no URL is told by its variable, without a password in it", () => {
  const told = (env: Record<string, string>, provider: Provider) => {
    try {
      addressOf(choice(provider), env);
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
    assert.fail("nothing was thrown");
  };
  assert.match(
    told({ OPENAI_BASE_URL: "localhost:11434" }, "openai"),
    /OPENAI_BASE_URL is "localhost/,
  );
  assert.match(told({ OPENAI_BASE_URL: "ftp://h/v1" }, "openai"), /expected an http or https URL/);
  assert.doesNotMatch(told({ OPENAI_BASE_URL: "me:s3cret@host" }, "openai"), /s3cret/);
  assert.match(told({ AZURE_OPENAI_ENDPOINT: "x" }, "azure"), /AZURE_OPENAI_ENDPOINT is "x"/);
  assert.match(told({}, "azure"), /AZURE_OPENAI_ENDPOINT is not set/);
  assert.match(told({}, "openai"), /OPENAI_API_KEY is not set.*OPENAI_BASE_URL/);
});

Deno.test("a shown address has no name, password or query", () => {
  const url = new URL("https://me:s3cret@host:8443/v1/?key=s3cret");
  assert.equal(shownAddress(url), "https://host:8443/v1");
});
