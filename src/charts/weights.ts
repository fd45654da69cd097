import * as Plot from "@observablehq/plot";
import type { Config } from "../config/types.ts";
import { marginals } from "../plan/marginals.ts";
import { UserError } from "../error.ts";
import { DRAWN, TARGET } from "./colours.ts";
import { percent, shortLabel, valueLabel } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";

/** How the weights are drawn. */
export interface WeightsChartOptions {
  /** Only these attributes, by stem, in this order; default: all. */
  attributes?: readonly string[];
  /** Values per attribute; the rarest beyond them are one line. At least 1; default 40. */
  maxValues?: number;
}

/** A line of the chart: a value, or the name of an attribute above its values. */
interface Line {
  key: string;
  label: string;
  /** null in the line of an attribute's name. */
  target: number | null;
  /** null where it is drawn as wanted. */
  drawn: number | null;
}

/**
 * The share of rows that is wanted for each value of each attribute, the largest first; where draw
 * factors make a value drawn otherwise, a dot shows how.
 *
 * @throws {UserError} if the config leaves nothing to draw, or `attributes` names one that it
 * doesn't have.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { weightsChart } from "./weights.ts";
 * const item = { factor: 1, prompt: null, when: null };
 * const tone = [{ ...item, value: "Angry", score: 1 }, { ...item, value: "", score: 3 }];
 * const chart = weightsChart({ attributes: { tone } });
 * assert(chart.textContent?.includes("Angry"));
 * ```
 */
export function weightsChart(
  config: Pick<Config, "attributes">,
  options: WeightsChartOptions = {},
): ChartElement {
  const shares = sharesOf(config, options.attributes);
  const lines = shares.flatMap((attribute) => linesOf(attribute, options.maxValues ?? 40));
  const corrected = lines.some(({ drawn }) => drawn !== null);
  const values = lines.filter(({ target }) => target !== null);
  // A value of every row would stretch the scale for nothing: words say it.
  const varying = values.filter(({ target }) => (target ?? 0) < 1);
  return rowChart({
    title: finding(shares),
    subtitle: corrected
      ? "Share of rows. Black: what is wanted. Orange: what is drawn to get there (draw factors)."
      : "Share of rows that is wanted for each value.",
    lines: lines.map((line) =>
      line.target === null
        ? { key: line.key, label: line.label, heading: true }
        : { key: line.key, label: line.label, note: shareText(line) }
    ),
    domain: [
      0,
      varying.reduce((most, line) => Math.max(most, line.target ?? 0, line.drawn ?? 0), 0),
    ],
    tickFormat: percent,
    marks: [
      Plot.ruleY(varying, { y: "key", x1: 0, x2: "target", stroke: "#bbb", strokeWidth: 2 }),
      Plot.tickX(varying, { x: "target", y: "key", stroke: TARGET, strokeWidth: 3, inset: 2 }),
      Plot.dot(values.filter(({ drawn }) => drawn !== null), {
        x: "drawn",
        y: "key",
        r: 4,
        fill: DRAWN,
      }),
    ],
  });
}

function shareText({ target, drawn }: Line): string {
  if (target === 1) return "every row";
  return percent(target ?? 0) + (drawn === null ? "" : ` → ${percent(drawn)}`);
}

interface AttributeShares {
  stem: string;
  /** The largest target first. */
  values: { value: string; target: number; drawn: number }[];
}

function sharesOf(
  config: Pick<Config, "attributes">,
  wanted: readonly string[] | undefined,
): AttributeShares[] {
  const target = marginals(config, { weights: "target" });
  const drawn = marginals(config, { weights: "draw" });
  return (wanted ?? Object.keys(target)).map((stem) => {
    const values = target[stem];
    if (values === undefined) {
      throw new UserError(
        `There is no attribute "${stem}" to draw. There are: ${Object.keys(target).join(", ")}.`,
      );
    }
    return {
      stem,
      values: values.map(({ value, share }, i) => ({
        value,
        target: share,
        drawn: drawn[stem]?.[i]?.share ?? 0,
      })).sort((a, b) => b.target - a.target),
    };
  });
}

function linesOf({ stem, values }: AttributeShares, maxValues: number): Line[] {
  const shown = values.length <= maxValues ? values : values.slice(0, maxValues - 1);
  const rest = values.slice(shown.length);
  const sum = (of: "target" | "drawn") => rest.reduce((total, value) => total + value[of], 0);
  const all = rest.length === 0 ? shown : [
    ...shown,
    { value: null, target: sum("target"), drawn: sum("drawn") },
  ];
  return [
    { key: JSON.stringify([stem]), label: shortLabel(stem), target: null, drawn: null },
    ...all.map(({ value, target, drawn }) => ({
      key: JSON.stringify([stem, value]),
      label: value === null ? `${rest.length} rarer values` : valueLabel(value),
      target,
      drawn: Math.abs(drawn - target) < 1e-9 ? null : drawn,
    })),
  ];
}

/** What is worth knowing first: how rare the rarest value is. */
function finding(shares: AttributeShares[]): string {
  const rarest = shares.flatMap(({ stem, values }) =>
    values.filter(({ target }) => target > 0).map((value) => ({
      ...value,
      stem,
      of: values.length,
    }))
  ).reduce<{ stem: string; value: string; target: number; of: number } | null>(
    (least, each) => least === null || each.target < least.target ? each : least,
    null,
  );
  if (rarest === null) return "No attributes";
  const { stem, value, target, of } = rarest;
  return `${of} values of ${stem}; the rarest, ${valueLabel(value)}, is ${percent(target)} of rows`;
}
