import type { Config } from "../../config/types.ts";
import { type Choices, choices, type Weights, withAncestors } from "../../plan/choices.ts";
import { jointShares } from "../../plan/marginals.ts";
import type { CoverageFindings } from "../findings.ts";
import type { OutcomeTally, Reading } from "../reading/rows.ts";

/** Which pairs of values came together in ok rows, of those that can. */
export interface PairCoverage {
  pairs: CoverageFindings["pairs"];
  byAttributes: CoverageFindings["byAttributes"];
  /** Rows in all for 95 % of the pairs; null where no number of rows would do. */
  needed: number | null;
}

/** Pairs of values that are gone through, over all attributes, before the other attributes are left. */
const MOST_PAIRS = 4_000_000;

/** The most unseen pairs that are listed of two attributes. */
const LISTED = 20;

/** The share of the pairs that `needed` is about. */
const ENOUGH = 0.95;

/**
 * Counts pairs of values of each two attributes that vary. Of very large attributes not all are: two
 * attributes after the other are taken, those with the fewest pairs first, until they would come to
 * more than 4 million pairs (as two attributes of 2,000 values have); the rest is left out of
 * all counts. The cost is one step for each row and two attributes, and a few for each pair.
 *
 * `needed` is the number of rows in all at which the expected share of the pairs that have an ok row
 * reaches 95 %: the mean over pairs of 1 - (1 - p)^n, with p the share of the pair among what is drawn,
 * times how many of its rows survive (the product of the survivals of its values, over that of all).
 * It takes rows to be drawn independently: even ones show pairs a little sooner.
 *
 * @throws {UserError} if the config leaves nothing to draw.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { pairCoverage } from "./pair_coverage.ts";
 * const asked = (tone: string, topic: string) => ({ text: "Hi", attributes: { tone, topic } });
 * const reading = corpusOf([asked("Calm", "Loan"), asked("Angry", "Card")]);
 * const [found] = pairCoverage(reading, { config: null }).byAttributes;
 * assert.equal(found?.possible, 4);
 * assert.deepEqual(found?.never[0], { values: ["Calm", "Card"], expected: 0.5 });
 * ```
 */
export function pairCoverage(
  { corpus, tallies }: Pick<Reading, "corpus" | "tallies">,
  { config }: { config: Pick<Config, "attributes"> | null },
): PairCoverage {
  const wanted = sharesOfPairs(config, tallies, "target");
  const corrected = Object.values(config?.attributes ?? {}).flat().some(({ factor }) =>
    factor !== 1
  );
  const drawn = corrected ? sharesOfPairs(config, tallies, "draw") : wanted;
  const varied = wanted.values.flatMap((values, place) => values.length > 1 ? [place] : []);
  const couples = varied.flatMap((first, index) =>
    varied.slice(index + 1).map((second) => ({ first, second, cost: wanted.cost(first, second) }))
  );

  const chances = gatherChances();
  const found = new Map<typeof couples[number], CoverageFindings["byAttributes"][number]>();
  let cost = 0;
  for (const couple of couples.toSorted((a, b) => a.cost - b.cost)) {
    if ((cost += couple.cost) > MOST_PAIRS) break;
    const { first, second } = couple;
    const shares = wanted.joint(first, second);
    const of = { corpus, tallies, stems: wanted.stems, values: wanted.values };
    found.set(couple, coupleOf(of, { first, second, shares }));
    const draws = corrected ? drawn.joint(first, second) : shares;
    const [one, two] = [survivalOf(of, first), survivalOf(of, second)];
    for (let cell = 0; cell < shares.length; cell++) {
      if (shares[cell] === 0) continue;
      const [a, b] = [Math.floor(cell / two.length), cell % two.length];
      chances.add(draws[cell]! * one[a]! * two[b]!);
    }
  }
  const byAttributes = couples.flatMap((couple) => found.get(couple) ?? []);
  return {
    pairs: {
      possible: byAttributes.reduce((sum, { possible }) => sum + possible, 0),
      seen: byAttributes.reduce((sum, { seen }) => sum + seen, 0),
    },
    byAttributes,
    needed: chances.rowsFor(ENOUGH),
  };
}

/** Rows, with the attributes and values whose pairs count. */
interface Paired extends Pick<Reading, "corpus" | "tallies"> {
  stems: readonly string[];
  values: readonly (readonly string[])[];
}

/** The pairs of two attributes, by place, that ok rows have. */
function coupleOf(
  of: Paired,
  { first, second, shares }: { first: number; second: number; shares: Float64Array },
): CoverageFindings["byAttributes"][number] {
  const [one, two] = [of.values[first]!, of.values[second]!];
  const [codes, others] = [codesOf(of, first), codesOf(of, second)];
  const width = two.length;
  const seen = new Uint8Array(shares.length);
  for (let row = 0; row < of.corpus.size; row++) {
    const [a, b] = [codes[row]!, others[row]!];
    if (a >= 0 && b >= 0) seen[a * width + b] = 1;
  }
  const never = listOfMost(LISTED);
  let [possible, came] = [0, 0];
  for (let cell = 0; cell < shares.length; cell++) {
    if (shares[cell] === 0) continue;
    possible++;
    if (seen[cell] === 1) came++;
    else never.add(cell, shares[cell]!);
  }
  return {
    attributes: [of.stems[first]!, of.stems[second]!],
    possible,
    seen: came,
    never: never.list().map(({ cell, share }) => ({
      values: [one[Math.floor(cell / width)]!, two[cell % width]!],
      expected: share * of.corpus.size,
    })),
  };
}

