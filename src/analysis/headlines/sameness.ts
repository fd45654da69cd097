import { type Interval, wilson } from "../../stats/intervals.ts";
import { count } from "../../text/numbers.ts";
import type { DriftPart, Findings } from "../findings.ts";
import { type Headline, isOfFile, severityOf, type Told } from "./headline.ts";
import { percent, percentRange, wordsNumber } from "../../text/wording.ts";

/** Fewer copies than this are everyday: people write the same short messages too. */
const LEAST_COPIES = 0.02;
/**
 * Near copies that a row has among so many others of people's own: of 3,080 questions to a bank 5 %
 * have one, of 1,000 of them 1.6 %.
 */
const NEAR_COPIES_PER_ROW = 2e-5;
/** However many rows there are, more near copies than this are told. */
const MOST_NEAR_COPIES = 0.2;
/** Rows below which the number of openings says nothing. */
const LEAST_ROWS = 50;
/** More openings than this are many. */
const MOST_OPENINGS = 20;
/** Changes along the run below this are none. */
const LEAST_CHANGE = 0.1;

/** Rows that repeat others, few ways to begin, and change along the run. */
export function samenessHeadlines(told: Told): Headline[] {
  const copied = copies(told);
  return [...copied, ...fewOpenings(told), ...drift(told, { areCopiesTold: copied.length > 0 })];
}

function copies(told: Told): Headline[] {
  const { findings } = told;
  const { diversity: { exactDuplicates, nearDuplicates }, rows: { ok } } = findings;
  if (ok === 0) return [];
  const near = Math.min(ok, nearDuplicates.rows);
  const exact = wilson(exactDuplicates, ok);
  const alike = wilson(near, ok);
  const ofExact = severityOf(exact.low - LEAST_COPIES, 1);
  const ofNear = severityOf(alike.low - everydayNearCopies(ok), 1);
  const severity = Math.max(ofExact, ofNear);
  if (severity === 0) return [];
  const line = (rows: number, says: string, share: Interval) =>
    `${count(rows)} of ${count(ok)} rows ${says} (${percent(rows / ok)}, ${percentRange(share)})`;
  const besides = exactDuplicates === 0
    ? "none repeats an earlier one"
    : `${count(exactDuplicates)} ${exactDuplicates === 1 ? "repeats" : "repeat"} an earlier one`;
  return [{
    kind: "duplicates",
    attribute: null,
    severity,
    says: ofNear > ofExact
      ? `${line(near, "are nearly the same as another", alike)}; ${besides} word for word`
      : line(exactDuplicates, "repeat an earlier one word for word", exact),
    next: isOfFile(told) ? "keep one of each" : variety(told),
  }];
}

/** The share of rows with a near copy, at the least, that is everyday among so many. */
function everydayNearCopies(rows: number): number {
  const expected = 1 - Math.exp(-NEAR_COPIES_PER_ROW * rows);
  return Math.min(MOST_NEAR_COPIES, Math.max(LEAST_COPIES, expected));
}

/** Rows that repeat another one: of those that are near each other the first of each cluster is none. */
export function repeatingRows({ diversity, rows }: Findings): number {
  const { exactDuplicates, nearDuplicates } = diversity;
  const near = nearDuplicates.rows - nearDuplicates.clusters;
  return Math.min(rows.ok, Math.max(exactDuplicates, near));
}

/** Few ways to begin, unless half of the rows are copies of others: these begin alike too. */
function fewOpenings(told: Told): Headline[] {
  const { findings } = told;
  const { effectiveOpenings, entropy } = findings.diversity;
  if (effectiveOpenings === null || entropy.atRows < LEAST_ROWS) return [];
  if (effectiveOpenings >= MOST_OPENINGS) return [];
  if (repeatingRows(findings) >= findings.rows.ok / 2) return [];
  return [{
    kind: "openings",
    attribute: null,
    // The chance, at the least, that two rows begin alike.
    severity: severityOf(1 / effectiveOpenings, 1),
    says: `Rows begin as if there were ${
      effectiveOpenings < 1.5 ? "a single opening" : `${wordsNumber(effectiveOpenings)} openings`
    } only (first three words, ${count(entropy.atRows)} rows)`,
    next: variety(told),
  }];
}

function drift(
  told: Told,
  { areCopiesTold }: { areCopiesTold: boolean },
): Headline[] {
  const { drift: parts } = told.findings.diversity;
  const third = Math.floor(parts.length / 3);
  if (third === 0) return [];
  const [first, last] = [parts.slice(0, third), parts.slice(-third)];
  const headlines: Headline[] = [];
  const group = third / parts.length;
  const add = (part: number, says: string, next: string) => {
    const severity = severityOf(part, group);
    if (severity > 0) headlines.push({ kind: "drift", attribute: null, severity, says, next });
  };

  const [before, after] = [repeatsOf(first), repeatsOf(last)];
  // One remedy for both: that there are copies is told once.
  if (!areCopiesTold) {
    add(
      after.low - before.high - LEAST_CHANGE,
      `Rows repeat each other more along the run: ${percent(before.share)} in its first parts, ${
        percent(after.share)
      } in its last (${percentRange(after)})`,
      variety(told),
    );
  }

  const lengths = change(first, last, ({ medianWords }) => medianWords);
  if (lengths !== null) {
    add(
      lengths.part,
      `Rows become ${lengths.to > lengths.from ? "longer" : "shorter"} along the run: median ${
        wordsNumber(lengths.from)
      } words at first, ${wordsNumber(lengths.to)} at last`,
      isOfFile(told)
        ? "see what changes along the file, or mix its rows"
        : "see whether the model changed meanwhile",
    );
  }
  return headlines;
}

function repeatsOf(parts: readonly DriftPart[]) {
  const rows = parts.reduce((sum, { from, to }) => sum + to - from, 0);
  const repeats = parts.reduce((sum, { from, to, repeats }) => sum + repeats * (to - from), 0);
  return { share: rows === 0 ? 0 : repeats / rows, ...wilson(Math.min(rows, repeats), rows) };
}

/** A change between the two ends that is thrice as large as chance makes it; null where there is none. */
function change(
  first: readonly DriftPart[],
  last: readonly DriftPart[],
  of: (part: DriftPart) => number,
): { from: number; to: number; part: number } | null {
  const [a, b] = [first.map(of), last.map(of)];
  if (a.length < 2) return null;
  const [from, to] = [mean(a), mean(b)];
  const chance = 3 * Math.sqrt((variance(a) + variance(b)) / a.length) + 0.5;
  const off = Math.abs(to - from);
  const part = (off - chance) / Math.max(from, to) - LEAST_CHANGE;
  return part > 0 ? { from, to, part } : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

function variety(told: Told): string {
  if (isOfFile(told)) return "add rows from elsewhere";
  return told.config === null
    ? "ask for more different rows"
    : 'more values in injections/, or a higher "temperature" in settings.json';
}
