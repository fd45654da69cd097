import assert from "node:assert/strict";
import { lengthFindings } from "../../../src/analysis/lengths/lengths.ts";
import type { LengthConfig } from "../../../src/config/types.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";
import { shiftedLognormal } from "../../../src/stats/shifted_lognormal.ts";

const length: LengthConfig = { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null };

interface Lengths {
  size: number;
  requestedWords: Uint32Array;
  words: Uint32Array;
}

/** Rows that were asked for and came with so many words; 0: no length was asked for. */
function lengthsOf(pairs: readonly (readonly [number, number])[]): Lengths {
  return {
    size: pairs.length,
    requestedWords: Uint32Array.from(pairs, ([asked]) => asked),
    words: Uint32Array.from(pairs, ([, got]) => got),
  };
}

/** Rows drawn from the target, written by `write`. */
function drawn(
  rows: number,
  { write = (asked) => asked, seed = 1, config = length }: {
    write?: (asked: number, random: () => number) => number;
    seed?: number;
    config?: LengthConfig;
  } = {},
): Lengths {
  const { quantile } = shiftedLognormal(config, { max: config.max });
  const random = openRandom(seed, "rows");
  return lengthsOf(Array.from({ length: rows }, () => {
    const asked = quantile(random());
    return [asked, write(asked, random)] as const;
  }));
}

Deno.test("lengthFindings finds nothing wrong where what was asked for came", () => {
  const findings = lengthFindings(drawn(1000), { length, sampling: "independent" })!;
  assert.deepEqual(findings.target, { mean: 2.5, sigma: 0.75, shift: 2, max: null });
  for (const distance of [findings.requested!, findings.realised!]) {
    assert.ok(distance.low === 0 && distance.high < 2 && distance.ks < 0.05 && distance.p! > 0.05);
  }
  assert.ok(findings.requested!.w1 === findings.realised!.w1);
  assert.deepEqual(findings.ratio, { median: 1, q25: 1, q75: 1 });
  assert.equal(findings.onTarget, 1);
  assert.ok(findings.onTargetInterval!.low > 0.99 && findings.onTargetInterval!.high === 1);
  assert.equal(findings.rows, 1000);
});

Deno.test("lengthFindings tells rows that are too short from requests that are right", () => {
  const rows = drawn(1000, { write: (asked) => Math.max(1, Math.round(asked * 0.6)) });
  const { requested, realised, ratio, onTarget } = lengthFindings(rows, {
    length,
    sampling: "independent",
  })!;
  assert.ok(requested!.low === 0 && requested!.p! > 0.05);
  assert.ok(realised!.low > 4 && realised!.high < 9 && realised!.p! < 0.01);
  assert.ok(Math.abs(ratio!.median - 0.6) < 0.02 && ratio!.q25 <= ratio!.median);
  assert.ok(onTarget! < 0.3);
});

Deno.test("lengthFindings gives no p where rows weren't drawn independently or nobody knows", () => {
  const rows = drawn(200);
  for (const sampling of ["even", null] as const) {
    const { requested, realised } = lengthFindings(rows, { length, sampling })!;
    assert.deepEqual([requested!.p, realised!.p], [null, null]);
    assert.ok(requested!.high > requested!.w1);
  }
});

Deno.test("lengthFindings rejects a perfect run about 5 times of 100", () => {
  let rejected = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { requested } = lengthFindings(drawn(49, { seed }), {
      length,
      sampling: "independent",
      seed,
    })!;
    if (requested!.p! <= 0.05) rejected++;
  }
  assert.ok(rejected <= 5, `${rejected} of 20`);
});

Deno.test("lengthFindings cuts the target at its longest length", () => {
  const config = { ...length, max: 15 };
  const findings = lengthFindings(drawn(1000, { config }), {
    length: config,
    sampling: "independent",
  })!;
  assert.equal(findings.target!.max, 15);
  assert.ok(findings.requested!.p! > 0.05);
  assert.equal(findings.quantiles.at(-1)!.target, 15);
  const uncut = lengthFindings(drawn(1000, { config }), { length, sampling: "independent" })!;
  assert.ok(uncut.requested!.p! < 0.01);
});

Deno.test("lengthFindings compares with the target, not with what is drawn to get there", () => {
  const config = { ...length, draw: { mean: 3, sigma: 0.75, shift: 2 } };
  const rows = drawn(500);
  assert.deepEqual(
    lengthFindings(rows, { length: config, sampling: "independent" }),
    lengthFindings(rows, { length, sampling: "independent" }),
  );
});

Deno.test("lengthFindings keeps the target's shift in the fit until the lengths rule it out", () => {
  const held = lengthFindings(drawn(1000), { length, sampling: null })!.fit!;
  assert.equal(held.shift, 2);
  assert.ok(Math.abs(held.mean - 2.5) < 0.1 && Math.abs(held.sigma - 0.75) < 0.1);
  const higher = drawn(1000, { write: (asked) => asked + 10 });
  const moved = lengthFindings(higher, { length, sampling: null })!.fit!;
  assert.ok(Math.abs(moved.shift - 12) < 1.5 && Math.abs(moved.mean - 2.5) < 0.2, `${moved.shift}`);
  const free = lengthFindings(higher, { length: null, sampling: null })!.fit!;
  assert.deepEqual(free, moved);
});

