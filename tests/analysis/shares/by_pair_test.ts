import assert from "node:assert/strict";
import { sharesByHand, sharesByPair } from "../../../src/analysis/shares/by_pair.ts";
import type { LabelledPair, PairCounts } from "../../../src/analysis/shares/pair_model.ts";
import { totalVariation } from "../../../src/stats/distance.ts";
import { gammaDraw } from "../../../src/stats/gamma_draws.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";

/** A run whose truth is known: what was asked, what the judge said, what it is. */
interface World {
  pairs: PairCounts;
  /** Requested shares. */
  weights: Float64Array;
  /** Real shares of all rows, by class. */
  truth: Float64Array;
  /** Judged shares as they are, by class. */
  raw: Float64Array;
}

interface WorldOptions {
  values: number;
  /** Share of rows that turn into something else, on the mean. */
  leak: number;
  /** Share of texts that the judge tells rightly, on the mean. */
  right: number;
  labels: number;
  /** Whether leaks and errors differ from value to value, as Beta(4 p, 4 (1 - p)) and Beta(6 …). */
  isUneven: boolean;
  /** Whether leaks go to one value. */
  hasSink?: boolean;
}

const ROWS = 2000;
const JUDGED = 600;

function worldOf(seed: number, options: WorldOptions): World {
  const { values, leak, right, labels, isUneven, hasSink = false } = options;
  const classes = values + 2;
  const random = openRandom("world", seed, values, labels);
  const beta = (p: number, strength: number) => {
    const yes = gammaDraw(random, strength * p);
    return isUneven ? yes / (yes + gammaDraw(random, strength * (1 - p))) : p;
  };
  const any = (count: number) => Math.floor(random() * count);
  const leaks = Array.from({ length: values }, () => beta(leak, 4));
  const rights = Array.from({ length: classes }, () => beta(right, 6));
  const asked = Float64Array.from({ length: values }, () => gammaDraw(random, 1));
  const sum = asked.reduce((total, each) => total + each, 0);
  const weights = new Float64Array(values);
  const truth = new Float64Array(classes);
  const raw = new Float64Array(classes);
  const judged = new Float64Array(values * classes);
  const labelled: LabelledPair[] = [];
  for (let row = 0; row < ROWS; row++) {
    let left = random() * sum;
    let requested = 0;
    while (requested < values - 1 && (left -= asked[requested]!) >= 0) requested++;
    const other = hasSink && random() < 0.8 ? 0 : any(values);
    const real = random() < leaks[requested]! ? other : requested;
    const said = random() < rights[real]! ? real : any(classes);
    weights[requested]! += 1 / ROWS;
    truth[real]! += 1 / ROWS;
    if (row < JUDGED) {
      judged[requested * classes + said]! += 1;
      raw[said]! += 1 / JUDGED;
    }
    if (row < labels) labelled.push({ requested, judged: said, real });
  }
  return { pairs: { values, classes, judged, labelled }, weights, truth, raw };
}

/** How often intervals hold the truth, and how far shares are from it, over some worlds. */
function trialOf(options: WorldOptions, runs = 40): { held: number; error: number; raw: number } {
  let held = 0;
  let [error, raw] = [0, 0];
  for (let seed = 1; seed <= runs; seed++) {
    const world = worldOf(seed, options);
    const { shares, intervals } = sharesByPair(world.pairs, { weights: world.weights, seed });
    for (let k = 0; k < options.values; k++) {
      const { low, high } = intervals[k]!;
      if (world.truth[k]! >= low && world.truth[k]! <= high) held += 1 / (runs * options.values);
    }
    error += totalVariation(shares, world.truth) / runs;
    raw += totalVariation(world.raw, world.truth) / runs;
  }
  return { held, error, raw };
}

Deno.test("sharesByPair() holds the truth in 93 % of intervals where all values are alike", () => {
  const { held, error, raw } = trialOf({
    values: 5,
    leak: 0.1,
    right: 0.85,
    labels: 200,
    isUneven: false,
  });
  assert(held >= 0.93, `${held}`);
  assert(error < raw / 2, `${error} against ${raw}`);
});

Deno.test("sharesByPair() holds it where leaks and errors differ from value to value", () => {
  const { held, error, raw } = trialOf({
    values: 5,
    leak: 0.25,
    right: 0.75,
    labels: 100,
    isUneven: true,
  });
  assert(held >= 0.93, `${held}`);
  assert(error < raw / 2, `${error} against ${raw}`);
});

Deno.test("sharesByPair() holds it where leaks go to one value", () => {
  const { held, error, raw } = trialOf({
    values: 6,
    leak: 0.25,
    right: 0.8,
    labels: 100,
    isUneven: true,
    hasSink: true,
  });
  assert(held >= 0.93, `${held}`);
  assert(error < raw / 2, `${error} against ${raw}`);
});

