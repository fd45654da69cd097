import assert from "node:assert/strict";
import { acceptedNoise, realisedNoise, requestNoise } from "../../../src/analysis/shares/noise.ts";
import { realisedShares } from "../../../src/analysis/shares/realised.ts";
import { requestDraws } from "../../../src/analysis/shares/request_draws.ts";
import { totalVariation } from "../../../src/stats/distance.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { configOf, scored } from "../../plan/configs.ts";
import { leakyShares, outcomesOf, unequalWeights } from "./leaks.ts";

/** The draws of an attribute with these weights. */
function drawsOf(weights: Float64Array, sampling: "even" | "independent") {
  return requestDraws(configOf({ a: scored([...weights]) }), {
    stem: "a",
    values: Array.from(weights, (_, i) => `v${i}`),
    shares: weights,
    sampling,
  });
}

Deno.test("requestNoise() is the formula for independent draws, and next to none for even ones", () => {
  for (const [values, rows] of [[5, 500], [5, 2000], [28, 2000]] as const) {
    const shares = new Float64Array(values).fill(1 / values);
    const expected = 0.5 * values *
      Math.sqrt(2 / values * (1 - 1 / values) / (Math.PI * rows));
    const independent = requestNoise({
      draw: drawsOf(shares, "independent"),
      shares,
      rows,
      seed: 1,
    });
    assert.ok(Math.abs(independent.mean / expected - 1) < 0.06, `${independent.mean}, ${expected}`);
    assert.ok(independent.p95 > independent.mean && independent.p95 < 2.2 * independent.mean);
    const even = requestNoise({ draw: drawsOf(shares, "even"), shares, rows, seed: 1 });
    assert.ok(even.p95 < independent.mean / 3, `${even.p95}`);
  }
});

Deno.test("realisedNoise() knows the requests: .0076 for a balanced leak of 10 % in 2,000 even rows", () => {
  // By simulation elsewhere for five equal values, where 10 % are drawn anew and a fifth of these come
  // out as asked: mean .0076, 95 % point .0125. With independent requests it's .0174 and more.
  const weights = new Float64Array(5).fill(0.2);
  const noise = (leak: number, sampling: "even" | "independent") => {
    const counts = new Float64Array(5 * 7);
    for (let r = 0; r < 5; r++) {
      for (let k = 0; k < 5; k++) counts[r * 7 + k] = (r === k ? 400 * (1 - leak) : 0) + 80 * leak;
    }
    const options = { weights, places: [0, 1, 2, 3, 4], rows: 2000, seed: 1 };
    const found = realisedNoise(counts, { ...options, draw: drawsOf(weights, sampling) });
    assert.ok(found);
    return found;
  };
  const even = noise(0.1, "even");
  assert.ok(Math.abs(even.mean - 0.0076) < 0.0006, String(even.mean));
  assert.ok(Math.abs(even.p95 - 0.0125) < 0.0012, String(even.p95));
  // Nothing but what even requests are off by, a row or two of each value.
  assert.ok(noise(0, "even").p95 < 0.004);
  assert.ok(Math.abs(noise(0, "independent").mean - 0.0174) < 0.0012);
  assert.ok(noise(0.1, "independent").mean > 0.0174);
});

Deno.test("realisedNoise() leaves out what is wrong, and knows where nothing was measured", () => {
  // Half of what was asked for in anger came out calm: .25 off, and less than that is its noise.
  const weights = Float64Array.of(0.5, 0.5);
  const options = { weights, places: [0, 1], draw: drawsOf(weights, "even"), rows: 1000, seed: 1 };
  const noise = realisedNoise(Float64Array.of(500, 0, 0, 0, 250, 250, 0, 0), options);
  // √(2 / π) times the standard deviation .5 · √(.25 / 500), and 1.96 times it.
  assert.ok(noise && Math.abs(noise.mean - 0.0089) < 0.0012, JSON.stringify(noise));
  assert.ok(Math.abs(noise.p95 - 0.0219) < 0.003, JSON.stringify(noise));
  assert.equal(realisedNoise(new Float64Array(8), options), null);
  // The second value alone was measured: its texts are all there is.
  const rest = realisedNoise(Float64Array.of(0, 0, 0, 0, 250, 250, 0, 0), options);
  assert.ok(rest && Math.abs(rest.p95 / noise.p95 - 2) < 0.3, JSON.stringify(rest));
});

