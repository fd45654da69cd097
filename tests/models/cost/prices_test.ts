import assert from "node:assert/strict";
import {
  byBatch,
  costOf,
  isKnownToThink,
  priceOf,
  PRICES_DATE,
} from "../../../src/models/cost/prices.ts";
import type { ModelChoice, Provider } from "../../../src/models/types.ts";

function choice(provider: Provider, name: string): ModelChoice {
  return { provider, name, origin: "test" };
}

const nothing = { settings: {}, env: {} };

Deno.test("the price in settings.json comes before all others", () => {
  const settings = { price: { input: 3, output: 4 } };
  const models: [Provider, string][] = [
    ["openai", "gpt-4.1-mini"],
    ["openai", "my-own"],
    ["azure", "chat"],
    ["local", "smollm2-135m"],
  ];
  for (const [provider, name] of models) {
    const { price } = priceOf(choice(provider, name), { settings, env: {} });
    assert.deepEqual([price?.input, price?.output, price?.cachedInput], [3, 4, null]);
    assert.deepEqual(price?.batch, { input: 1.5, output: 2 });
    assert.match(price?.origin ?? "", /settings\.json/);
  }
});

Deno.test("a listed model has its price, half of it by batch, and the list's date", () => {
  assert.deepEqual(priceOf(choice("openai", "gpt-4.1-mini"), nothing), {
    price: {
      input: 0.4,
      output: 1.6,
      cachedInput: 0.1,
      batch: { input: 0.2, output: 0.8 },
      origin: `prices of ${PRICES_DATE}`,
    },
  });
  assert.equal(priceOf(choice("openai", "gpt-5-chat-latest"), nothing).price?.batch, null);
  assert.match(PRICES_DATE, /^20\d\d-(0\d|1[0-2])$/);
});

Deno.test("a name with the date of its version has its base's price, unless it has its own", () => {
  const inputOf = (name: string) => priceOf(choice("openai", name), nothing).price?.input;
  assert.equal(inputOf("gpt-4.1-mini-2025-04-14"), 0.4);
  assert.equal(inputOf("gpt-4o-2024-08-06"), 2.5);
  assert.equal(inputOf("gpt-4o-2024-05-13"), 5);
});

Deno.test("what isn't known is said to be unknown and never guessed", () => {
  const unknown: [Provider, string, RegExp][] = [
    ["openai", "gpt-99", /no price of gpt-99 is known/],
    ["openai", "gpt-4.1-mini-turbo", /no price/],
    ["openai", "ft:gpt-4.1-mini-2025-04-14:me::x", /no price/],
    ["openai", "gpt-3.5-turbo-1106", /no price/],
    ["openai", "constructor", /no price/],
    ["azure", "gpt-4.1-mini", /azure:gpt-4\.1-mini is a deployment's name/],
  ];
  for (const [provider, name, why] of unknown) {
    const lookup = priceOf(choice(provider, name), nothing);
    assert(lookup.price === null, name);
    assert.match(lookup.why, why);
  }
});

Deno.test("the list holds for the vendor's own address only", () => {
  const at = (OPENAI_BASE_URL: string) =>
    priceOf(choice("openai", "gpt-4.1-mini"), { settings: {}, env: { OPENAI_BASE_URL } }).price;
  assert(at("https://api.openai.com/v1") !== null);
  assert(at("  ") !== null);
  for (const url of ["http://127.0.0.1:8000/v1", "https://api.openai.com.example.org/v1", "none"]) {
    assert.equal(at(url), null, url);
  }
});

Deno.test("what runs on this machine costs nothing", () => {
  for (const provider of ["local", "simulated"] as const) {
    const { price } = priceOf(choice(provider, "any"), nothing);
    assert.deepEqual([price?.input, price?.output], [0, 0]);
  }
});

Deno.test("models that bill hidden tokens are told from the others", () => {
  const thinking: [Provider, string, boolean][] = [
    ["openai", "gpt-5-mini", true],
    ["openai", "o4-mini-2025-04-16", true],
    ["azure", "gpt-5", true],
    ["openai", "gpt-4.1-mini", false],
    ["openai", "gpt-99", false],
    ["local", "o3", false],
  ];
  for (const [provider, name, thinks] of thinking) {
    assert.equal(isKnownToThink(choice(provider, name)), thinks, name);
  }
});

Deno.test("the cost of tokens is unknown where the tokens or the price are", () => {
  const price = { input: 0.1, output: 0.2 };
  assert.equal(costOf({ input: 3, output: 0 }, price), 3e-7);
  assert.equal(costOf(null, price), null);
  assert.equal(costOf({ input: 1, output: 1 }, null), null);
});

Deno.test("by batch a price is half, one that isn't offered by batch is unknown", () => {
  const half = byBatch(priceOf(choice("openai", "gpt-4.1-mini"), nothing));
  assert.deepEqual([half.price?.input, half.price?.output], [0.2, 0.8]);
  const none = byBatch(priceOf(choice("openai", "gpt-5-chat-latest"), nothing));
  assert(none.price === null && /isn't offered by batch/.test(none.why));
  const unknown = priceOf(choice("azure", "chat"), nothing);
  assert.deepEqual(byBatch(unknown), unknown);
});

Deno.test("what came by batch costs what batches cost", () => {
  const usage = { input: 1e6, output: 1e6 };
  const price = { input: 2, output: 4, batch: { input: 1, output: 2 } };
  assert.deepEqual([costOf(usage, price), costOf(usage, price, { batch: true })], [6, 3]);
  assert.equal(costOf(usage, { ...price, batch: null }, { batch: true }), null);
});
