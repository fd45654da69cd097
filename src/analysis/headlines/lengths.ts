import type { LengthFindings } from "../findings.ts";
import { medianMargin } from "../lengths/median_margin.ts";
import { type Headline, isOfFile, severityOf, type Told } from "./headline.ts";
import { percent, percentRange, wordsNumber } from "../../text/wording.ts";
import { normalCdf } from "../../stats/normal.ts";
import { shiftedLognormal } from "../../stats/shifted_lognormal.ts";

/** Lengths within a tenth of what was asked for are as good as right. */
const NEAR = 0.1;
/** Rows of a tenth of the requests that say something. */
const LEAST_ROWS = 10;

/**
 * How lengths are off: all rows from what was asked for, those of some requests, or, where no row was
 * asked for a length, the whole from its target. At most the worst of these.
 */
export function lengthHeadlines(told: Told): Headline[] {
  const { findings: { length }, config } = told;
  if (length === null) return [];
  // Where other lengths are asked for than wanted, what came isn't what was asked for, and shouldn't be.
  if (config?.length?.draw && meetsTarget(length)) return [];
  const all = [
    overall(length),
    ofSomeRequests(length),
    flattened(length),
    fromTarget(length),
    spread(length),
  ];
  const worst = all.filter((each) => each !== null)
    .reduce<Said>((top, each) => each.severity > top.severity ? each : top, NOTHING);
  if (worst.severity === 0) return [];
  const { severity, says, isLoose = false } = worst;
  return [{ kind: "length", attribute: null, severity, says, next: nextText(told, isLoose) }];
}

const NOTHING = { severity: 0, says: "" };

/** What is said of lengths. */
interface Said extends Pick<Headline, "severity" | "says"> {
  /** Lengths depend little on what is asked, so asking for others changes little. */
  isLoose?: boolean;
}

function nextText(told: Told, isLoose: boolean): string {
  // Nobody asked for these lengths.
  if (isOfFile(told) && told.findings.length?.ratio === null) {
    return "add rows of the lengths that are missing";
  }
  if (told.config === null) return "word the length that is asked for otherwise";
  return isLoose
    ? "word the length otherwise in prompt.md, or try another model"
    : 'ask otherwise: "draw" in response_length_distribution.json';
}

/** The part of the asked words that is missing, or of the words that came that wasn't asked for. */
function partOff(ratio: number): number {
  return ratio < 1 ? 1 - ratio : 1 - 1 / ratio;
}

/** All rows are shorter, or longer, than asked. */
function overall(length: LengthFindings): Said | null {
  const { ratio, rows, quantiles, byRequest } = length;
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
  // Medians of their own may hide what rows are off by, one by one.
  const tells = middle !== undefined && asked !== null &&
    (middle.realised / asked - 1) / (median - 1) >= 0.5;
  const halves = tells
    ? `median ${wordsNumber(middle.realised)} for ${wordsNumber(asked)} words`
    : `${wordsNumber(100 * median)} words for 100, half of the rows ${longer ? "more" : "fewer"}`;
  const last = byRequest.at(-1);
  const longest =
    last !== undefined && last.rows >= LEAST_ROWS && last.got > last.asked === longer &&
      partOff(last.got / last.asked) > 1.5 * partOff(median)
      ? `, of the longest ${wordsNumber(last.got)} for ${wordsNumber(last.asked)}`
      : "";
  return {
    severity,
    says: `Rows are ${longer ? "longer" : "shorter"} than asked: ${halves}${longest}${
      nearText(length)
    }`,
  };
}

/** `; 39 % come within 2 words or 20 % (34–44 %)`. */
function nearText({ onTarget, onTargetInterval }: LengthFindings): string {
  if (onTarget === null || onTargetInterval === null) return "";
  return `; ${percent(onTarget)} come within 2 words or 20 % (${percentRange(onTargetInterval)})`;
}

type Bin = LengthFindings["byRequest"][number];

