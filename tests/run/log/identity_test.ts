import assert from "node:assert/strict";
import { identityOf } from "../../../src/run/log/identity.ts";
import { config } from "../fixtures.ts";

const asked = { seed: 1, sampling: "even", model: "simulated:faithful" } as const;

Deno.test("a run is named after folder, seed and hash unless it has a name", () => {
  const { name, configHash } = identityOf(config({ folder: "my/metro" }), asked);
  assert.match(configHash, /^[0-9a-f]{64}$/);
  assert.equal(name, `metro-1-${configHash.slice(0, 6)}`);
  const named = identityOf(config({ folder: "my/metro" }), { ...asked, run: "first" });
  assert.deepEqual(named, { name: "first", configHash });
});

Deno.test("whatever can change a text makes another run", () => {
  const { configHash } = identityOf(config(), asked);
  const others = [
    identityOf(config(), { ...asked, seed: 2 }),
    identityOf(config(), { ...asked, sampling: "independent" }),
    identityOf(config(), { ...asked, model: "openai:m" }),
    identityOf(config({ context: "Another." }), asked),
  ];
  assert.equal(new Set([configHash, ...others.map((other) => other.configHash)]).size, 5);
});