Deno.test("lengthFindings fits nothing below 50 rows or where all lengths are equal", () => {
  const options = { length, sampling: null };
  assert.equal(lengthFindings(drawn(49), options)!.fit, null);
  assert.notEqual(lengthFindings(drawn(50), options)!.fit, null);
  const equal = lengthFindings(lengthsOf(Array.from({ length: 80 }, () => [12, 12])), options)!;
  assert.equal(equal.fit, null);
  assert.ok(equal.realised!.w1 > 5 && equal.realised!.low === equal.realised!.w1);
  assert.deepEqual(equal.byRequest, [
    { from: 12, to: 12, rows: 80, asked: 12, got: 12, q25: 12, q75: 12 },
  ]);
});

Deno.test("lengthFindings groups rows by what was asked for, never parting equal requests", () => {
  const random = openRandom(1, "order");
  const pairs = Array.from({ length: 400 }, (_, i) => {
    const asked = i < 200 ? 10 : 11 + i % 40;
    return [asked, asked * 2] as const;
  });
  const shuffled = pairs.map((pair) => ({ pair, at: random() })).sort((a, b) => a.at - b.at);
  const groups = lengthFindings(lengthsOf(shuffled.map(({ pair }) => pair)), {
    length: null,
    sampling: null,
  })!.byRequest;
  assert.deepEqual(groups[0], {
    from: 10,
    to: 10,
    rows: 200,
    asked: 10,
    got: 20,
    q25: 20,
    q75: 20,
  });
  assert.deepEqual(groups.slice(1).map(({ from, to, rows }) => [from, to, rows]), [
    [11, 18, 40],
    [19, 26, 40],
    [27, 34, 40],
    [35, 42, 40],
    [43, 50, 40],
  ]);
  assert.equal(groups[1]!.asked, 14.5);
  assert.equal(groups[1]!.got, 29);
});

Deno.test("lengthFindings counts a row as on target within a fifth, or two words", () => {
  const rows = lengthsOf([[3, 5], [3, 6], [20, 24], [20, 25], [20, 16], [20, 15], [35, 42], [
    35,
    43,
  ]]);
  assert.equal(lengthFindings(rows, { length: null, sampling: null })!.onTarget, 0.5);
});

Deno.test("lengthFindings without a target or requests still tells what came", () => {
  const rows = lengthsOf([[0, 5], [0, 7], [0, 9], [0, 200]]);
  const findings = lengthFindings(rows, { length: null, sampling: null })!;
  const { quantiles, ...others } = findings;
  assert.deepEqual(others, {
    target: null,
    requested: null,
    realised: null,
    fit: null,
    ratio: null,
    onTarget: null,
    onTargetInterval: null,
    byRequest: [],
    rows: 4,
  });
  assert.deepEqual(quantiles.map(({ p }) => p), [0.05, 0.25, 0.5, 0.75, 0.95, 0.99]);
  assert.deepEqual(quantiles[2], { p: 0.5, target: null, requested: null, realised: 7 });
});

Deno.test("lengthFindings measures texts against a target where nothing says what was asked for", () => {
  const { requested, realised, ratio } = lengthFindings(lengthsOf([[0, 5], [0, 7]]), {
    length,
    sampling: null,
  })!;
  assert.ok(requested === null && ratio === null && realised!.w1 > 5);
});

Deno.test("lengthFindings leaves rows without a request out of what compares with requests", () => {
  const findings = lengthFindings(lengthsOf([[10, 10], [0, 500], [20, 10]]), {
    length,
    sampling: null,
  })!;
  assert.equal(findings.onTarget, 0.5);
  assert.equal(findings.ratio!.median, 0.75);
  assert.equal(findings.byRequest.reduce((sum, { rows }) => sum + rows, 0), 2);
  assert.equal(findings.quantiles.at(-1)!.requested, 20);
  assert.equal(findings.quantiles.at(-1)!.realised, 500);
});

Deno.test("lengthFindings of one row is finite, of none null", () => {
  const one = lengthFindings(lengthsOf([[14, 13]]), { length, sampling: "independent" })!;
  assert.ok(
    [one.realised!.w1, one.realised!.low, one.realised!.high, one.realised!.p!].every(
      Number.isFinite,
    ),
  );
  assert.equal(one.byRequest.length, 1);
  assert.equal(lengthFindings(lengthsOf([]), { length, sampling: "independent" }), null);
});

Deno.test("lengthFindings repeats itself by seed, and JSON holds all of it", () => {
  const options = { length, sampling: "independent" } as const;
  const rows = drawn(300);
  const findings = lengthFindings(rows, options);
  assert.deepEqual(lengthFindings(rows, { ...options, seed: 1 }), findings);
  assert.notDeepEqual(lengthFindings(rows, { ...options, seed: 2 }), findings);
  assert.deepEqual(JSON.parse(JSON.stringify(findings)), findings);
});