/** The attributes whose pairs count, and the shares of these. */
interface PairShares {
  stems: string[];
  values: (readonly string[])[];
  /** Steps that it takes to know the shares of all pairs of two attributes. */
  cost: (first: number, second: number) => number;
  /** By pair, the second attribute running fastest. */
  joint: (first: number, second: number) => Float64Array;
}

function sharesOfPairs(
  config: Pick<Config, "attributes"> | null,
  tallies: readonly OutcomeTally[],
  weights: Weights,
): PairShares {
  return config === null
    ? requestedPairs(tallies)
    : plannedPairs(choices(config.attributes, weights));
}

function plannedPairs(all: Choices): PairShares {
  const { list } = all;
  return {
    stems: list.map(({ stem }) => stem),
    values: list.map(({ values }) => values),
    cost: (...couple) =>
      withAncestors(all, couple).reduce((size, place) => size * list[place]!.values.length, 1),
    joint: (...couple) => jointShares(all, couple),
  };
}

/** Without a config: each pair of values that were asked for, as often as the two were. */
function requestedPairs(tallies: readonly OutcomeTally[]): PairShares {
  const asked = tallies.map(({ planned, values }) => {
    const all = planned.reduce((sum, n) => sum + n, 0);
    const places = Array.from(values.keys()).filter((i) => planned[i]! > 0);
    return {
      values: places.map((i) => values[i]!),
      shares: places.map((i) => planned[i]! / all),
    };
  });
  return {
    stems: tallies.map(({ stem }) => stem),
    values: asked.map(({ values }) => values),
    cost: (first, second) => asked[first]!.values.length * asked[second]!.values.length,
    joint: (first, second) => {
      const [one, two] = [asked[first]!.shares, asked[second]!.shares];
      return Float64Array.from(
        { length: one.length * two.length },
        (_, cell) => one[Math.floor(cell / two.length)]! * two[cell % two.length]!,
      );
    },
  };
}

/** By row the place of its value of the attribute at `place`; -1 where it has none of them. */
function codesOf({ corpus, stems, values }: Paired, place: number): Int32Array {
  const attribute = corpus.attributes.find(({ stem }) => stem === stems[place]);
  if (attribute === undefined) return new Int32Array(corpus.size).fill(-1);
  const places = new Map(values[place]!.map((value, i) => [value, i]));
  const known = attribute.values.map((value) => places.get(value) ?? -1);
  return Int32Array.from(attribute.codes, (code) => known[code]!);
}

/** By value its survival over the square root of that of all: the product of two is that of a pair. */
function survivalOf({ tallies, stems, values }: Paired, place: number): Float64Array {
  const tally = tallies.find(({ stem }) => stem === stems[place]);
  if (tally === undefined) return new Float64Array(values[place]!.length).fill(1);
  const { planned, rows } = tally;
  const asked = planned.map((n, i) => n - rows.pending[i]! - rows.failed[i]!);
  const total = asked.reduce((sum, n) => sum + n, 0);
  const all = total > 0 ? rows.ok.reduce((sum, n) => sum + n, 0) / total : 1;
  const places = new Map(tally.values.map((value, i) => [value, i]));
  return Float64Array.from(values[place]!, (value) => {
    const i = places.get(value);
    const [ok, of] = i === undefined ? [0, 0] : [rows.ok[i]!, asked[i]!];
    return all === 0 ? 0 : (ok + 2 * all) / (of + 2) / Math.sqrt(all);
  });
}

/** Keeps the few pairs with the largest shares, the first of equal ones. */
function listOfMost(most: number): {
  add: (cell: number, share: number) => void;
  list: () => { cell: number; share: number }[];
} {
  const kept: { cell: number; share: number }[] = [];
  return {
    add: (cell, share) => {
      if (kept.length === most && share <= kept[most - 1]!.share) return;
      let at = kept.length;
      while (at > 0 && kept[at - 1]!.share < share) at--;
      kept.splice(at, 0, { cell, share });
      if (kept.length > most) kept.pop();
    },
    list: () => kept,
  };
}

/** Parts that a doubling of the chance is cut into: chances count to within 1 %. */
const PARTS = 64;

/** Takes the chances of many pairs to be in a row, as counts by their logarithm. */
function gatherChances(): {
  add: (chance: number) => void;
  rowsFor: (share: number) => number | null;
} {
  const counts = new Map<number, number>();
  let pairs = 0;
  const seenShare = (rows: number) => {
    let seen = 0;
    for (const [part, count] of counts) {
      seen += count * -Math.expm1(rows * Math.log1p(-Math.min(1, 2 ** ((part + 0.5) / PARTS))));
    }
    return seen / pairs;
  };
  return {
    add: (chance) => {
      pairs++;
      if (!(chance > 0)) return;
      const part = Math.min(-1, Math.floor(Math.log2(chance) * PARTS));
      counts.set(part, (counts.get(part) ?? 0) + 1);
    },
    rowsFor: (share) => {
      const reachable = [...counts.values()].reduce((sum, count) => sum + count, 0);
      if (pairs === 0 || reachable <= share * pairs) return null;
      let low = 0;
      let high = 1;
      while (seenShare(high) < share) {
        low = high;
        high *= 2;
      }
      while (high - low > Math.max(1, high * 1e-6)) {
        const middle = (low + high) / 2;
        if (seenShare(middle) < share) low = middle;
        else high = middle;
      }
      return Math.ceil(high);
    },
  };
}
