import assert from "node:assert/strict";
import { UserError } from "../../../src/error.ts";
import { expectedOutcomes, expectedRealised } from "../../../src/models/simulated/expected.ts";
import { profileOf, simulatedProfiles } from "../../../src/models/simulated/profiles.ts";
import { topicNames } from "../../../src/models/simulated/topics.ts";

Deno.test("an unknown profile is a user's mistake and names the known ones", () => {
  for (const name of ["leeky", "", "faithful@", "constructor", "leaky@soon"]) {
    assert.throws(() => profileOf(name), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /simulated:faithful, simulated:leaky/);
      return true;
    });
  }
  assert.deepEqual(simulatedProfiles, ["faithful", "leaky"]);
});

Deno.test("a latency stands behind the profile's name", () => {
  assert.equal(profileOf("leaky@200ms").latencyMs, 200);
  assert.equal(profileOf("leaky").latencyMs, 0);
});

Deno.test("what a value is expected to come out as sums to 1", () => {
  for (const profile of simulatedProfiles.map(profileOf)) {
    for (const value of [...topicNames, "Something else"]) {
      const shares = Object.values(expectedRealised(profile, { attribute: "topic", value }));
      assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-12, value);
    }
    for (const risky of [true, false]) {
      const shares = Object.values(expectedOutcomes(profile, { risky }));
      assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-12);
    }
  }
});

Deno.test("a faithful profile is expected to give what was asked for", () => {
  const profile = profileOf("faithful");
  for (const value of topicNames) {
    assert.deepEqual(expectedRealised(profile, { attribute: "topic", value }), { [value]: 1 });
  }
  assert.equal(expectedOutcomes(profile, { risky: true }).ok, 1);
});
