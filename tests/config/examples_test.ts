import assert from "node:assert/strict";
import { titleOf } from "../../src/config/describe.ts";
import { loadConfig } from "../../src/config/load.ts";

Deno.test("config/ is Viking Bank, without a fault or a warning", async () => {
  const warnings: string[] = [];
  const config = await loadConfig("config", { warn: (message) => warnings.push(message) });
  assert.deepEqual(warnings, []);
  assert.equal(titleOf(config), "Viking Bank");
  const values = (stem: string) => (config.attributes[stem] ?? []).map(({ value }) => value);
  assert.deepEqual(Object.keys(config.attributes), [
    "additional_instruction",
    "language",
    "tone",
    "topic",
  ]);
  assert.deepEqual(values("language"), ["English"]);
  assert.equal(values("topic").length, 29);
  for (const stem of ["topic", "tone", "additional_instruction"]) {
    assert(values(stem).includes(""), stem);
  }
  assert.deepEqual(config.length, { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null });
});

Deno.test("config/nordic shows a when, a wording and a longest length", async () => {
  const warnings: string[] = [];
  const config = await loadConfig("config/nordic", { warn: (message) => warnings.push(message) });
  assert.deepEqual(warnings, []);
  assert.equal(titleOf(config), "Sundlinjen");
  const values = Object.values(config.attributes).flat();
  assert(values.some(({ when }) => when !== null));
  assert(values.some(({ prompt }) => prompt !== null));
  assert.notEqual(config.length?.max, null);
  const languages = config.attributes.language?.map(({ value }) => value);
  assert.deepEqual(languages, ["Swedish", "Danish", "English"]);
});
