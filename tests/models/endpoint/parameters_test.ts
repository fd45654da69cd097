import assert from "node:assert/strict";
import { maxTokensFor } from "../../../src/models/endpoint/parameters.ts";

Deno.test("the cap grows with the requested words and has a floor for short ones", () => {
  assert.equal(maxTokensFor(1, {}), 72);
  assert.equal(maxTokensFor(100, {}), 864);
  assert.equal(maxTokensFor(null, {}), 1024);
});

Deno.test("settings.max_tokens beats the default, and null means no cap", () => {
  assert.equal(maxTokensFor(100, { max_tokens: 50 }), 50);
  assert.equal(maxTokensFor(100, { max_tokens: null }), null);
});