Deno.test("realisedNoise() has what labels may mistake on top", () => {
  const weights = Float64Array.of(0.7, 0.3);
  const counts = Float64Array.of(690, 10, 0, 0, 10, 290, 0, 0);
  const options = { weights, places: [0, 1], draw: () => weights, rows: 1000, seed: 1 };
  const sure = realisedNoise(counts, options);
  const unsure = realisedNoise(counts, { ...options, errors: Float64Array.of(0.02, 0.01) });
  assert.ok(sure && unsure);
  for (const figure of ["mean", "p95"] as const) {
    assert.ok(Math.abs(unsure[figure] - sure[figure] - 0.017) < 1e-12);
  }
});

Deno.test("noise has the 95 % point that 5 % of runs with nothing wrong are beyond", () => {
  const random = openRandom("calibration", 1);
  const weights = unequalWeights(5);
  const shares = leakyShares(weights, { leak: 0.15 });
  const places = [0, 1, 2, 3, 4];
  const [rows, reps] = [400, 80];
  for (const sampling of ["even", "independent"] as const) {
    const draw = drawsOf(weights, sampling);
    const requested = requestNoise({ draw, shares: weights, rows, seed: 1 });
    const beyond = { requested: 0, accepted: 0, realised: 0 };
    for (let rep = 0; rep < reps; rep++) {
      const { asked, ok, counts } = outcomesOf(random, {
        rows,
        weights,
        shares,
        survival: () => 0.85,
        even: sampling === "even",
      });
      const sum = ok.reduce((total, count) => total + count, 0);
      const accepted = acceptedNoise({ draw, shares: weights, rows, ok: sum, seed: rep });
      const options = { weights, places, draw, rows, seed: rep };
      const noise = realisedNoise(counts, options);
      const realised = realisedShares(counts, { weights: asked });
      assert.ok(noise && realised);
      const far = (of: Float64Array) => totalVariation(of, weights);
      if (far(asked.map((count) => count / rows)) > requested.p95) beyond.requested++;
      if (far(ok.map((count) => count / sum)) > accepted.p95) beyond.accepted++;
      const aimed = Float64Array.of(...weights, 0, 0);
      if (totalVariation(realised.shares, aimed) > noise.p95) beyond.realised++;
    }
    for (const [stage, count] of Object.entries(beyond)) {
      // .05 and three standard errors. Even requests are whole numbers: few points lie beyond theirs.
      assert.ok(count / reps <= 0.123, `${sampling}, ${stage}: ${count / reps}`);
      if (stage !== "requested") assert.ok(count > 0, `${sampling}, ${stage}`);
    }
  }
});

Deno.test("noise is the same twice, and another by another seed", () => {
  const shares = unequalWeights(4);
  const options = { draw: drawsOf(shares, "independent"), shares, rows: 100 };
  const [one, again, other] = [1, 1, 2].map((seed) => requestNoise({ ...options, seed }));
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
});

Deno.test("acceptedNoise() grows with losses and knows rows that none are left of", () => {
  const shares = Float64Array.of(0.5, 0.5);
  const draw = drawsOf(shares, "even");
  const noise = (ok: number) => acceptedNoise({ draw, shares, rows: 1600, ok, seed: 1 });
  assert.equal(noise(1600).p95, 0);
  // Losing half of 1,600 leaves a share with a standard deviation of √(.25 · .5 / 800).
  assert.ok(Math.abs(noise(800).mean - Math.sqrt(2 / Math.PI) * Math.sqrt(0.125 / 800)) < 0.001);
  assert.ok(acceptedNoise({ draw, shares, rows: 2, ok: 1, seed: 1 }).p95 === 1);
});
