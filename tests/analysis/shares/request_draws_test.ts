import assert from "node:assert/strict";
import { evenBelow, requestDraws } from "../../../src/analysis/shares/request_draws.ts";
import { evenUniform } from "../../../src/plan/even.ts";
import { marginals } from "../../../src/plan/marginals.ts";
import { plan } from "../../../src/plan/plan.ts";
import { totalVariation } from "../../../src/stats/distance.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { configOf, item, scored } from "../../plan/configs.ts";

/** Means and variances of many draws, one for each place. */
function moments(draws: number, draw: (i: number) => ArrayLike<number>): [number[], number[]] {
  const all = Array.from({ length: draws }, (_, i) => Array.from(draw(i)));
  const means = all[0]!.map((_, k) => all.reduce((sum, one) => sum + one[k]!, 0) / draws);
  const variances = means.map((mean, k) =>
    all.reduce((sum, one) => sum + (one[k]! - mean) ** 2, 0) / draws
  );
  return [means, variances];
}

Deno.test("evenBelow() has the spread of evenUniform() over keys", () => {
  const points = Float64Array.of(0.013, 0.3, 0.5, 0.77, 0.997);
  const random = openRandom("even", 1);
  for (const rows of [1, 7, 100, 1000]) {
    const [means, variances] = moments(2000, () => evenBelow(random, { rows, points }));
    const [realMeans, realVariances] = moments(600, (key) => {
      const u = evenUniform("test", key);
      const below = new Float64Array(points.length);
      for (let row = 0; row < rows; row++) {
        const at = u(row);
        for (let k = 0; k < points.length; k++) if (at < points[k]!) below[k]! += 1;
      }
      return below;
    });
    for (let k = 0; k < points.length; k++) {
      const name = `${rows} rows below ${points[k]}`;
      assert.ok(Math.abs(means[k]! - rows * points[k]!) < 0.15, `${name}: ${means[k]}`);
      assert.ok(Math.abs(means[k]! - realMeans[k]!) < 0.3, name);
      // Independent draws would have 250 at 1,000 rows below .5, even ones have about 1.
      const [ours, real] = [variances[k]!, realVariances[k]!];
      assert.ok(Math.abs(ours - real) < 0.25 * real + 0.02, `${name}: ${ours}, ${real}`);
    }
  }
});

Deno.test("evenBelow() loses no row and none lies on both sides", () => {
  const random = openRandom("even", 2);
  for (const rows of [0, 5, 16, 257, 70_000]) {
    const points = Float64Array.of(0, 0.0625, 0.0625, 0.4, 1);
    const below = evenBelow(random, { rows, points });
    assert.equal(below[0], 0);
    assert.equal(below[1], below[2]);
    assert.equal(below[4], rows);
    assert.ok(below[2]! <= below[3]! && Math.abs(below[3]! - 0.4 * rows) < 8);
  }
});

Deno.test("requestDraws() draws independent rows as such, with when or without", () => {
  const attributes = {
    language: [item("English"), item("Swedish")],
    topic: [item("Loan"), item("Swish", { when: { language: ["Swedish"] } })],
  };
  const shares = Float64Array.of(0.75, 0.25);
  for (const sampling of ["independent", null] as const) {
    const draw = requestDraws(configOf(attributes), {
      stem: "topic",
      values: ["Loan", "Swish"],
      shares,
      sampling,
    });
    const random = openRandom("independent", 1);
    const [means, variances] = moments(2000, () => draw(random, 400));
    assert.ok(Math.abs(means[0]! - 0.75) < 0.002);
    assert.ok(Math.abs(variances[0]! / (0.75 * 0.25 / 400) - 1) < 0.15);
  }
});

Deno.test("requestDraws() knows values in another order and such as the config doesn't have", () => {
  const draw = requestDraws(configOf({ a: scored([3, 1]) }), {
    stem: "a",
    values: ["v1", "stray", "v0"],
    shares: Float64Array.of(0.25, 0, 0.75),
    sampling: "even",
  });
  const [first = 0, stray, last = 0] = draw(openRandom(1), 1600);
  assert.equal(stray, 0);
  assert.ok(Math.abs(first - 0.25) < 0.01 && Math.abs(last - 0.75) < 0.01);
});

Deno.test("requestDraws() adds up the noise of several even plans", () => {
  const draws = (plans: number) => {
    const draw = requestDraws(configOf({ a: scored([1, 2]) }), {
      stem: "a",
      values: ["v0", "v1"],
      shares: Float64Array.of(1 / 3, 2 / 3),
      sampling: "even",
      plans,
    });
    const random = openRandom("plans", plans);
    const rows = plans * 1000;
    return moments(2000, () => draw(random, rows).map((share) => share * rows))[1][0]!;
  };
  assert.ok(Math.abs(draws(4) / draws(1) / 4 - 1) < 0.15, `${draws(4)}, ${draws(1)}`);
});

Deno.test("requestDraws() has the noise of the plan where values stand under a when", () => {
  const attributes = {
    language: [item("English", { score: 2 }), item("Swedish")],
    topic: [item("Loan"), item("Swish", { when: { language: ["Swedish"] } }), item("Card")],
  };
  const shares = Float64Array.from(
    marginals({ attributes }, { weights: "draw" }).topic ?? [],
    ({ share }) => share,
  );
  const values = ["Loan", "Swish", "Card"];
  const draw = requestDraws(configOf(attributes), {
    stem: "topic",
    values,
    shares,
    sampling: "even",
  });
  const random = openRandom("when", 1);
  const rows = 1500;
  const [[mean]] = moments(1000, () => [totalVariation(draw(random, rows), shares)]);
  const [[real]] = moments(100, (seed) => {
    const ask = plan(configOf(attributes), { seed: seed + 100, sampling: "even" });
    const counts = new Float64Array(3);
    for (let row = 0; row < rows; row++) {
      counts[values.indexOf(ask(row).attributes.topic ?? "")]! += 1 / rows;
    }
    return [totalVariation(counts, shares)];
  });
  assert.ok(mean !== undefined && real !== undefined);
  assert.ok(Math.abs(mean / real - 1) < 0.25, `${mean}, ${real}`);
});
