import assert from "node:assert/strict";
import { sharesByHand } from "../../../src/analysis/shares/by_pair.ts";
import { acceptedError, error95Of } from "../../../src/analysis/shares/error95.ts";
import { evenBelow, type RequestDraw } from "../../../src/analysis/shares/request_draws.ts";
import { totalVariation } from "../../../src/stats/distance.ts";
import { binomialDraw, multinomialDraw } from "../../../src/stats/draws.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { leakyShares, unequalWeights } from "./leaks.ts";

/** What more the tolerance is passed by where an alarm is wanted. */
const FAR = 0.08;

function withSumOne(shares: Float64Array): Float64Array {
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

/** How often ok rows whose real distance is the tolerance, or that and .08, raise an alarm. */
function alarmsOf(draw: RequestDraw, { weights, rows, runs }: {
  weights: Float64Array;
  rows: number;
  runs: number;
}): { at: number; beyond: number } {
  // Every other value loses a third of its rows.
  const survival = weights.map((_, r) => r % 2 ? 0.95 : 0.65);
  const distance = totalVariation(withSumOne(weights.map((w, r) => w * survival[r]!)), weights);
  let [at, beyond] = [0, 0];
  for (let seed = 1; seed <= runs; seed++) {
    const random = openRandom("alarms", rows, seed);
    const asked = draw(random, rows).map((share) => Math.round(share * rows));
    const ok = asked.map((count, r) => binomialDraw(random, count, survival[r]!));
    const { error95 = 1 } = acceptedError({ draw, shares: weights, asked, ok, seed }) ?? {};
    const found = totalVariation(withSumOne(ok), weights);
    if (found > distance + error95) at += 1 / runs;
    if (found > distance - FAR + error95) beyond += 1 / runs;
  }
  return { at, beyond };
}

Deno.test("acceptedError() lets the tolerance alone raise no alarm, and .08 more nearly always", () => {
  const weights = unequalWeights(6);
  const points = weights.slice(0, -1);
  for (let i = 1; i < points.length; i++) points[i]! += points[i - 1]!;
  const even: RequestDraw = (random, rows) => {
    const below = evenBelow(random, { rows, points });
    return weights.map((_, i) => ((below[i] ?? rows) - (below[i - 1] ?? 0)) / rows);
  };
  const independent: RequestDraw = (random, rows) =>
    Float64Array.from(multinomialDraw(random, rows, weights), (count) => count / rows);
  const evenly = alarmsOf(even, { weights, rows: 300, runs: 150 });
  assert(evenly.at <= 0.05 && evenly.beyond >= 0.85, JSON.stringify(evenly));
  const independently = alarmsOf(independent, { weights, rows: 1500, runs: 100 });
  assert(independently.at <= 0.05 && independently.beyond >= 0.85, JSON.stringify(independently));
});

Deno.test("acceptedError() is far less where requests are spread evenly", () => {
  const half = Float64Array.of(0.5, 0.5);
  const all = { shares: half, asked: Float64Array.of(500, 500), ok: Float64Array.of(500, 500) };
  const even = acceptedError({ ...all, draw: () => half, seed: 1 });
  const independent = acceptedError({
    ...all,
    draw: (random, rows) => Float64Array.from(multinomialDraw(random, rows, half), (n) => n / rows),
    seed: 1,
  });
  assert(even && independent && even.error95 < 0.01 && independent.error95 > 0.02);
});

Deno.test("error95Of() of shares by hand lets the tolerance alone raise no alarm", () => {
  const weights = unequalWeights(4);
  const leaks = leakyShares(weights, { leak: 0.1, shift: 0.2 });
  const classes = leaks.length / weights.length;
  const truth = new Float64Array(classes);
  for (const [cell, share] of leaks.entries()) {
    truth[cell % classes]! += weights[Math.floor(cell / classes)]! * share;
  }
  const target = Float64Array.from(truth, (_, k) => weights[k] ?? 0);
  const distance = totalVariation(truth, target);
  const runs = 40;
  let [at, beyond] = [0, 0];
  for (let seed = 1; seed <= runs; seed++) {
    const random = openRandom("by hand", seed);
    const counts = new Float64Array(leaks.length);
    for (const [r, weight] of weights.entries()) {
      const own = leaks.subarray(r * classes, (r + 1) * classes);
      counts.set(multinomialDraw(random, Math.round(400 * weight), own), r * classes);
    }
    const found = sharesByHand(counts, { weights, seed });
    assert(found);
    const off = totalVariation(found.shares, target) - error95Of(found.draws, found.shares);
    if (off > distance) at++;
    if (off > distance - FAR) beyond++;
  }
  assert(at <= 2 && beyond >= 32, `${at} and ${beyond} of ${runs}`);
});
