/** Spaces, and all that could rewrite a terminal's line or hide a text: controls, bidi, unassigned. */
const unprintable = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu;

/** What a key looks like even where it isn't ours: `sk-…`, a bearer token, anything starred out. */
const keyLike = /\bsk-[\w*.…-]+|\bBearer\s+\S+|[\w-]*\*{3,}[\w*-]*/gi;

/** A shorter key, like the "x" for a server that asks for none, is no secret and stands in many words. */
export const SHORTEST_SECRET = 4;

/**
 * What an endpoint said, fit for one line: no key, no markup, nothing unprintable, at most `length`
 * characters.
 *
 * @param options `secrets`: texts that become `…` wherever they stand; `length`: 160 unless told.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { oneLine } from "./words.ts";
 * assert(oneLine("bad key:\n k3y!", { secrets: ["k3y!"] }) === "bad key: …");
 * ```
 */
export function oneLine(
  text: string,
  options: { secrets?: readonly string[]; length?: number } = {},
): string {
  const { secrets = [], length = 160 } = options;
  // Keys go first: cutting or cleaning could leave half of one that no longer matches.
  let line = text;
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET) line = line.replaceAll(secret, "…");
  }
  line = line.replace(keyLike, "…").replace(/<(style|script)\b.*?<\/\1>|<[^>]*>/gis, " ")
    .replace(unprintable, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}
