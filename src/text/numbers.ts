/** A whole number for people: 12,345. */
export function count(value: number): string {
  // toLocaleString would first load what it knows of all locales: 11 ms of every start.
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 row`, `2 rows`; a plural that isn't made with an s is given. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${Math.round(value) === 1 ? noun : plural}`;
}

/** Money in USD with as many digits as say something. */
export function money(usd: number): string {
  if (usd === 0) return "$0";
  return usd < 0.01 ? `$${usd.toPrecision(2)}` : `$${usd.toFixed(2)}`;
}

/** Rows a second. */
export function rate(value: number): string {
  return `${value < 10 ? value.toFixed(1) : count(value)} rows/s`;
}

/** Minutes and seconds: 0:17, 62:05. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A share or a margin of one as people write it: .37, .004, 1.00. */
export function share(value: number): string {
  const text = value > 0 && value < 0.01 ? value.toPrecision(1) : value.toFixed(2);
  return (Number(text) < 1e-6 ? "0" : text).replace(/^0(?=\.)/, "");
}

/**
 * A number of tokens with as many digits as it is known to: 850, 5.8 k, 58 k, 1.1 M.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { amount } from "./numbers.ts";
 * assert.deepEqual([850, 5_840, 58_400, 999_800].map(amount), ["850", "5.8 k", "58 k", "1 M"]);
 * ```
 */
export function amount(tokens: number): string {
  for (const [unit, sign] of [[1e9, " G"], [1e6, " M"], [1e3, " k"]] as const) {
    if (tokens < unit * 0.9995) continue;
    const units = tokens / unit;
    return (units < 99.5 ? Number(units.toPrecision(2)) : count(units)) + sign;
  }
  return String(Math.round(tokens));
}
