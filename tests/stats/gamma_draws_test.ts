import assert from "node:assert/strict";
import { gammaDraw, normalDraw } from "../../src/stats/gamma_draws.ts";
import { openRandom } from "../../src/stats/random_stream.ts";

const DRAWS = 40_000;

function momentsOf(draw: () => number): { mean: number; variance: number; third: number } {
  const draws = Float64Array.from({ length: DRAWS }, draw);
  const mean = draws.reduce((sum, x) => sum + x, 0) / DRAWS;
  const central = (power: number) => draws.reduce((sum, x) => sum + (x - mean) ** power, 0) / DRAWS;
  return { mean, variance: central(2), third: central(3) };
}

Deno.test("normalDraw() has the moments of the standard normal distribution", () => {
  const random = openRandom("normal");
  const { mean, variance, third } = momentsOf(() => normalDraw(random));
  assert(Math.abs(mean) < 4 / Math.sqrt(DRAWS));
  assert(Math.abs(variance - 1) < 4 * Math.sqrt(2 / DRAWS));
  assert(Math.abs(third) < 4 * Math.sqrt(15 / DRAWS));
});

Deno.test("gammaDraw() has the mean, variance and skewness of its shape, small ones too", () => {
  for (const shape of [0.05, 0.5, 1, 3.7, 60]) {
    const random = openRandom("gamma", Math.round(shape * 100));
    const { mean, variance, third } = momentsOf(() => gammaDraw(random, shape));
    // The fourth central moment of a gamma is 3 a² + 6 a.
    const ofVariance = Math.sqrt((2 * shape * shape + 6 * shape) / DRAWS);
    assert(Math.abs(mean - shape) < 4 * Math.sqrt(shape / DRAWS), `mean at ${shape}`);
    assert(Math.abs(variance - shape) < 4 * ofVariance, `variance at ${shape}`);
    assert(Math.abs(third / (2 * shape) - 1) < 0.25, `skewness at ${shape}`);
  }
});

Deno.test("gammaDraw() is below 1 as often as its distribution says", () => {
  const random = openRandom("gamma below 1");
  // P(X < 1) = 1 - e^-1 for the shape 1, erf(1) for the shape 1/2.
  for (const [shape, chance] of [[1, 1 - Math.exp(-1)], [0.5, 0.8427007929497149]] as const) {
    let below = 0;
    for (let i = 0; i < DRAWS; i++) if (gammaDraw(random, shape) < 1) below++;
    const sd = Math.sqrt(chance * (1 - chance) / DRAWS);
    assert(Math.abs(below / DRAWS - chance) < 4 * sd, `shape ${shape}: ${below / DRAWS}`);
  }
});
