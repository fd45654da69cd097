/** A shorter key, like the "x" for a server that asks for none, is no secret and stands in many words. */
const SHORTEST = 4;

/**
 * All forms in which an endpoint could repeat what it was sent to be let in: the key and the
 * password as they are, escaped for an address or for JSON, and as a pair of HTTP's Basic scheme.
 *
 * @returns The longest first: where one stands in another, no rest of that is left.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { secretsOf } from "./secrets.ts";
 * const url = new URL("https://me:pa%20ss@example.org/v1");
 * assert.deepEqual(secretsOf({ apiKey: "k3y!", url }), ["bWU6cGEgc3M=", "bWU6cGEgc3M", "pa%20ss", "pa ss", "k3y!"]);
 * ```
 */
export function secretsOf({ apiKey, url }: { apiKey: string | undefined; url: URL }): string[] {
  const user = unescaped(url.username);
  const password = unescaped(url.password);
  const pair = user === "" && password === "" ? "" : base64(`${user}:${password}`);
  // A name without a password is a token.
  const words = [apiKey ?? "", password === "" ? user : password];
  const forms = words.flatMap((word) => [
    word,
    encodeURIComponent(word.toWellFormed()),
    JSON.stringify(word).slice(1, -1),
  ]);
  const all = [...forms, url.password, pair, pair.replace(/=+$/, "")];
  return [...new Set(all)].filter((text) => text !== "").sort((a, b) => b.length - a.length);
}

/**
 * A text in which each secret has become `…`, wherever it stands.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { withoutSecrets } from "./secrets.ts";
 * assert(withoutSecrets("Your key is k3y!, right?", ["k3y!"]) === "Your key is …, right?");
 * ```
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let left = text;
  for (const secret of secrets) {
    if (secret.length >= SHORTEST && left.includes(secret)) left = left.replaceAll(secret, "…");
  }
  return left;
}

/**
 * The first characters of a text, cut so that no beginning of a secret is left at the cut.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cutBeforeSecret } from "./secrets.ts";
 * assert(cutBeforeSecret("bad key: k3y!", { length: 12, secrets: ["k3y!"] }) === "bad key: ");
 * ```
 */
export function cutBeforeSecret(
  text: string,
  { length, secrets }: { length: number; secrets: readonly string[] },
): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  let end = cut.length;
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (let taken = Math.min(secret.length - 1, cut.length); taken > 0; taken--) {
      if (!cut.endsWith(secret.slice(0, taken))) continue;
      end = Math.min(end, cut.length - taken);
      break;
    }
  }
  return cut.slice(0, end);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
