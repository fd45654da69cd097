import assert from "node:assert/strict";
import { configHash } from "../../src/config/hash.ts";
import type { Config } from "../../src/config/types.ts";

const CONFIG: Config = {
  folder: "metro",
  context: "Metro",
  attributes: { tone: [{ value: "", score: 1, factor: 1, prompt: null, when: null }] },
  length: { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null },
  prompt: null,
  avoid: [{ term: "please", share: 0.1, language: null }],
  settings: {
    temperature: 0.9,
    frequency_penalty: 0.5,
    seed: 1,
    sampling: "even",
    timeout: 60,
  },
};
const CHOICES = { model: "openai:x", seed: 1, sampling: "even", promptVersion: 1 } as const;
const HASH = configHash(CONFIG, CHOICES);
const value = { value: "", score: 1, factor: 1, prompt: null, when: null };

Deno.test("configHash() is SHA-256 in hex, and the same today as ever", () => {
  assert.equal(HASH, "fce71f905fc2712adc8c72e44d169d0d121440c1ced9dabcea1370bf60917b35");
});

Deno.test("configHash() doesn't depend on the order of keys", () => {
  const reversed = (inner: unknown): unknown =>
    typeof inner !== "object" || inner === null || Array.isArray(inner)
      ? inner
      : Object.fromEntries(
        Object.entries(inner).toReversed().map(([key, value]) => [key, reversed(value)]),
      );
  assert.equal(configHash(reversed(CONFIG) as Config, CHOICES), HASH);
});

Deno.test("configHash() doesn't depend on what only a judge is told", () => {
  const judged = {
    ...CONFIG,
    attributes: { tone: [{ ...value, description: "It asks for no tone." }] },
    settings: { ...CONFIG.settings, labels: { tone: "skip" as const } },
  };
  assert.equal(configHash(judged, CHOICES), HASH);
});

const settings = CONFIG.settings;
const CHANGES: [name: string, config: Partial<Config>][] = [
  ["context", { context: "Metro 2" }],
  ["a new attribute", { attributes: { ...CONFIG.attributes, a: [value] } }],
  ["a score", { attributes: { tone: [{ ...value, score: 2 }] } }],
  ["a draw factor", { attributes: { tone: [{ ...value, factor: 2 }] } }],
  ["a wording", { attributes: { tone: [{ ...value, prompt: "x" }] } }],
  ["a when", { attributes: { tone: [{ ...value, when: { a: ["b"] } }] } }],
  ["no length", { length: null }],
  ["a correction", {
    length: { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: { mean: 2, sigma: 1, shift: 1 } },
  }],
  ["a template", { prompt: "{{guidelines}}" }],
  ["the avoid-list", { avoid: [] }],
  ["temperature", { settings: { ...settings, temperature: null } }],
  ["frequency_penalty", { settings: { ...settings, frequency_penalty: 0 } }],
  ["top_p", { settings: { ...settings, top_p: 0.9 } }],
  ["max_tokens", { settings: { ...settings, max_tokens: 100 } }],
  ["max_tokens that isn't sent", { settings: { ...settings, max_tokens: null } }],
];
for (const [name, change] of CHANGES) {
  Deno.test(`configHash() changes with ${name}`, () => {
    assert.notEqual(configHash({ ...CONFIG, ...change }, CHOICES), HASH);
  });
}

Deno.test("configHash() changes with each choice", () => {
  const hashes = [
    { ...CHOICES, model: "openai:y" },
    { ...CHOICES, seed: 2 },
    { ...CHOICES, sampling: "independent" as const },
    { ...CHOICES, promptVersion: 2 },
  ].map((choices) => configHash(CONFIG, choices));
  assert.equal(new Set([HASH, ...hashes]).size, 5);
});

Deno.test("configHash() leaves out what can't change a text", () => {
  const other: Config = {
    ...CONFIG,
    folder: "elsewhere",
    settings: {
      ...settings,
      model: "named otherwise",
      count: 7,
      seed: 9,
      sampling: "independent",
      concurrency: 3,
      timeout: 1,
      price: { input: 1, output: 2 },
      top_p: null,
    },
  };
  assert.equal(configHash(other, CHOICES), HASH);
});
