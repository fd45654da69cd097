import assert from "node:assert/strict";
import { UserError } from "../../src/error.ts";
import { chooseModel } from "../../src/models/choice.ts";

Deno.test("the flag beats PLUMBLINE_MODEL, which beats settings.json, which beats keys", () => {
  const env = { PLUMBLINE_MODEL: "simulated:leaky", OPENAI_API_KEY: "k" };
  const settings = { model: "azure:mine" };
  assert.deepEqual(chooseModel({ flag: "openai:gpt-x", env, settings }), {
    provider: "openai",
    name: "gpt-x",
    origin: "--model",
  });
  assert.deepEqual(chooseModel({ env, settings }), {
    provider: "simulated",
    name: "leaky",
    origin: "PLUMBLINE_MODEL",
  });
  assert.deepEqual(chooseModel({ env: { OPENAI_API_KEY: "k" }, settings }), {
    provider: "azure",
    name: "mine",
    origin: "settings.json",
  });
});

Deno.test("without a choice the keys and addresses that are set decide, else the local model", () => {
  const chosen = (env: Record<string, string>) => {
    const { provider, name, origin } = chooseModel({ env, settings: {} });
    return [provider, name, origin];
  };
  const azure = { AZURE_OPENAI_ENDPOINT: "https://x", AZURE_OPENAI_CHATMODEL: "chat" };
  assert.deepEqual(chosen({ ...azure, OPENAI_API_KEY: "k" }), [
    "openai",
    "gpt-4.1-mini",
    "OPENAI_API_KEY is set",
  ]);
  assert.deepEqual(chosen({ OPENAI_BASE_URL: "http://h/v1" }), [
    "openai",
    "gpt-4.1-mini",
    "OPENAI_BASE_URL is set",
  ]);
  assert.deepEqual(chosen(azure), ["azure", "chat", "AZURE_OPENAI_ENDPOINT is set"]);
  assert.deepEqual(chosen({}), ["local", "smollm2-135m", "no key and no endpoint set"]);
});

Deno.test("blank texts count as unset", () => {
  const env = { PLUMBLINE_MODEL: " ", OPENAI_API_KEY: "", AZURE_OPENAI_ENDPOINT: "" };
  assert.equal(chooseModel({ flag: "", env, settings: { model: "" } }).provider, "local");
});

Deno.test("a name keeps its colons and slashes; an empty one becomes the default", () => {
  const named = (flag: string) => chooseModel({ flag, env: {}, settings: {} }).name;
  assert.equal(named("openai:qwen2.5:7b"), "qwen2.5:7b");
  assert.equal(named("local:/models/x.gguf"), "/models/x.gguf");
  assert.equal(named("openai:"), "gpt-4.1-mini");
  assert.equal(named("local:"), "smollm2-135m");
  assert.equal(named("simulated:"), "faithful");
});

Deno.test("an unknown provider is told with the four that there are and a likely reading", () => {
  const told = (flag: string) => {
    try {
      chooseModel({ flag, env: {}, settings: {} });
    } catch (error) {
      assert.ok(error instanceof UserError);
      assert.equal(error.exitCode, 2);
      return error.message;
    }
    assert.fail("nothing was thrown");
  };
  assert.match(told("gpt-4o"), /^--model: "gpt-4o".*openai, azure, local or simulated/);
  assert.match(told("gpt-4o"), /Did you mean "openai:gpt-4o"\?$/);
  assert.match(told("local"), /Did you mean "local:"\?$/);
  assert.match(told("anthropic:claude"), /openai, azure, local or simulated/);
});

Deno.test("Azure without a deployment names the variable", () => {
  assert.throws(
    () => chooseModel({ flag: "azure:", env: {}, settings: {} }),
    /AZURE_OPENAI_CHATMODEL is not set/,
  );
  const env = { AZURE_OPENAI_CHATMODEL: "chat" };
  assert.equal(chooseModel({ flag: "azure:", env, settings: {} }).name, "chat");
});