Deno.test("sharesByPair() takes a judge that is always right at its word, within little", () => {
  const judged = Float64Array.of(150, 50, 0, 0, 20, 180, 0, 0);
  const cells = [[0, 0, 75], [0, 1, 25], [1, 0, 10], [1, 1, 90]] as const;
  const labelled = cells.flatMap(([requested, judged, count]) =>
    Array.from({ length: count }, () => ({ requested, judged, real: judged }))
  );
  const weights = Float64Array.of(0.5, 0.5);
  const { shares, kernel } = sharesByPair({ values: 2, classes: 4, judged, labelled }, { weights });
  assert(Math.abs(shares[0]! - 0.425) < 0.015, `${shares[0]}`);
  assert(Math.abs(kernel[1]! - 0.25) < 0.02, `${kernel[1]}`);
});

Deno.test("sharesByPair() gives shares and kernel rows with the sum 1, the same for the same seed", () => {
  const { pairs, weights } = worldOf(3, {
    values: 4,
    leak: 0.2,
    right: 0.8,
    labels: 50,
    isUneven: true,
  });
  const first = sharesByPair(pairs, { weights, seed: 7 });
  const sum = (numbers: Float64Array) => numbers.reduce((total, each) => total + each, 0);
  assert(Math.abs(sum(first.shares) - 1) < 1e-9);
  for (let r = 0; r < 4; r++) {
    assert(Math.abs(sum(first.kernel.subarray(r * 6, r * 6 + 6)) - 1) < 1e-9);
  }
  assert.deepEqual(sharesByPair(pairs, { weights, seed: 7 }), first);
  assert.notDeepEqual(sharesByPair(pairs, { weights, seed: 8 }).shares, first.shares);
});

Deno.test("sharesByHand() holds the truth with 150 labels and no judge, values unlike", () => {
  const options = { values: 6, leak: 0.2, right: 1, labels: 150, isUneven: true };
  let held = 0;
  let [error, asked, alone] = [0, 0, 0];
  const runs = 40;
  for (let seed = 1; seed <= runs; seed++) {
    const { pairs, weights, truth } = worldOf(seed, options);
    const counts = new Float64Array(6 * 8);
    const own = new Float64Array(8);
    for (const { requested, real } of pairs.labelled) {
      counts[requested * 8 + real]! += 1;
      own[real]! += 1 / pairs.labelled.length;
    }
    const found = sharesByHand(counts, { weights, seed });
    assert(found !== null);
    for (let k = 0; k < 6; k++) {
      const { low, high } = found.intervals[k]!;
      if (truth[k]! >= low && truth[k]! <= high) held += 1 / (runs * 6);
    }
    error += totalVariation(found.shares, truth);
    alone += totalVariation(own, truth);
    asked += totalVariation(Float64Array.of(...weights, 0, 0), truth);
  }
  // 95 % less three standard errors of 240 intervals; over 80 other worlds it is 94.6 %.
  assert(held >= 0.91, `${held}`);
  // Better than the labels without the requests, and than the requests without the labels.
  assert(error < alone && error < asked, `${error}, ${alone}, ${asked}`);
});

Deno.test("sharesByHand() knows nothing without labels", () => {
  assert.equal(sharesByHand(new Float64Array(8), { weights: Float64Array.of(0.5, 0.5) }), null);
});

Deno.test("sharesByPair() takes labels of rows that weren't judged for what they say", () => {
  const options = { values: 4, leak: 0.25, right: 0.75, isUneven: true };
  let [held, error, without] = [0, 0, 0];
  const runs = 12;
  for (let seed = 1; seed <= runs; seed++) {
    const { pairs, weights, truth } = worldOf(seed, { ...options, labels: 120 });
    // Of all labels a tenth are of judged rows.
    const labelled = pairs.labelled.map((label, i) =>
      i % 10 === 0 ? label : { ...label, judged: null }
    );
    const found = sharesByPair({ ...pairs, labelled }, { weights, seed });
    const few = labelled.filter(({ judged }) => judged !== null);
    for (let k = 0; k < 4; k++) {
      const { low, high } = found.intervals[k]!;
      if (truth[k]! >= low && truth[k]! <= high) held++;
    }
    error += totalVariation(found.shares, truth);
    without += totalVariation(
      sharesByPair({ ...pairs, labelled: few }, { weights, seed }).shares,
      truth,
    );
  }
  // 95 % less two standard errors of 48 intervals.
  assert(held / (4 * runs) >= 0.88, `${held}`);
  assert(error < without * 0.9, `${error} against ${without}`);
});

Deno.test("sharesByPair() counts a label by its weight, two halves as one", () => {
  const judged = Float64Array.of(80, 20, 0, 0, 20, 80, 0, 0);
  const pair = { requested: 0, judged: 1, real: 0 };
  const shareOf = (labelled: LabelledPair[]) =>
    sharesByPair({ values: 2, classes: 4, judged, labelled }, { weights: Float64Array.of(1, 0) })
      .shares[0]!;
  const whole = shareOf(Array.from({ length: 10 }, () => pair));
  const halves = shareOf(Array.from({ length: 20 }, () => ({ ...pair, weight: 0.5 })));
  const once = shareOf([{ ...pair, weight: 10 }]);
  assert(Math.abs(whole - halves) < 1e-9 && Math.abs(whole - once) < 1e-9, `${whole}, ${halves}`);
  assert(shareOf([{ ...pair, weight: 0.5 }]) < whole - 0.02);
});
