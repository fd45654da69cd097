import * as Plot from "@observablehq/plot";
import type { AttributeFindings, Findings, ValueFindings } from "../analysis/findings.ts";
import { isOffTarget, MOST_NOISE } from "../analysis/shares/off_target.ts";
import type { Interval } from "../stats/intervals.ts";
import { UserError } from "../error.ts";
import { ASKED, CAME, STRIKING, TARGET } from "./colours.ts";
import { counted, percent, percentRange, shortLabel, valueLabel, valueName } from "./labels.ts";
import { followedChart, isFollowed } from "./followed.ts";
import { measuredByText } from "./measured_by.ts";
import type { ChartElement } from "./plot.ts";
import { rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

/** How an attribute's shares are drawn. */
export interface SharesChartOptions {
  /** The attribute, by stem; may be left out where there is a single one. */
  attribute?: string;
  /** Values at most, those that matter most; at least 1, default 40. */
  maxValues?: number;
}

/**
 * An attribute's values: the share of rows that is wanted, that was asked for, that is ok, and what
 * the texts really are, with its interval, where that was measured. What is furthest from the target
 * stands first; where nothing was measured, the most wanted. Of instructions it shows how many texts
 * follow them.
 *
 * @throws {UserError} if there is no such attribute.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sharesChart } from "./attribute_shares.ts";
 * const none = { requested: 0, accepted: 0, realised: null };
 * const chart = sharesChart({
 *   attributes: {
 *     tone: {
 *       values: [{ value: "Angry", target: 1, requested: 1, accepted: 1, realised: null }],
 *       other: null,
 *       distance: none,
 *       noiseFloor: none,
 *       noise95: none,
 *       test: null,
 *       measuredBy: null,
 *       measuredRows: 0,
 *       confusion: null,
 *     },
 *   },
 * });
 * assert(chart.textContent?.includes("What the text's tone is has not been measured"));
 * ```
 */
export function sharesChart(
  findings: Pick<Findings, "attributes"> & { rows?: Pick<Findings["rows"], "ok"> },
  options: SharesChartOptions = {},
): ChartElement {
  const stems = Object.keys(findings.attributes);
  const stem = options.attribute ?? (stems.length === 1 ? stems[0] : undefined);
  const attribute = stem === undefined ? undefined : findings.attributes[stem];
  if (stem === undefined || attribute === undefined) {
    if (stems.length === 0) return saying("No attributes", "Nothing was asked for but a length.");
    throw new UserError(
      `There is no attribute ${JSON.stringify(stem ?? "")}. There are: ${stems.join(", ")}.`,
    );
  }
  if (isFollowed(attribute)) return followedChart(stem, attribute, options);
  const all = linesOf(attribute);
  if (all.length === 0) return saying(`${shortLabel(stem)}: no values`, "No row has one.");
  const shown = all.slice(0, options.maxValues ?? 40);
  const measured = attribute.measuredBy !== null;
  const withTarget = shown.filter(({ target }) => target !== null);
  const realised = shown.filter(({ came }) => came !== null);
  return rowChart({
    title: titleOf(stem, attribute, { lines: all, ok: findings.rows?.ok ?? null }),
    subtitle: subtitleOf(stem, attribute, withTarget.length > 0) +
      (shown.length < all.length ? ` The first ${shown.length} of ${all.length} values.` : ""),
    lines: shown.map(({ key, label, note }) => ({ key, label, note })),
    domain: [
      0,
      Math.max(
        ...shown.map(({ target, requested, accepted, came }) =>
          Math.max(target ?? 0, requested ?? 0, accepted ?? 0, came?.high ?? 0)
        ),
      ),
    ],
    tickFormat: percent,
    marks: [
      Plot.dot(shown.filter(({ requested }) => requested !== null), {
        x: "requested",
        y: "key",
        r: 4,
        stroke: ASKED,
        fill: "#fff",
      }),
      Plot.dot(shown.filter(({ accepted }) => accepted !== null), {
        x: "accepted",
        y: "key",
        r: measured ? 2 : 4,
        fill: measured ? ASKED : CAME,
      }),
      Plot.ruleY(realised, {
        y: "key",
        x1: ({ came }: ShareLine) => came?.low,
        x2: ({ came }: ShareLine) => came?.high,
        stroke: colourOf,
        strokeWidth: 2,
      }),
      Plot.tickX(withTarget, { x: "target", y: "key", stroke: TARGET, strokeWidth: 3, inset: 3 }),
      Plot.dot(realised, {
        x: ({ came }: ShareLine) => came?.share,
        y: "key",
        r: 4.5,
        fill: colourOf,
        stroke: "#fff",
      }),
    ],
  });
}

interface ShareLine {
  key: string;
  value: string;
  label: string;
  note: string;
  target: number | null;
  requested: number | null;
  accepted: number | null;
  came: (Interval & { share: number }) | null;
  /** Distance from the target in half-widths of the interval; null where it isn't measured. */
  off: number | null;
  /** Whether it is off, and the attribute as a whole by more than chance makes it. */
  striking: boolean;
}

function colourOf({ striking }: ShareLine): string {
  return striking ? STRIKING : CAME;
}

/** The line of the texts that are none of the values. */
const OTHER = "other";

/** Shares of ok rows are all 0 only where there is none. */
function isNoneOk({ values }: AttributeFindings): boolean {
  return values.every(({ accepted }) => accepted === 0);
}

function linesOf(attribute: AttributeFindings): ShareLine[] {
  const { values, other, measuredBy } = attribute;
  if (measuredBy === null) {
    const noneOk = isNoneOk(attribute);
    const noisy = !isOffTarget(attribute, "accepted");
    const distance = ({ target, accepted }: ValueFindings) => Math.abs(accepted - (target ?? 0));
    return values.map((value, place): ShareLine => ({
      key: String(place),
      value: value.value,
      label: valueLabel(value.value),
      note: (value.target === null ? "" : `wanted ${percent(value.target)}, `) +
        (noneOk
          ? `asked for in ${percent(value.requested)}`
          : value.target === null
          ? percent(value.accepted)
          : `in ok rows ${percent(value.accepted)}`),
      target: value.target,
      requested: value.requested,
      accepted: noneOk ? null : value.accepted,
      came: null,
      off: null,
      striking: false,
    })).sort((a, b) => {
      const [one, two] = [values[Number(a.key)], values[Number(b.key)]];
      if (one === undefined || two === undefined) return 0;
      return noisy || one.target === null
        ? (two.target ?? two.accepted) - (one.target ?? one.accepted)
        : distance(two) - distance(one);
    });
  }
  // Rows that were asked for nothing are outside of what was measured: all shares leave them out.
  const measured = values.filter(({ realised }) => realised !== null);
  const sum = (of: "requested" | "accepted") =>
    measured.reduce((total, value) => total + value[of], 0);
  const [requested, accepted] = [sum("requested"), sum("accepted")];
  // Of many values one in twenty is off by chance: the distance says whether that is all.
  const isOff = isOffTarget(attribute, "realised");
  const lines = measured.map((value, place): ShareLine => {
    const { realised } = value;
    const target = realised?.target ?? null;
    const came = realised === null
      ? null
      : { share: realised.share, low: realised.low, high: realised.high };
    const off = came === null || target === null ? null : offBy(came, target);
    return {
      key: String(place),
      value: value.value,
      label: valueLabel(value.value),
      note: (target === null ? "" : `wanted ${percent(target)}, `) +
        (came === null ? "" : `got ${percent(came.share)} (${percentRange(came)})`),
      target,
      requested: requested > 0 ? value.requested / requested : null,
      accepted: accepted > 0 ? value.accepted / accepted : null,
      came,
      off,
      striking: isOff && off !== null && off > 1,
    };
  }).sort((a, b) =>
    (b.off ?? 0) - (a.off ?? 0) || (b.target ?? b.came?.share ?? 0) - (a.target ?? 0)
  );
  if (other === null) return lines;
  return [...lines, {
    key: OTHER,
    value: OTHER,
    label: "(none of these)",
    note: `got ${percent(other)}`,
    target: 0,
    requested: null,
    accepted: null,
    came: { share: other, low: other, high: other },
    off: null,
    striking: false,
  }];
}

/** How far a share is from a target, in widths of its interval's half on that side. */
function offBy({ share, low, high }: Interval & { share: number }, target: number): number {
  const half = target > share ? high - share : share - low;
  return half > 0 ? Math.abs(target - share) / half : target === share ? 0 : Infinity;
}

function titleOf(
  stem: string,
  attribute: AttributeFindings,
  { lines, ok }: { lines: readonly ShareLine[]; ok: number | null },
): string {
  const { distance, noise95, measuredBy, measuredRows } = attribute;
  const name = shortLabel(stem, 40);
  const [first] = lines;
  if (measuredBy !== null) {
    const worst = lines.filter(({ striking }) => striking).reduce<ShareLine | null>(
      (most, line) => most === null || deviation(line) > deviation(most) ? line : most,
      null,
    );
    if (worst !== null && worst.came !== null) {
      return `${name}: wanted ${percent(worst.target ?? 0)} ${valueName(worst.value)}, got ${
        percent(worst.came.share)
      } (${percentRange(worst.came)})`;
    }
    const noise = noise95.realised ?? 0;
    if (distance.realised !== null && noise > MOST_NOISE && distance.realised <= noise) {
      return `Whether ${name} comes out as wanted can't be told from ${
        counted(measuredRows, "text")
      }: up to ${percent(noise)} off is noise`;
    }
    if (distance.realised === 0) {
      return `${name} comes out as wanted in ` +
        (measuredRows === 1 ? "the one text" : `all ${counted(measuredRows, "text")}`);
    }
    return distance.realised === null
      ? `${name}: what came was measured, but no shares were wanted`
      : distance.realised <= noise
      ? `${name} comes out as wanted: ${changeText(distance.realised, noise95.realised)}`
      : `${name}: ${changeText(distance.realised, noise95.realised)}`;
  }
  if (isNoneOk(attribute)) return `${name}: no row is ok`;
  if (distance.accepted === null) {
    return first === undefined
      ? name
      : `${name}: no shares were wanted; ${percent(first.accepted ?? 0)} of ok rows were asked ` +
        `with ${valueName(first.value)}`;
  }
  if (isOffTarget(attribute, "accepted") && first !== undefined) {
    return `${name}: wanted ${percent(first.target ?? 0)} ${valueName(first.value)}, asked for in ${
      percent(first.accepted ?? 0)
    } of ok rows`;
  }
  const noise = noise95.accepted ?? 0;
  if (noise > MOST_NOISE && distance.accepted <= noise) {
    return `Whether ${name} was asked for as wanted in ok rows can't be told from ${
      ok === null ? "so few" : counted(ok, "row")
    }: up to ${percent(noise)} off is noise`;
  }
  if (distance.accepted === 0) return `${name} was asked for as wanted in ok rows`;
  const change = changeText(distance.accepted, noise95.accepted, "ok rows");
  return distance.accepted <= noise
    ? `${name} was asked for as wanted in ok rows: ${change}`
    : `${name}: ${change}`;
}

function deviation({ came, target }: ShareLine): number {
  return Math.abs((came?.share ?? 0) - (target ?? 0));
}

/** A distance against its noise, where it isn't surely more than that. */
function changeText(distance: number, noise: number | null, rows = "rows"): string {
  const change = `${percent(distance)} of ${rows} would have to change`;
  if (noise === null) return change;
  return distance <= noise
    ? `${change}, within noise (up to ${percent(noise)})`
    : `${change}, not surely more than noise (up to ${percent(noise)})`;
}

function subtitleOf(stem: string, attribute: AttributeFindings, withTarget: boolean): string {
  const { measuredBy, measuredRows, values } = attribute;
  const tick = withTarget ? "Black tick: wanted. " : "";
  if (measuredBy === null) {
    if (isNoneOk(attribute)) {
      return `Shown is what was asked for in all rows, none of which is ok. ${tick}Ring: asked for.`;
    }
    return `What the text's ${shortLabel(stem, 40)} is has not been measured: shown is what was ` +
      `asked for in ok rows. ${tick}Ring: asked for in all rows. Blue dot: in ok rows.`;
  }
  const left = values.filter(({ realised, accepted }) => realised === null && accepted > 0);
  const untold = left.filter(({ value }) => value !== "");
  return `What ${counted(measuredRows, "text")} really are, told by ${
    measuredByText(attribute)
  }. ` +
    `${tick}Ring: asked for; grey dot in it: in ok rows. Large dot: what came, with its 95\u00a0% ` +
    "interval; orange where that leaves out what is wanted, and chance doesn't explain the whole." +
    (left.length === 0
      ? ""
      : ` Left out: ${
        percent(left.reduce((sum, { accepted }) => sum + accepted, 0))
      } of ok rows, ` +
        (untold.length === 0
          ? "which were asked for nothing here."
          : `among them those asked for ${
            untold.slice(0, 3).map(({ value }) => shortLabel(value, 30)).join(", ")
          }, which can't be told.`));
}
