import { count as grouped } from "../text/numbers.ts";
import { printable } from "../text/printable.ts";
import type { Interval } from "../stats/intervals.ts";

/** Longer labels would leave no room for the chart. */
const LONGEST_LABEL = 70;
/** Width of a Latin letter and of a wide one (Chinese, emoji) at 12 px, in pixels. */
const LETTER = 6.7;
const WIDE_LETTER = 13;

/** A value as charts name it: one that asks for nothing is the empty text. */
export function valueLabel(value: string): string {
  return value === "" ? "(nothing asked)" : shortLabel(value);
}

/**
 * A label on one line, as it is but for what hides in it; a longer one, which would leave no room for
 * the chart, is cut.
 *
 * @param longest In letters, at least 1.
 */
export function shortLabel(label: string, longest: number = LONGEST_LABEL): string {
  const letters = Array.from(printable(label));
  return letters.length <= longest
    ? letters.join("")
    : letters.slice(0, longest - 1).join("").trimEnd() + "…";
}

/** A value as titles name it. */
export function valueName(value: string): string {
  return value === "" ? valueLabel(value) : quoted(value);
}

/** A term or a text as titles quote it. */
export function quoted(text: string): string {
  return `“${shortLabel(text)}”`;
}

/** Letters in bold are so much wider. */
export const BOLD = 1.15;

/** About how wide a label is at 12 px, rather too wide than too narrow, in pixels. */
export function labelWidth(label: string): number {
  return Array.from(label).reduce(
    (sum, letter) =>
      sum + (/[\u1100-\uffff\p{Emoji_Presentation}]/u.test(letter) ? WIDE_LETTER : LETTER),
    0,
  );
}

/**
 * A share for people, with two digits that count and a space that doesn't break. What is less than all
 * is never 100 %.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { percent } from "./labels.ts";
 * assert(percent(0.125) === "13\u00a0%" && percent(0.0125) === "1.3\u00a0%");
 * assert(percent(0.9968) === "99.7\u00a0%");
 * ```
 */
export function percent(share: number): string {
  const rounded = Number((share * 100).toPrecision(2));
  // Less than all isn't rounded to all; the smallest differences are those of the arithmetic.
  const shown = rounded === 100 && share < 1
    ? 100 - Number(((1 - share) * 100).toPrecision(1))
    : share < SMALLEST
    ? 0
    : rounded;
  return `${Number(shown.toPrecision(6))}\u00a0%`;
}

const SMALLEST = 1e-7;

/**
 * An interval of shares, both ends with the same digits.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { percentRange } from "./labels.ts";
 * assert(percentRange({ low: 0.052, high: 0.09 }) === "5.2–9.0\u00a0%");
 * assert(percentRange({ low: 0.052, high: 0.11 }) === "5–11\u00a0%");
 * ```
 */
export function percentRange({ low, high }: Interval): string {
  const narrow = high - low < 0.02 ? 1 : 0;
  const digits = high >= 0.0995 ? narrow : high >= 0.00995 ? 1 : 2;
  const [from, to] = [low, high].map((share) => (share * 100).toFixed(digits));
  return `${from}–${to}\u00a0%`;
}

/** A whole number for people: 1,204. */
export function count(n: number): string {
  return grouped(Math.round(n));
}

/** A number that was estimated: `about 3,100`. */
export function about(n: number): string {
  return `about ${count(Number(n.toPrecision(2)))}`;
}

/** A number of things: `1 row`, `1,204 rows`. */
export function counted(n: number, thing: string, things: string = `${thing}s`): string {
  return `${count(n)}\u00a0${Math.round(n) === 1 ? thing : things}`;
}

/** A log2 ratio as how many times as often: `4×`. */
export function times(log2Ratio: number): string {
  const ratio = 2 ** log2Ratio;
  const shown = Number.isInteger(log2Ratio) ? ratio : Number(ratio.toPrecision(2));
  return `${shown.toLocaleString("en-US")}×`;
}

/** Where an axis of log2 ratios from 0 has its ticks: whole ones, seven at most. */
export function doublings(most: number): number[] {
  const step = Math.max(1, Math.ceil(most / 6));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

/** The English name of a language by its base code; for `und` words that say so. */
export function languageName(code: string): string {
  if (code === "und") return "an unknown language";
  return /^[a-z]{2,3}$/.test(code) ? languages.of(code) ?? code : shortLabel(code);
}

const languages = new Intl.DisplayNames(["en"], { type: "language" });
