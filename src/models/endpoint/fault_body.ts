/** Values inside values; those of any real fault are a few. */
const DEEPEST = 50;

/** Values in all: what a validator repeats of a request is far less. */
const MOST_VALUES = 20_000;

/** Characters of one text of a fault. */
const LONGEST_TEXT = 4_096;

/**
 * The body of a fault as it can be worked with, whatever an endpoint sent: an object, not a list
 * with one in it; never deep or large; its code, param and type are plain words or numbers.
 *
 * @param body Parsed JSON.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { soundFault } from "./fault_body.ts";
 * assert.deepEqual(soundFault([{ error: { message: "No", code: 400 } }]), {
 *   error: { message: "No", code: 400 },
 * });
 * assert.deepEqual(soundFault({ error: { message: "No", code: { toString: 1 } } }), {
 *   error: { message: "No" },
 * });
 * ```
 */
export function soundFault(body: unknown): unknown {
  if (!isShallow(body)) return { error: { message: "an error too deep or too large to be read" } };
  const first = Array.isArray(body) && isRecord(body[0]) ? body[0] : body;
  if (!isRecord(first)) return first;
  const { error } = first;
  return isRecord(error) ? { ...plain(first), error: plain(error) } : plain(first);
}

/**
 * Whether a value is neither deep nor large, so that it can be walked and written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isShallow } from "./fault_body.ts";
 * assert(isShallow({ error: { message: "No" } }));
 * assert(!isShallow(JSON.parse("[".repeat(100) + "]".repeat(100))));
 * ```
 */
export function isShallow(body: unknown): boolean {
  let values: unknown[] = [body];
  let seen = 0;
  for (let depth = 0; values.length > 0; depth++) {
    seen += values.length;
    if (depth > DEEPEST || seen > MOST_VALUES) return false;
    const inner: unknown[] = [];
    for (const value of values) {
      if (typeof value !== "object" || value === null) continue;
      for (const each of Object.values(value)) inner.push(each);
      if (inner.length > MOST_VALUES) return false;
    }
    values = inner;
  }
  return true;
}

/** The client and all who read a fault take these for words; a text is as long as anybody reads. */
function plain(fields: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(fields).filter(([name, value]) =>
    !PLAIN.has(name) || value === null || typeof value === "string" || typeof value === "number"
  );
  return Object.fromEntries(
    entries.map(([name, value]) =>
      [name, typeof value === "string" ? value.slice(0, LONGEST_TEXT) : value] as const
    ),
  );
}

const PLAIN = new Set(["code", "param", "type", "__proto__"]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
