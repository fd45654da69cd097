import { printable } from "./printable.ts";

/** Characters of a text that are quoted at most. */
const LONGEST = 48;

/** A smaller share, or one that is less from all, comes from the arithmetic. */
const SMALLEST = 1e-9;

/**
 * A share for people, with two digits that count. What is less than all is never 100 %, what is more
 * than none never 0 %.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { percent } from "./wording.ts";
 * assert.deepEqual([0.282, 0.0125, 0.0004].map(percent), ["28 %", "1.3 %", "0.04 %"]);
 * assert.deepEqual([0.994, 0.9968, 1].map(percent), ["99 %", "99.7 %", "100 %"]);
 * ```
 */
export function percent(share: number): string {
  return `${percentNumber(share)} %`;
}

/**
 * An interval of shares, both ends with the same digits; an end that they would round to none or to
 * all has its own.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { percentRange } from "./wording.ts";
 * assert(percentRange({ low: 0.052, high: 0.09 }) === "5.2–9.0 %");
 * assert(percentRange({ low: 0.052, high: 0.11 }) === "5–11 %");
 * assert(percentRange({ low: 0.004, high: 0.9996 }) === "0.4–99.96 %");
 * ```
 */
export function percentRange({ low, high }: { low: number; high: number }): string {
  const narrow = high - low < 0.02 ? 1 : 0;
  const digits = high >= 0.0995 ? narrow : high >= 0.00995 ? 1 : 2;
  const [from, to] = [low, high].map((share) => {
    const text = (100 * share).toFixed(digits);
    return Number(text) === 0 || Number(text) === 100 ? percentNumber(share) : text;
  });
  return `${from}–${to} %`;
}

function percentNumber(share: number): string {
  if (share < SMALLEST) return "0";
  const rounded = Number((100 * share).toPrecision(2));
  const left = 1 - share;
  const shown = rounded === 100 && left > SMALLEST
    ? 100 - Number((100 * left).toPrecision(1))
    : rounded;
  // Without the digits that the subtraction adds, and never as 1e-7.
  return shown.toFixed(8).replace(/\.?0+$/, "");
}

/** A number of words, to a tenth where that says something. */
export function wordsNumber(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : value.toFixed(0);
}

/** A text of a model or a config in quotes: on one line, short, safe to print. */
export function quoted(text: string): string {
  const letters = Array.from(printable(text));
  return `"${
    letters.length > LONGEST ? letters.slice(0, LONGEST - 1).join("") + "…" : letters.join("")
  }"`;
}

/** The name of an attribute, likewise. */
export function named(stem: string): string {
  return quoted(stem).slice(1, -1);
}

/** A value in quotes, or what `""` asks for. */
export function valueText(value: string): string {
  return value === "" ? "nothing" : quoted(value);
}

/** The English name of a language by its code. */
export function languageName(code: string): string {
  if (code === "und") return "an unknown language";
  const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
  try {
    return named(names.of(code) ?? code);
  } catch (error) {
    if (error instanceof RangeError) return named(code);
    throw error;
  }
}
