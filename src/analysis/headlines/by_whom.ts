import { count } from "../../text/numbers.ts";
import { printable } from "../../text/printable.ts";
import type { AttributeFindings, DistanceParts } from "../findings.ts";
import { isJudgeAlone } from "../shares/measured.ts";
import { isOfFile, type Told } from "./headline.ts";

/** Who measured an attribute, as far as headlines tell. */
type Measured = Pick<AttributeFindings, "measuredBy" | "corrected" | "worth">;

/** Whether all that is known is the word of a judge whose errors nobody looked at. */
export function isAlone({ measuredBy, corrected = 0 }: Measured): boolean {
  return measuredBy !== null && isJudgeAlone({ by: measuredBy, corrected });
}

/** `by judge:…, corrected by 120 hand labels`; of a judge alone, what would tell its errors. */
export function byWhom(found: Measured, told: Told): string {
  const { measuredBy, corrected = 0, worth } = found;
  const by = `by ${printable(measuredBy ?? "nobody")}`;
  if (isAlone(found)) {
    const labels = typeof worth === "number" ? `${count(worth)} labels` : "labels by hand";
    return `${by} alone, not corrected by hand labels: ${labels} would tell` +
      (isOfFile(told) ? "" : " (deno task label RUN)");
  }
  return measuredBy?.startsWith("judge:")
    ? `${by}, corrected by ${count(corrected)} hand labels`
    : by;
}

/** `mostly losses`: the step that moves the shares most; null where drift isn't known. */
export function partsText(parts: DistanceParts | undefined): string | null {
  if (parts === undefined || parts.drift === null) return null;
  return `mostly ${NAMES[largestPart(parts)]}`;
}

/** How the steps are called. Their sizes have no interval, so these aren't told. */
const NAMES = { draw: "the draw", loss: "losses", drift: "drift of the model" } as const;

/** The step that moves the shares most. */
export function largestPart(parts: DistanceParts | undefined): keyof DistanceParts {
  const { draw = 0, loss = 0, drift = 0 } = parts ?? {};
  if ((draw ?? 0) > Math.max(loss ?? 0, drift ?? 0)) return "draw";
  return (loss ?? 0) > (drift ?? 0) ? "loss" : "drift";
}
