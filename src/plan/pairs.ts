import type { Config } from "../config/types.ts";
import { choices } from "./choices.ts";
import { jointShares } from "./marginals.ts";

/** Two values of two attributes in one row, by stem. */
export type PairOfValues = Record<string, string>;

/** Which pairs of values came together in the rows so far. */
export interface PairCoverage {
  /** Pairs that can be drawn, over all pairs of attributes. */
  possible: number;
  /** Those of them that came. */
  seen: number;
  /** Some of those that didn't, the likeliest first. */
  unseen: UnseenPair[];
}

/** A pair of values that can be drawn but didn't come. */
export interface UnseenPair {
  pair: PairOfValues;
  /** Its share of all rows. */
  share: number;
}

/** Takes in rows one by one; what it keeps grows with the config, not with the rows. */
export interface PairTally {
  add: (row: { attributes: Record<string, string> }) => void;
  coverage: () => PairCoverage;
}

/**
 * Counts which pairs of values, of all that the weights drawn with make possible, come together in
 * rows. Values that the config doesn't have are passed over.
 *
 * @param options `listed`: the most unseen pairs that are listed, 5 if not given.
 * @throws {UserError} if the config leaves nothing to draw.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tallyPairs } from "./pairs.ts";
 * const item = { score: 1, factor: 1, prompt: null, when: null };
 * const tone = [{ ...item, value: "Angry" }, { ...item, value: "" }];
 * const topic = [{ ...item, value: "Loan" }, { ...item, value: "Card" }];
 * const tally = tallyPairs({ attributes: { tone, topic } });
 * tally.add({ attributes: { tone: "", topic: "Card" } });
 * assert.ok(tally.coverage().possible === 4 && tally.coverage().seen === 1);
 * ```
 */
export function tallyPairs(
  config: Pick<Config, "attributes">,
  options: { listed?: number } = {},
): PairTally {
  const listed = options.listed ?? 5;
  const all = choices(config.attributes, "draw");
  const places = all.list.map(({ values }) => new Map(values.map((value, i) => [value, i])));
  // An attribute that is the same in every row makes no pairs worth counting.
  const varied = all.list.flatMap(({ values }, place) => values.length > 1 ? [place] : []);
  const tables = varied.flatMap((first, index) =>
    varied.slice(index + 1).map((second) => {
      const shares = jointShares(all, [first, second]);
      return { first, second, shares, seen: new Uint8Array(shares.length) };
    })
  );
  const possible = tables.reduce(
    (sum, { shares }) => sum + shares.reduce((n, share) => share > 0 ? n + 1 : n, 0),
    0,
  );
  const current = new Int32Array(all.list.length);

  const add: PairTally["add"] = ({ attributes }) => {
    for (let i = 0; i < current.length; i++) {
      const value = attributes[all.list[i]!.stem];
      current[i] = value === undefined ? -1 : places[i]!.get(value) ?? -1;
    }
    for (const { first, second, seen } of tables) {
      const [a, b] = [current[first]!, current[second]!];
      if (a >= 0 && b >= 0) seen[a * places[second]!.size + b] = 1;
    }
  };

  const coverage = (): PairCoverage => {
    let count = 0;
    const unseen: { first: number; second: number; cell: number; share: number }[] = [];
    for (const { first, second, shares, seen } of tables) {
      for (let cell = 0; cell < shares.length; cell++) {
        const share = shares[cell]!;
        if (share === 0) continue;
        if (seen[cell] === 1) count++;
        else unseen.push({ first, second, cell, share });
      }
    }
    unseen.sort((a, b) => b.share - a.share);
    return {
      possible,
      seen: count,
      unseen: unseen.slice(0, listed).map(({ first, second, cell, share }) => {
        const [a, b] = [all.list[first]!, all.list[second]!];
        const pair = {
          [a.stem]: a.values[Math.floor(cell / b.values.length)]!,
          [b.stem]: b.values[cell % b.values.length]!,
        };
        return { pair, share };
      }),
    };
  };
  return { add, coverage };
}
