import type { Interval } from "../stats/intervals.ts";
import * as numbers from "../text/numbers.ts";
import { printable } from "../text/printable.ts";
import * as wording from "../text/wording.ts";

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

/** A number and its unit on one line. */
function unbroken(text: string): string {
  return text.replace(" ", "\u00a0");
}

/** A share as texts have it, in one piece. */
export function percent(share: number): string {
  return unbroken(wording.percent(share));
}

/** An interval of shares, likewise. */
export function percentRange(range: Interval): string {
  return unbroken(wording.percentRange(range));
}

/** A number that was estimated: `about 3,100`. */
export function about(n: number): string {
  return `about ${numbers.count(Number(n.toPrecision(2)))}`;
}

/** A number of things, likewise: `1 row`, `1,204 rows`. */
export function counted(n: number, thing: string, things?: string): string {
  return unbroken(numbers.counted(n, thing, things));
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
