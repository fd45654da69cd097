/** What the body of an error says. */
export interface Said {
  /** Its words for people, the outermost first; empty: there are none. */
  text: string;
  /** The start of them, for patterns: however long a body is, they end at once. */
  words: string;
  /** Its words for programs, such as `invalid_api_key`. */
  codes: readonly string[];
  /** The parameter that it is about. */
  param: string | null;
}

/** Characters that patterns look at. */
const LONGEST = 4_096;

/** Values of a body that are looked at: what an error says stands near its top. */
const MOST_VALUES = 500;

const WORDS = /^(message|msg|error|errors|detail|details|description|error_description|title|raw)$/;
const CODES = /^(code|type|status|reason|error_?code|error_?type)$/i;

/**
 * Reads the body of an error: an object, one in a list, one in another one, or a plain text. Any
 * value is taken, however deep it is and whatever it is made of.
 *
 * @param body Parsed JSON, or text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { saidIn } from "./said.ts";
 * const said = saidIn([{ error: { message: "No such model", code: 404 } }]);
 * assert.equal(said.text, "No such model");
 * assert.deepEqual(said.codes, ["404"]);
 * ```
 */
export function saidIn(body: unknown): Said {
  const texts = new Set<string>();
  const codes = new Set<string>();
  let param: string | null = null;
  const values: { name: string; value: unknown }[] = [{ name: "message", value: body }];
  // The outer values come before the inner ones, and nothing calls itself.
  for (let at = 0; at < values.length && at < MOST_VALUES; at++) {
    const { name, value } = values[at] ?? { name: "", value: null };
    if (typeof value === "string") {
      const inner = name === "raw" ? jsonIn(value) : undefined;
      if (inner !== undefined) values.push({ name: "message", value: inner });
      else if (WORDS.test(name)) texts.add(value);
      else if (CODES.test(name)) codes.add(value.slice(0, LONGEST));
      else if (name === "param") param ??= value;
    } else if (typeof value === "number" && CODES.test(name)) {
      codes.add(String(value));
    } else if (Array.isArray(value)) {
      for (const inner of value.slice(0, MOST_VALUES)) values.push({ name, value: inner });
    } else if (typeof value === "object" && value !== null) {
      const fields = Object.entries(value);
      const place = placeIn(fields);
      for (const [key, inner] of fields) {
        // Validators repeat the whole request there.
        if (key === "input") continue;
        const isPlaced = key === "msg" && typeof inner === "string" && place !== null;
        values.push({ name: key, value: isPlaced ? `${place}: ${inner}` : inner });
      }
    }
  }
  const text = [...texts].filter((text) => text.trim() !== "").join("; ");
  return { text, words: text.slice(0, LONGEST), codes: [...codes].slice(0, 20), param };
}

/** A JSON value in a text; undefined: it is another text. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where a validator found a fault, such as `body.seed`. */
function placeIn(fields: readonly [string, unknown][]): string | null {
  const [, loc] = fields.find(([name]) => name === "loc") ?? [];
  if (!Array.isArray(loc)) return null;
  return loc.filter((part) => typeof part === "string" || typeof part === "number").join(".");
}
