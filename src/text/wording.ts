import { printable } from "./printable.ts";

/** Characters of a text that are quoted at most. */
const LONGEST = 48;

/** A share for people: 28 %, 4 %, 0.3 %. */
export function percent(share: number): string {
  return `${percentNumber(share)} %`;
}

/** An interval for people: 52–70 %. */
export function percentRange({ low, high }: { low: number; high: number }): string {
  const [from, to] = [percentNumber(low), percentNumber(high)];
  if (from !== to || low === high) return `${from}–${to} %`;
  return `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)} %`;
}

function percentNumber(share: number): string {
  const value = 100 * share;
  if (value === 0 || value === 100) return String(value);
  // What isn't all isn't rounded to all, nor what isn't none to none.
  if (value < 0.05) return "<0.1";
  if (value < 9.95) return value.toFixed(1).replace(/\.0$/, "");
  return value > 99 ? ">99" : value.toFixed(0);
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
  if (code === "und") return "a language not known";
  const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
  try {
    return named(names.of(code) ?? code);
  } catch (error) {
    if (error instanceof RangeError) return named(code);
    throw error;
  }
}
