import type { LengthFindings } from "../findings.ts";
import { type Headline, severityOf, type Told } from "./headline.ts";
import { percent, percentRange, wordsNumber } from "./wording.ts";
import { shiftedLognormal } from "../../stats/shifted_lognormal.ts";

/** Lengths within a tenth of what was asked for are as good as right. */
const NEAR = 0.1;
/** Rows of a tenth of the requests that say something. */
const LEAST_ROWS = 10;

/**
 * How lengths are off: all rows from what was asked for, those of some requests, or, where no row was
 * asked for a length, the whole from its target. At most the worst of these.
 */
export function lengthHeadlines({ findings, config }: Told): Headline[] {
  const { length } = findings;
  if (length === null) return [];
  const next = config === null
    ? "ask for other lengths, or word the request otherwise"
    : 'ask otherwise: "draw" in response_length_distribution.json';
  const all = [overall(length), ofSomeRequests(length), fromTarget(length), spread(length)];
  const worst = all.filter((each) => each !== null)
    .reduce((top, each) => each.severity > top.severity ? each : top, { severity: 0, says: "" });
  return worst.severity === 0 ? [] : [{ kind: "length", attribute: null, ...worst, next }];
}

type Said = Pick<Headline, "severity" | "says">;

/** The part of the asked words that is missing, or of the words that came that wasn't asked for. */
function partOff(ratio: number): number {
  return ratio < 1 ? 1 - ratio : 1 - 1 / ratio;
}

/** Half of the width of a median's 95 % interval, from its quartiles as if the data were normal. */
function medianMargin({ q25, q75, rows }: { q25: number; q75: number; rows: number }): number {
  return 1.96 * 1.2533 * ((q75 - q25) / 1.349) / Math.sqrt(rows);
}

/** All rows are shorter, or longer, than asked. */
function overall({ ratio, rows, quantiles, onTarget, onTargetInterval }: LengthFindings) {
  if (ratio === null || rows < LEAST_ROWS) return null;
  const { median } = ratio;
  const off = Math.abs(median - 1);
  const margin = Math.max(NEAR, medianMargin({ ...ratio, rows }));
  if (off <= margin) return null;
  // Of the words that are off, those that noise doesn't explain.
  const severity = severityOf(partOff(median) * (1 - margin / off), 1);
  const middle = quantiles.find(({ p }) => p === 0.5);
  const asked = middle?.requested ?? null;
  const longer = median > 1;
  const halves = middle !== undefined && asked !== null && (middle.realised > asked) === longer &&
      middle.realised !== asked
    ? `median ${wordsNumber(middle.realised)} for ${wordsNumber(asked)} words`
    : `${wordsNumber(100 * median)} words for 100, half of the rows ${longer ? "more" : "fewer"}`;
  return {
    severity,
    says: `Rows are ${longer ? "longer" : "shorter"} than asked: ${halves}` +
      (onTarget === null || onTargetInterval === null
        ? ""
        : `; ${percent(onTarget)} come within 2 words or a fifth of it (${
          percentRange(onTargetInterval)
        })`),
  };
}

/** The requests of some length come out shorter or longer: the tenth of which that is worst. */
function ofSomeRequests({ byRequest, rows }: LengthFindings): Said | null {
  let worst: Said | null = null;
  for (const bin of byRequest) {
    if (bin.rows < LEAST_ROWS || bin.asked <= 0) continue;
    const off = Math.abs(bin.got - bin.asked);
    // Whole words come: half a word is nothing.
    const margin = Math.max(NEAR * bin.asked, 1, medianMargin(bin));
    if (off <= margin) continue;
    const severity = severityOf(partOff(bin.got / bin.asked) * (1 - margin / off), bin.rows / rows);
    if (worst !== null && severity <= worst.severity) continue;
    const words = bin.from === bin.to ? `${bin.from}` : `${bin.from}–${bin.to}`;
    worst = {
      severity,
      says: `Rows asked for ${words} words come out ${
        bin.got > bin.asked ? "longer" : "shorter"
      }: median ${wordsNumber(bin.got)} for ${wordsNumber(bin.asked)}`,
    };
  }
  return worst;
}

/** No length was asked for, but one is wanted. */
function fromTarget({ ratio, target, realised, rows }: LengthFindings): Said | null {
  if (ratio !== null || target === null || realised === null) return null;
  const noise = distanceByChance(target, rows);
  const middle = shiftedLognormal(target, { max: target.max }).quantile(0.5);
  if (realised.low <= noise) return null;
  return {
    severity: severityOf((realised.low - noise) / middle, 1),
    says: `Lengths are ${wordsNumber(realised.w1)} words off what is wanted on average (${
      wordsNumber(realised.low)
    }–${wordsNumber(realised.high)}), by chance hardly more than ${wordsNumber(noise)}`,
  };
}

/**
 * The Wasserstein distance that so many rows drawn from the target itself hardly ever pass: its mean
 * is at most ∫ √(F(1 - F)/n), and twice that is about its 99 % point or beyond.
 */
function distanceByChance(
  target: NonNullable<LengthFindings["target"]>,
  rows: number,
): number {
  const { cdf, quantile } = shiftedLognormal(target, { max: target.max });
  let sum = 0;
  for (let words = 1; words < quantile(0.9999); words++) {
    const below = cdf(words);
    sum += Math.sqrt(below * (1 - below) / rows);
  }
  return 2 * sum;
}

/** Right in the middle, but most rows are far from what they were asked for. */
function spread({ ratio, onTarget, onTargetInterval, rows }: LengthFindings): Said | null {
  if (ratio === null || onTarget === null || onTargetInterval === null) return null;
  if (rows < LEAST_ROWS) return null;
  const { high } = onTargetInterval;
  // Half of the rows off is no rare thing: what is beyond that counts.
  return {
    severity: severityOf(0.5 - high, 1),
    says: `Lengths follow the requests loosely: ${percent(onTarget)} of rows come within 2 ` +
      `words or a fifth of what was asked (${percentRange(onTargetInterval)})`,
  };
}
