import * as Plot from "@observablehq/plot";
import type { AttributeFindings, FollowedShare, ValueFindings } from "../analysis/findings.ts";
import { ASKED, CAME } from "./colours.ts";
import { counted, percent, percentRange, shortLabel, valueLabel, valueName } from "./labels.ts";
import { measuredByText } from "./measured_by.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";

/** Whether an attribute's values are followed or not, and somebody said so. */
export function isFollowed({ values }: Pick<AttributeFindings, "values">): boolean {
  return values.some(({ followed, realised }) => followed !== undefined && realised === null);
}

/**
 * Instructions: of the texts that were asked to follow one the share that does, with its interval, and
 * the share of others that do it unasked. What is followed least stands first.
 */
export function followedChart(
  stem: string,
  found: Pick<AttributeFindings, "values" | "measuredBy" | "measuredRows" | "corrected">,
  { maxValues = 40 }: { maxValues?: number } = {},
): ChartElement {
  const all = found.values.flatMap(lineOf).sort((a, b) => a.share - b.share);
  const shown = all.slice(0, maxValues);
  const name = shortLabel(stem, 40);
  const [worst] = shown;
  return rowChart({
    title: worst === undefined
      ? `${name}: nothing was asked for`
      : `${name}: ${percent(worst.share)} (${percentRange(worst)}) of the texts asked for ${
        valueName(worst.value)
      } do it, fewest of all`,
    subtitle:
      `Large dot: share of the texts asked for it that do it, with its 95\u00a0% interval. ` +
      `Ring: of other texts, unasked. What ${counted(found.measuredRows, "text")} do, told by ${
        measuredByText(found)
      }.` +
      (shown.length < all.length ? ` The first ${shown.length} of ${all.length} values.` : ""),
    lines: shown.map(({ key, value, note }) => ({ key, label: valueLabel(value), note })),
    domain: [0, 1],
    tickFormat: percent,
    marks: [
      Plot.ruleY(shown, { y: "key", x1: "low", x2: "high", stroke: CAME, strokeWidth: 2 }),
      Plot.dot(shown.filter(({ unasked }) => unasked !== null), {
        x: ({ unasked }: Line) => unasked?.share,
        y: "key",
        r: 4,
        stroke: ASKED,
        fill: "#fff",
      }),
      Plot.dot(shown, { x: "share", y: "key", r: 4.5, fill: CAME, stroke: "#fff" }),
    ],
  });
}

interface Line extends FollowedShare {
  key: string;
  value: string;
  note: string;
}

function lineOf({ value, followed }: ValueFindings, place: number): Line[] {
  if (followed === undefined) return [];
  const { share, unasked } = followed;
  const note = `${percent(share)} (${percentRange(followed)})` +
    (unasked === null ? "" : `, unasked ${percent(unasked.share)}`);
  return [{ ...followed, key: String(place), value, note }];
}
