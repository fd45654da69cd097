import type { Fault } from "../types.ts";

/** Where words differ, they do so before this. */
const longest = 400;

/**
 * A fault's status and words without what differs from row to row and from time to time: what is
 * quoted, and whatever has a digit in it (sizes, waits, ids).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wordsOf } from "./words_of.ts";
 * const fault = (reason: string) => ({ reason, status: 400 });
 * assert.equal(
 *   wordsOf(fault('400 "Hej" takes 812 tokens')),
 *   wordsOf(fault('400 "Hallå" takes 97 tokens')),
 * );
 * ```
 */
export function wordsOf({ reason, status }: Pick<Fault, "reason" | "status">): string {
  const words = reason.slice(0, longest).toLowerCase()
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "…")
    .split(/\s+/)
    .map((word) => /\d/.test(word) ? "#" : word);
  return `${status} ${words.join(" ")}`;
}
