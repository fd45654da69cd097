import type { Limit } from "../types.ts";

/** The headers of one limit in one dialect; the first that is there counts. */
const dialects: readonly { of: Limit["of"]; before: string; after: string }[] = [
  { of: "requests", before: "x-ratelimit-", after: "-requests" },
  { of: "tokens", before: "x-ratelimit-", after: "-tokens" },
  { of: "requests", before: "x-ratelimit-", after: "" },
  { of: "requests", before: "ratelimit-", after: "" },
];

const none: readonly Limit[] = [];

/**
 * The limits that an answer's headers state: `x-ratelimit-remaining-requests` and `-tokens` with
 * their `limit` and `reset`, as OpenAI, Azure and many others send them, and the plain
 * `x-ratelimit-remaining` and `ratelimit-remaining`, which count requests.
 *
 * @param options `now`: milliseconds since 1970, for a reset that is a date; the clock's unless told.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readLimits } from "./limits.ts";
 * const headers = new Headers({
 *   "x-ratelimit-limit-requests": "500",
 *   "x-ratelimit-remaining-requests": "499",
 *   "x-ratelimit-reset-requests": "120ms",
 * });
 * assert.deepEqual(readLimits(headers), [{ of: "requests", most: 500, left: 499, resetMs: 120 }]);
 * ```
 */
export function readLimits(headers: Headers, options: { now?: number } = {}): readonly Limit[] {
  let limits: Limit[] | null = null;
  for (const { of, before, after } of dialects) {
    const left = amount(headers.get(`${before}remaining${after}`));
    if (left === null || limits?.some((limit) => limit.of === of)) continue;
    const most = amount(headers.get(`${before}limit${after}`));
    const resetMs = waitOf(headers.get(`${before}reset${after}`), options);
    (limits ??= []).push({ of, most: most === null ? null : Math.max(most, left), left, resetMs });
  }
  return limits ?? none;
}

/** `500`, also in front of what else a policy says: `500, 500;w=60`. */
function amount(text: string | null): number | null {
  const digits = /^\s*(\d+(?:\.\d+)?)/.exec(text ?? "")?.[1];
  return digits === undefined ? null : Number(digits);
}

const unitMs: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/**
 * Milliseconds until a moment that a header names: as a duration (`20ms`, `1s`, `6m0s`), in seconds,
 * as seconds or milliseconds since 1970, or as a date. Null where it names none; never below 0.
 *
 * @param options `now`: milliseconds since 1970; the clock's unless told.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { waitOf } from "./limits.ts";
 * assert.equal(waitOf("1m0.5s"), 60_500);
 * assert.equal(waitOf("1970-01-01T00:00:09Z", { now: 2000 }), 7000);
 * ```
 */
export function waitOf(
  text: string | null | undefined,
  options: { now?: number } = {},
): number | null {
  const said = text?.trim() ?? "";
  if (said === "") return null;
  const now = options.now ?? Date.now();
  const number = Number(said);
  if (Number.isFinite(number)) {
    if (number > 1e11) return Math.max(0, number - now);
    if (number > 1e9) return Math.max(0, number * 1000 - now);
    return Math.max(0, number * 1000);
  }
  if (/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(said)) {
    let sum = 0;
    for (const [, digits, unit] of said.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) {
      sum += Number(digits) * (unitMs[unit ?? ""] ?? 0);
    }
    return sum;
  }
  const date = Date.parse(said);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
