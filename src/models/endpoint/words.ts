import { cutBeforeSecret, withoutSecrets } from "./secrets.ts";

// Each pattern here reads a text once: what comes from outside may be one word of many kilobytes.

/** Spaces, and all that could rewrite a terminal's line or hide a text: controls, bidi, unassigned. */
const unprintable = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu;

/** What a key looks like even where it isn't ours: `sk-…`, a bearer token, anything starred out. */
const keyLike = /\bsk-[\w*.…-]+|\bBearer\s+\S+|(?<![\w-])[\w-]*\*{3,}[\w*-]*/gi;

const tag = /<[^<>]*>/g;

/** What stands in these tags is for the browser. */
const hidden = /<(style|script)\b/gi;

/** Characters that are looked at. Whatever is said behind them isn't for one line. */
const MOST_READ = 16_384;

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
  // Keys go first: cleaning could leave half of one that no longer matches.
  const read = withoutSecrets(cutBeforeSecret(text, { length: MOST_READ, secrets }), secrets);
  const line = withoutHidden(read.replace(keyLike, "…")).replace(tag, " ")
    .replace(unprintable, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}

/** Without styles and scripts; one that doesn't end takes the rest with it. */
function withoutHidden(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { index, 1: name = "" } of text.matchAll(hidden)) {
    if (index < at) continue;
    parts.push(text.slice(at, index));
    const end = new RegExp(`</${name}[^<>]*>?`, "gi");
    end.lastIndex = index;
    at = end.test(text) ? end.lastIndex : text.length;
  }
  parts.push(text.slice(at));
  return parts.join(" ");
}
