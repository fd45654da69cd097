import type { Config } from "../config/types.ts";
import { wilson } from "../stats/intervals.ts";
import { lengths } from "./length.ts";
import { marginals } from "./marginals.ts";

/** What a number of rows buys. */
export interface Preview {
  /** Rows. */
  count: number;
  /** One per attribute, in the config's order. */
  attributes: AttributePreview[];
  /** null where no length is asked for. */
  length: LengthPreview | null;
}

/** What the rows tell about one attribute. */
export interface AttributePreview {
  stem: string;
  /** Values that are drawn at all. */
  values: number;
  /** The value that is drawn most often. */
  largest: ValuePreview;
  /** The value that is drawn most rarely, of those that are drawn at all. */
  rarest: ValuePreview;
  /** Whether draw factors make it drawn otherwise than wanted. */
  corrected: boolean;
}

/** What the rows tell about one value. */
export interface ValuePreview {
  value: string;
  /** Share with which it is drawn, in [0, 1]. */
  share: number;
  /** Expected rows, with their fraction. */
  rows: number;
  /** The 95 % margin of error of its share: half the width of the Wilson interval, in [0, .5]. */
  shareMargin: number;
  /** The same for a rate of one half that is measured among its rows only (the widest there is). */
  rateMargin: number;
}

/** Lengths in words that are asked for. */
export interface LengthPreview {
  /** The 5 % point of the lengths drawn. */
  low: number;
  median: number;
  /** The 95 % point. */
  high: number;
  /** Where the target is cut; null: nowhere. */
  max: number | null;
  /** Whether the lengths are drawn otherwise than wanted. */
  corrected: boolean;
}

/**
 * Says what `count` rows of a config buy, by its weights alone: nothing is drawn.
 *
 * @param config `attributes` and `length` are used.
 * @param options `count`: rows, at least 0.
 * @throws {UserError} if the config leaves nothing to draw.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { preview } from "./preview.ts";
 * const item = { factor: 1, prompt: null, when: null };
 * const age = [{ ...item, value: "70+", score: 1 }, { ...item, value: "", score: 99 }];
 * const { attributes } = preview({ attributes: { age }, length: null }, { count: 2000 });
 * assert.ok(attributes[0]?.rarest.rows === 20);
 * ```
 */
export function preview(
  config: Pick<Config, "attributes" | "length">,
  options: { count: number },
): Preview {
  const { count } = options;
  const drawn = marginals(config, { weights: "draw" });
  return {
    count,
    attributes: Object.entries(config.attributes).map(([stem, items]) => {
      const values = (drawn[stem] ?? []).filter(({ share }) => share > 0)
        .map(({ value, share }) => valuePreview(value, Math.min(1, share), count));
      const factors = items.filter((item) => item.score > 0).map((item) => item.factor);
      return {
        stem,
        values: values.length,
        largest: values.reduce((best, each) => each.share > best.share ? each : best),
        rarest: values.reduce((best, each) => each.share < best.share ? each : best),
        // Equal factors cancel out, also among the values that a `when` leaves.
        corrected: factors.some((factor) => factor !== factors[0]),
      };
    }),
    length: config.length && lengthPreview(config.length),
  };
}

function valuePreview(value: string, share: number, count: number): ValuePreview {
  const rows = share * count;
  return {
    value,
    share,
    rows,
    shareMargin: halfWidth(rows, count),
    rateMargin: halfWidth(rows / 2, rows),
  };
}

function halfWidth(successes: number, n: number): number {
  const { low, high } = wilson(successes, n);
  return (high - low) / 2;
}

function lengthPreview(length: NonNullable<Config["length"]>): LengthPreview {
  const { quantile } = lengths(length, "draw");
  return {
    low: quantile(0.05),
    median: quantile(0.5),
    high: quantile(0.95),
    max: length.max,
    corrected: length.draw !== null,
  };
}
