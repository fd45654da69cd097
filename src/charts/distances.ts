import * as Plot from "@observablehq/plot";
import type { AttributeFindings, ByStage } from "../analysis/findings.ts";
import { isJudgeAlone } from "../analysis/shares/measured.ts";
import { isOffTarget, MOST_NOISE } from "../analysis/shares/off_target.ts";
import { ASKED, CAME, NOISE, STRIKING } from "./colours.ts";
import { percent, shortLabel } from "./labels.ts";
import type { ChartElement } from "./plot.ts";
import { type ChartLine, rowChart } from "./row_chart.ts";
import { saying } from "./saying.ts";

const STAGES = {
  requested: "asked for",
  accepted: "asked for, in ok rows",
  realised: "what came",
} as const satisfies Record<keyof ByStage, string>;

/** The rows that a stage is about. */
const ROWS = {
  requested: "planned rows",
  accepted: "ok rows",
  realised: "rows",
} as const satisfies Record<keyof ByStage, string>;

interface Distance {
  key: string;
  stem: string;
  stage: keyof ByStage;
  distance: number;
  /** The 95 % point where nothing is wrong; null: not known. */
  noise: number | null;
  /** Whether chance doesn't make it so large. */
  off: boolean;
}

/**
 * How far each attribute is from its target, the furthest first: the share of rows that would have to
 * be of another value, as asked for, in ok rows, and as the texts are; with the band where that is
 * noise. What is surely off (see `isOffTarget`) is orange.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { distanceChart } from "./distances.ts";
 * const chart = distanceChart({
 *   attributes: {
 *     tone: {
 *       distance: { requested: 0.01, accepted: 0.02, realised: 0.11 },
 *       noiseFloor: { requested: 0.01, accepted: 0.01, realised: 0.02 },
 *       noise95: { requested: 0.02, accepted: 0.02, realised: 0.04 },
 *     },
 *   },
 * });
 * assert(chart.textContent?.startsWith("Furthest from its target: tone, 11\u00a0% of rows"));
 * ```
 */
export function distanceChart(findings: {
  attributes: Record<
    string,
    & Pick<AttributeFindings, "distance" | "noiseFloor" | "noise95" | "corrected">
    & { measuredBy?: string | null }
  >;
}): ChartElement {
  const furthest = (distances: Distance[]) => distances.at(-1)?.distance ?? 0;
  const groups = Object.entries(findings.attributes).map(([stem, found]) =>
    (["requested", "accepted", "realised"] as const).flatMap((stage): Distance[] => {
      const value = found.distance[stage];
      return value === null ? [] : [{
        key: JSON.stringify([stem, stage]),
        stem,
        stage,
        distance: value,
        noise: found.noise95[stage],
        off: isOffTarget(found, stage),
      }];
    })
  ).filter((distances) => distances.length > 0).sort((a, b) => furthest(b) - furthest(a));
  const all = groups.flat();
  const lasts = groups.flatMap((distances) => distances.slice(-1));
  if (all.length === 0) {
    return saying(
      "How far the attributes are from their targets can't be told",
      "No shares are wanted.",
    );
  }
  const isMeasured = (stem: string) => (findings.attributes[stem]?.measuredBy ?? null) !== null;
  // Texts follow an instruction or not: that is measured, but has no distance.
  const unmeasured = lasts.filter(({ stage, stem }) => stage !== "realised" && !isMeasured(stem))
    .map(({ stem }) => stem);
  const alone = lasts.flatMap(({ stage, stem }) => {
    const { measuredBy = null, corrected = 0 } = findings.attributes[stem] ?? {};
    return stage === "realised" && isJudgeAlone({ by: measuredBy ?? "", corrected }) ? [stem] : [];
  });
  return rowChart({
    title: titleOf(lasts),
    subtitle: "Share of rows that would have to be of another value to meet the target (total " +
      "variation). Grey band: where that is noise, 95 times of 100. Orange: further than chance " +
      "makes any of several attributes." +
      (unmeasured.length === 0
        ? ""
        : ` What came has not been measured for ${
          unmeasured.map((s) => shortLabel(s, 30)).join(", ")
        }.`) +
      (alone.length === 0
        ? ""
        : ` Not corrected by hand labels, so that the noise has what a judge may mistake: ${
          alone.map((s) => shortLabel(s, 30)).join(", ")
        }.`),
    lines: groups.flatMap((distances): ChartLine[] => [
      {
        key: JSON.stringify([distances[0]?.stem]),
        label: shortLabel(distances[0]?.stem ?? ""),
        heading: true,
      },
      ...distances.map(({ key, stage, distance, noise }) => ({
        key,
        label: STAGES[stage],
        note: percent(distance) + (noise === null ? "" : ` (noise: up to ${percent(noise)})`),
      })),
    ]),
    domain: [0, Math.max(...all.map(({ distance, noise }) => Math.max(distance, noise ?? 0)))],
    tickFormat: percent,
    marks: [
      Plot.barX(all.filter(({ noise }) => noise !== null), {
        x1: 0,
        x2: "noise",
        y: "key",
        fill: NOISE,
        insetTop: 2,
        insetBottom: 2,
      }),
      Plot.dot(all, { x: "distance", y: "key", r: 4.5, fill: colourOf }),
    ],
  });
}

function colourOf({ off, stage }: Distance): string {
  if (off) return STRIKING;
  return stage === "realised" ? CAME : ASKED;
}

function titleOf(lasts: readonly Distance[]): string {
  const [worst] = lasts.filter(({ off }) => off).sort((a, b) => b.distance - a.distance);
  if (worst !== undefined) {
    return `Furthest from its target: ${shortLabel(worst.stem, 40)}, ` +
      `${percent(worst.distance)} of ${ROWS[worst.stage]} would have to change` +
      (worst.noise === null ? "" : ` (noise: up to ${percent(worst.noise)})`);
  }
  if (lasts.every(({ stage }) => stage === "requested")) {
    return "No row is ok: only what was asked for can be held against the targets";
  }
  const [noisiest] = lasts.toSorted((a, b) => (b.noise ?? 0) - (a.noise ?? 0));
  const measured = lasts.every(({ stage }) => stage === "realised");
  return "No attribute is surely further from its target than noise" +
    (measured ? "" : ", as far as it was measured") +
    (noisiest === undefined || noisiest.noise === null || noisiest.noise <= MOST_NOISE
      ? ""
      : `; for ${shortLabel(noisiest.stem, 40)} that is up to ${percent(noisiest.noise)}`);
}
