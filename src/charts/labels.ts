/** Longer labels would leave no room for the chart. */
const LONGEST_LABEL = 70;
/** Width of a Latin letter and of a wide one (Chinese, emoji) at 12 px, in pixels. */
const LETTER = 6.7;
const WIDE_LETTER = 13;

/** A value as charts name it: one that asks for nothing is the empty text. */
export function valueLabel(value: string): string {
  return value === "" ? "(nothing asked)" : shortLabel(value);
}

/** A label as it is, but for one that would leave no room for the chart. */
export function shortLabel(label: string): string {
  const letters = Array.from(label);
  return letters.length <= LONGEST_LABEL
    ? label
    : letters.slice(0, LONGEST_LABEL - 1).join("").trimEnd() + "…";
}

/** About how wide a label is at 12 px, rather too wide than too narrow, in pixels. */
export function labelWidth(label: string): number {
  return Array.from(label).reduce(
    (sum, letter) =>
      sum + (/[\u1100-\uffff\p{Emoji_Presentation}]/u.test(letter) ? WIDE_LETTER : LETTER),
    0,
  );
}

/**
 * A share for people, with two digits that count and a space that doesn't break.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { percent } from "./labels.ts";
 * assert(percent(0.125) === "13\u00a0%" && percent(0.0125) === "1.3\u00a0%");
 * ```
 */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))}\u00a0%`;
}
