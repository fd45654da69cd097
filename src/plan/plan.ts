import type { Config } from "../config/types.ts";
import { keyedUniform, type KeyPart } from "../stats/random.ts";
import { accumulate, choices, placeOn } from "./choices.ts";
import { evenUniform } from "./even.ts";
import { lengths } from "./length.ts";
import type { Plan, PlanOptions } from "./types.ts";

/**
 * Says what each row asks for: a pure O(1) function of the row number, so that a row has the same
 * draws at any concurrency, on any machine, after any stop and for any number of rows.
 *
 * Each attribute turns a number u of its own in [0, 1) into a value by score × factor, over the values
 * whose `when` holds; the length turns one into words. u depends on the seed, the attribute's stem and
 * the row alone, so that another attribute leaves these draws as they are. With `even` u is spread
 * evenly over the rows (see `evenUniform`), with `independent` each u is its own.
 *
 * @param config `attributes` and `length` are used.
 * @param options `seed`: any safe integer; `sampling`.
 * @returns The plan; it throws a `RangeError` for what isn't a row number in [0, 2^53).
 * @throws {UserError} if the config leaves nothing to draw. Where that depends on what was drawn for
 * `when`, the plan throws it.
 * @throws {RangeError} if the seed isn't a safe integer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plan } from "./plan.ts";
 * const item = { score: 1, factor: 1, prompt: null, when: null };
 * const tone = [{ ...item, value: "Angry" }, { ...item, value: "Calm" }];
 * const config = {
 *   folder: "config", context: "", attributes: { tone }, length: null, prompt: null, avoid: [],
 *   settings: { temperature: null, frequency_penalty: null, seed: 1, sampling: "even" as const, timeout: 60 },
 * };
 * const row = plan(config, { seed: 1, sampling: "even" })(17);
 * assert.ok(["Angry", "Calm"].includes(row.attributes.tone ?? ""));
 * ```
 */
export function plan(config: Config, { seed, sampling }: PlanOptions): Plan {
  const spread = (...key: KeyPart[]) => (sampling === "even" ? evenUniform : keyedUniform)(...key);
  const { list, order } = choices(config.attributes, "draw");
  const uniforms = list.map((choice) => spread("attribute", seed, choice.stem));
  // The sums of attributes without `when` hold for every row; the others are filled in row by row.
  const sums = list.map((choice) => new Float64Array(choice.values.length));
  const drawn = new Int32Array(list.length);
  const totals = list.map((choice, place) =>
    choice.conditions === null ? accumulate(choice, drawn, sums[place]!) : 0
  );
  const drawnLengths = config.length && lengths(config.length, "draw");
  const lengthUniform = spread("length", seed);

  return (row) => {
    if (!(Number.isSafeInteger(row) && row >= 0)) {
      throw new RangeError(`A row number is a whole number from 0, not ${row}`);
    }
    for (const place of order) {
      const choice = list[place]!;
      const total = choice.conditions === null
        ? totals[place]!
        : accumulate(choice, drawn, sums[place]!);
      drawn[place] = placeOn(sums[place]!, uniforms[place]!(row) * total);
    }
    const attributes: Record<string, string> = {};
    for (let place = 0; place < list.length; place++) {
      const { stem, values } = list[place]!;
      attributes[stem] = values[drawn[place]!]!;
    }
    const requestedWords = drawnLengths && drawnLengths.quantile(lengthUniform(row));
    return { row, attributes, requestedWords };
  };
}
