/** A wording of more words than this is named by what stands before its colon. */
const LONGEST_NAME = 6;

/**
 * What a value is called in a text: itself, and where its wording goes on to explain it at length
 * ("Stressed: on the platform, the train leaves in minutes"), what is explained.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shortNameOf } from "./short_name.ts";
 * assert.equal(shortNameOf("Stressed: on the platform, the train leaves soon"), "Stressed");
 * assert.equal(shortNameOf("Card: lost"), "Card: lost");
 * ```
 */
export function shortNameOf(value: string): string {
  if (value.split(/\s+/).length <= LONGEST_NAME) return value;
  const [name = ""] = value.split(/:\s/, 1);
  return name.trim() || value;
}