/** By how much a tenth of the requests is off beyond its noise, in words; 0: not at all. */
function beyondNoise(bin: Bin): number {
  if (bin.rows < LEAST_ROWS || bin.asked <= 0) return 0;
  // Whole words come: one more or less is nothing.
  const margin = Math.max(NEAR * bin.asked, 1, medianMargin(bin));
  return Math.max(0, Math.abs(bin.got - bin.asked) - margin);
}

/** The part of a tenth's words that is off, without what noise explains. */
function partOfBin(bin: Bin): number {
  const beyond = beyondNoise(bin);
  return beyond === 0 ? 0 : partOff(bin.got / bin.asked) * beyond / Math.abs(bin.got - bin.asked);
}

/** Short requests come out longer and long ones shorter: lengths hardly follow what is asked. */
function flattened(length: LengthFindings): Said | null {
  const { byRequest, rows } = length;
  const [first, last] = [byRequest[0], byRequest.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (beyondNoise(first) === 0 || first.got <= first.asked) return null;
  if (beyondNoise(last) === 0 || last.got >= last.asked) return null;
  const part = byRequest.reduce((sum, bin) => sum + partOfBin(bin) * bin.rows / rows, 0);
  return {
    isLoose: true,
    severity: severityOf(part, 1),
    says: `Lengths hardly follow what was asked: median ${wordsNumber(first.got)} for ${
      wordsNumber(first.asked)
    } words, ${wordsNumber(last.got)} for ${wordsNumber(last.asked)}${nearText(length)}`,
  };
}

/** The requests of some length come out shorter or longer: the tenth of which that is worst. */
function ofSomeRequests({ byRequest, rows }: LengthFindings): Said | null {
  let worst: Said | null = null;
  for (const bin of byRequest) {
    const severity = severityOf(partOfBin(bin), bin.rows / rows);
    if (severity <= (worst?.severity ?? 0)) continue;
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
  return {
    severity: severityOf((realised.low - noise) / middle, 1),
    says: `Lengths are ${wordsNumber(realised.w1)} words off what is wanted on average (${
      wordsNumber(realised.low)
    }–${wordsNumber(realised.high)}), by chance hardly more than ${wordsNumber(noise)}`,
  };
}

/** Whether the lengths that came are no further from what is wanted than chance leads. */
function meetsTarget({ target, realised, rows }: LengthFindings): boolean {
  return target !== null && realised !== null && realised.low <= distanceByChance(target, rows);
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

/**
 * Most rows are far from what they were asked for, and would be if all were as long as asked in the
 * middle: what all rows are off by alike is another fault, with another remedy.
 */
function spread(length: LengthFindings): Said | null {
  const { ratio, onTarget, onTargetInterval, rows } = length;
  if (ratio === null || onTarget === null || onTargetInterval === null) return null;
  if (rows < LEAST_ROWS) return null;
  const near = Math.max(onTargetInterval.high, nearWithoutBias(ratio, length));
  // Half of the rows off is no rare thing: what is beyond that counts.
  return {
    isLoose: true,
    severity: severityOf(0.5 - near, 1),
    says: `Lengths follow the requests loosely: ${percent(onTarget)} of rows come within 2 ` +
      `words or 20 % of what was asked (${percentRange(onTargetInterval)})`,
  };
}

/**
 * The share of rows within 2 words or 20 % of what was asked if all ratios were divided by their
 * median, from their quartiles as if they were normal.
 */
function nearWithoutBias(
  { median, q25, q75 }: NonNullable<LengthFindings["ratio"]>,
  { byRequest }: LengthFindings,
): number {
  if (median === 0) return 0;
  const deviation = (q75 - q25) / 1.349 / median;
  const within = (tolerance: number) =>
    deviation === 0 ? 1 : 2 * normalCdf(tolerance / deviation) - 1;
  const rows = byRequest.reduce((sum, bin) => sum + bin.rows, 0);
  if (rows === 0) return within(0.2);
  return byRequest.reduce(
    (sum, bin) => sum + within(Math.max(2 / bin.asked, 0.2)) * bin.rows / rows,
    0,
  );
}
