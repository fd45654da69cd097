import type { Config } from "../config/types.ts";
import { UserError } from "../error.ts";

/** `target`: by frequency score, what is wanted. `draw`: by score × factor, what is drawn. */
export type Weights = "target" | "draw";

/** An attribute made ready to be drawn: texts replaced by their places in the lists. */
export interface Choice {
  stem: string;
  values: string[];
  /** One per value, at least 0, at most 1 before factors. */
  weights: Float64Array;
  /** Per value what must hold for it to be drawn; null where no value of the attribute has a `when`. */
  conditions: Condition[][] | null;
  /** Places of the attributes that the conditions name. */
  parents: number[];
}

/** The attribute at place `attribute` has a value whose place is marked by 1 in `allowed`. */
export interface Condition {
  attribute: number;
  allowed: Uint8Array;
}

/** All attributes of a config, ready to be drawn. */
export interface Choices {
  /** In the config's order. */
  list: Choice[];
  /** Places in `list`, every attribute after those that its conditions name. */
  order: number[];
}

/**
 * Prepares a config's attributes for drawing.
 *
 * @throws {UserError} if a `when` names an attribute that isn't there, or they name each other in a
 * circle, or an attribute has no weight above 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { choices } from "./choices.ts";
 * const item = { factor: 1, prompt: null, when: null };
 * const tone = [{ ...item, value: "Angry", score: 3 }, { ...item, value: "", score: 1 }];
 * assert.ok(choices({ tone }, "target").list[0]?.stem === "tone");
 * ```
 */
export function choices(attributes: Config["attributes"], weights: Weights): Choices {
  const stems = Object.keys(attributes);
  const list = Object.entries(attributes).map(([stem, items]): Choice => {
    // Scaled, since scores may be so large that their sum would overflow.
    const largest = items.reduce((most, item) => Math.max(most, item.score), 0);
    const scaled = Float64Array.from(
      items,
      (item) => item.score / largest * (weights === "draw" ? item.factor : 1),
    );
    if (!scaled.some((weight) => weight > 0)) {
      throw new UserError(
        `injections/${stem}.json leaves nothing to draw: at least one value needs a ` +
          `"frequency score"${weights === "draw" ? ' and a "draw factor"' : ""} above 0`,
      );
    }
    const conditions = items.some((item) => item.when !== null)
      ? items.map((item) =>
        Object.entries(item.when ?? {}).map(([parent, allowed]): Condition => {
          const attribute = stems.indexOf(parent);
          const values = attributes[parent];
          if (attribute < 0 || values === undefined) {
            throw new UserError(
              `injections/${stem}.json: "${item.value}" has a "when" about ` +
                `"${parent}", which is none of the attributes: ${stems.join(", ")}`,
            );
          }
          const marks = values.map((candidate) => allowed.includes(candidate.value) ? 1 : 0);
          return { attribute, allowed: Uint8Array.from(marks) };
        })
      )
      : null;
    const parents = new Set(conditions?.flat().map((condition) => condition.attribute));
    return {
      stem,
      values: items.map((item) => item.value),
      weights: scaled,
      conditions,
      parents: [...parents],
    };
  });
  return { list, order: parentsFirst(list) };
}

/** Places of the wanted attributes and of all that their conditions depend on, in drawing order. */
export function withAncestors({ list, order }: Choices, wanted: number[]): number[] {
  const needed = new Set(wanted);
  for (const place of order.toReversed()) {
    if (needed.has(place)) { for (const parent of list[place]?.parents ?? []) needed.add(parent); }
  }
  return order.filter((place) => needed.has(place));
}

function parentsFirst(list: Choice[]): number[] {
  const order: number[] = [];
  const placed = new Set<number>();
  while (order.length < list.length) {
    const next = list.findIndex((choice, place) =>
      !placed.has(place) && choice.parents.every((parent) => placed.has(parent))
    );
    if (next < 0) {
      const circle = list.filter((_, place) => !placed.has(place)).map((choice) => choice.stem);
      throw new UserError(
        `The "when" of these attributes depend on each other in a circle: ` +
          `${circle.join(", ")}. One of them has to be drawn first`,
      );
    }
    order.push(next);
    placed.add(next);
  }
  return order;
}

/**
 * Sums up the weights of those values whose conditions hold.
 *
 * @param drawn The places of the values drawn so far, by the attribute's place.
 * @param into Gets the running sums, one per value.
 * @returns The total.
 * @throws {UserError} if no value is left.
 */
export function accumulate(choice: Choice, drawn: Int32Array, into: Float64Array): number {
  const { weights, conditions } = choice;
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (conditions === null || holds(conditions[i]!, drawn)) total += weights[i]!;
    into[i] = total;
  }
  if (total > 0) return total;
  throw new UserError(
    `injections/${choice.stem}.json leaves nothing to draw for some rows: no value's "when" ` +
      `holds. Add a value without "when", or one for those rows`,
  );
}

function holds(conditions: Condition[], drawn: Int32Array): boolean {
  for (const { attribute, allowed } of conditions) {
    if (allowed[drawn[attribute]!] === 0) return false;
  }
  return true;
}

/**
 * The place at which `point` falls on the running sums: the first whose sum is above it. A value
 * without weight adds nothing to its sum, so it's never the first; and a point that was rounded up to
 * the total falls on the last value that has a weight.
 *
 * @param point In [0, total].
 */
export function placeOn(sums: Float64Array, point: number): number {
  let low = 0;
  let high = sums.length - 1;
  const total = sums[high]!;
  const rounded = point >= total;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const sum = sums[middle]!;
    if (rounded ? sum >= total : sum > point) high = middle;
    else low = middle + 1;
  }
  return low;
}
