import type { Config } from "../config/types.ts";
import { accumulate, type Choices, choices, type Weights, withAncestors } from "./choices.ts";

/** A value and its share of all rows, in [0, 1]. */
export interface ValueShare {
  value: string;
  share: number;
}

/**
 * The exact share of each value among all rows, through `when`: where a value is drawn under a
 * condition only, its share is summed over what the condition depends on.
 *
 * @param options `weights`: by the scores alone (`target`, what is wanted) or by score × factor
 * (`draw`, what is asked for).
 * @returns By stem one entry per value, in the config's order; the shares of a stem have the sum 1.
 * @throws {UserError} if the config leaves nothing to draw.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { marginals } from "./marginals.ts";
 * const item = { prompt: null, when: null };
 * const tone = [
 *   { ...item, value: "Angry", score: 1, factor: 3 },
 *   { ...item, value: "", score: 1, factor: 1 },
 * ];
 * assert.ok(marginals({ attributes: { tone } }, { weights: "draw" }).tone?.[0]?.share === 0.75);
 * ```
 */
export function marginals(
  config: Pick<Config, "attributes">,
  options: { weights: Weights },
): Record<string, ValueShare[]> {
  const all = choices(config.attributes, options.weights);
  return Object.fromEntries(all.list.map(({ stem, values }, place) => {
    const shares = jointShares(all, [place]);
    return [stem, values.map((value, i) => ({ value, share: shares[i]! }))];
  }));
}

/**
 * The share of each combination of values of the wanted attributes. Only these and what their
 * conditions depend on are enumerated.
 *
 * @param wanted Places of the attributes in `all.list`.
 * @returns One share per combination, the last wanted attribute running fastest.
 * @throws {UserError} if some combination leaves nothing to draw.
 */
export function jointShares(all: Choices, wanted: number[]): Float64Array {
  const { list } = all;
  const path = withAncestors(all, wanted);
  const size = wanted.reduce((product, place) => product * list[place]!.values.length, 1);
  const shares = new Float64Array(size);
  const drawn = new Int32Array(list.length);
  const sums = path.map((place) => new Float64Array(list[place]!.values.length));

  const walk = (step: number, share: number): void => {
    const place = path[step];
    if (place === undefined) {
      let cell = 0;
      for (const each of wanted) cell = cell * list[each]!.values.length + drawn[each]!;
      shares[cell]! += share;
      return;
    }
    const own = sums[step]!;
    const total = accumulate(list[place]!, drawn, own);
    const { weights } = list[place]!;
    for (let i = 0; i < own.length; i++) {
      // A value takes part where it moves the running sum.
      if (own[i]! === (i === 0 ? 0 : own[i - 1]!)) continue;
      drawn[place] = i;
      walk(step + 1, share * (weights[i]! / total));
    }
  };
  walk(0, 1);
  return shares;
}
