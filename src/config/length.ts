import { count } from "../text/numbers.ts";
import type { FileRemarks } from "./remarks.ts";
import { lengthShape, parametersShape } from "./schemas.ts";
import { issueLines, knownPart } from "./shape.ts";
import type { LengthConfig, LengthParameters } from "./types.ts";

/** Half of the rows above this many words: mean was probably given in words. */
const WORDS_BEYOND_BELIEF = 2000;

/** Standard deviations between which practically all draws of a normal distribution lie. */
const REACH = 8;

/**
 * The distribution of lengths. A correction (`draw`) is taken only if the target it was made for is
 * exactly the target that stands beside it, else it is left out with a warning.
 *
 * @param data What `response_length_distribution.json` holds.
 * @returns null after a fault.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readLength } from "./length.ts";
 * import { collectRemarks } from "./remarks.ts";
 * const remarks = collectRemarks("metro").on("response_length_distribution.json");
 * const length = readLength({ mean: 2.5, sigma: 0.75, shift: 2 }, remarks);
 * assert(length?.max === null && length.draw === null);
 * ```
 */
export function readLength(data: unknown, remarks: FileRemarks): LengthConfig | null {
  const value = withKnownKeys(data, remarks);
  const checked = lengthShape.safeParse(value);
  if (!checked.success) {
    for (const line of issueLines(checked.error.issues, { value })) remarks.fault(line);
    return null;
  }
  const { mean, sigma, shift, max = null, draw: correction } = checked.data;
  const target: LengthParameters = { mean, sigma, shift };
  checkReach(target, { max, place: "", remarks });
  let draw: LengthParameters | null = null;
  if (correction !== undefined) {
    draw = { mean: correction.mean, sigma: correction.sigma, shift: correction.shift };
    if (sameParameters(correction.for, target)) {
      checkReach(draw, { max, place: "draw.", remarks });
    } else {
      remarks.warn(
        "draw is ignored: it was made for another mean, sigma and shift. Remove it, or let apply make a new one",
      );
      draw = null;
    }
  }
  if (max === null && median(target) > WORDS_BEYOND_BELIEF) {
    remarks.warn(
      `mean is ${mean}: half of the rows would ask for more than ${
        count(Math.floor(median(target)))
      } words. It is the mean of the logarithm: for messages of about 12 words it is 2.5`,
    );
  }
  return remarks.faulty ? null : { ...target, max, draw };
}

function withKnownKeys(data: unknown, remarks: FileRemarks): unknown {
  const others = "warning";
  const parameters = Object.keys(parametersShape.shape);
  const value = knownPart(data, {
    known: Object.keys(lengthShape.shape),
    place: "",
    others,
    remarks,
  });
  if (typeof value !== "object" || value === null || !("draw" in value)) return value;
  const draw = knownPart(value.draw, {
    known: [...parameters, "for"],
    place: "draw",
    others,
    remarks,
  });
  if (typeof draw === "object" && draw !== null && "for" in draw) {
    draw.for = knownPart(draw.for, { known: parameters, place: "draw.for", others, remarks });
  }
  value.draw = draw;
  return value;
}

/** Faults where no length could be drawn: all of them above `max`, or beyond all numbers. */
function checkReach(
  { mean, sigma, shift }: LengthParameters,
  { max, place, remarks }: { max: number | null; place: string; remarks: FileRemarks },
): void {
  // words ≤ max exactly where shift + exp(Normal) < max + 1.
  if (max !== null && !((Math.log(max + 1 - shift) - mean) / sigma > -REACH)) {
    remarks.fault(
      `max is ${max}: with ${place}mean ${mean}, sigma ${sigma} and shift ${shift} every length is above it`,
    );
  } else if (max === null && !Number.isFinite(shift + Math.exp(mean + REACH * sigma))) {
    remarks.fault(
      `${place}mean is ${mean} and sigma ${sigma}: lengths go beyond all bounds. The mean is that of the logarithm: for messages of about 12 words it is 2.5`,
    );
  }
}

function median({ mean, shift }: LengthParameters): number {
  return shift + Math.exp(mean);
}

function sameParameters(a: LengthParameters, b: LengthParameters): boolean {
  return a.mean === b.mean && a.sigma === b.sigma && a.shift === b.shift;
}
