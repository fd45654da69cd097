import type { FileRemarks } from "./remarks.ts";
import { plain, shown } from "./wording.ts";

/** No file of a config is nested deeper; a bound spares everything behind it from deep recursion. */
const DEEPEST = 32;

const SPACE = /[ \t\r\n]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** What may stand next while the text is walked. */
type Wanted = "a value" | "a value or ]" | "a key" | "a key or }" | ":" | "more" | "the end";

interface Walk {
  /** Where the text stops being JSON, and why; null where it is JSON. */
  broken: { at: number; why: string } | null;
  /** Keys that stand twice in one object, each at its second place. */
  repeated: { at: number; key: string }[];
}

/**
 * A JSON file as a value, with all keys in NFC and trimmed.
 *
 * @param remarks Gets a fault, with line and column, where the text isn't JSON and for each key that
 *   stands twice in one object (`JSON.parse` would keep the last of them without a word).
 * @returns `{ value }`, or null after a fault.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readJson } from "./json.ts";
 * import { collectRemarks } from "./remarks.ts";
 * const remarks = collectRemarks("metro");
 * assert(readJson('{"mean": 2,}', remarks.on("length.json")) === null);
 * assert(remarks.faults[0] === 'metro/length.json: line 1, column 12: take away the comma before "}"');
 * ```
 */
export function readJson(text: string, remarks: FileRemarks): { value: unknown } | null {
  if (text.trim() === "") {
    remarks.fault("it is empty");
    return null;
  }
  const { broken, repeated } = walkJson(text);
  for (const { at, key } of repeated) {
    remarks.fault(`${placeIn(text, at)}: the key ${shown(key)} stands twice in one object`);
  }
  if (broken !== null) remarks.fault(`${placeIn(text, broken.at)}: ${broken.why}`);
  if (broken !== null || repeated.length > 0) return null;
  return { value: withPlainKeys(JSON.parse(text)) };
}

/** `JSON.parse` doesn't always say where it stopped, so the text is walked here. */
function walkJson(text: string): Walk {
  const repeated: Walk["repeated"] = [];
  const open: { closer: "]" | "}"; keys: Set<string> }[] = [];
  let wanted: Wanted = "a value";
  let at = 0;
  while (true) {
    at += lengthAt(SPACE, text, at);
    const broken = (why: string): Walk => ({ broken: { at, why }, repeated });
    const top = open.at(-1);
    if (at >= text.length) {
      if (wanted === "the end") return { broken: null, repeated };
      return broken(`the file ends too early: expected ${described(wanted, top?.closer)}`);
    }
    const sign = text.charAt(at);
    if (top !== undefined && sign === top.closer) {
      if (wanted === ":" || (wanted === "a value" && sign === "}")) {
        return broken(`expected ${described(wanted)} but found ${sign}`);
      }
      if (wanted === "a value" || wanted === "a key") {
        return broken(`take away the comma before "${sign}"`);
      }
      open.pop();
      at += 1;
      wanted = open.length === 0 ? "the end" : "more";
      continue;
    }
    const unexpected = () => broken(complaint(text, at, described(wanted, top?.closer)));
    if (wanted === "more" && sign === ",") {
      at += 1;
      wanted = top?.closer === "}" ? "a key" : "a value";
    } else if (wanted === ":" && sign === ":") {
      at += 1;
      wanted = "a value";
    } else if (wanted === "a key" || wanted === "a key or }") {
      const length = stringLengthAt(text, at);
      if (length === 0) return unexpected();
      const key = plain(JSON.parse(text.slice(at, at + length)));
      if (top?.keys.has(key)) repeated.push({ at, key });
      top?.keys.add(key);
      at += length;
      wanted = ":";
    } else if (wanted === "a value" || wanted === "a value or ]") {
      if (sign === "{" || sign === "[") {
        if (open.length === DEEPEST) return broken(`it is nested deeper than ${DEEPEST} levels`);
        open.push({ closer: sign === "{" ? "}" : "]", keys: new Set() });
        at += 1;
        wanted = sign === "{" ? "a key or }" : "a value or ]";
        continue;
      }
      const length = stringLengthAt(text, at) || lengthAt(SCALAR, text, at);
      if (length === 0) return unexpected();
      at += length;
      wanted = open.length === 0 ? "the end" : "more";
    } else {
      return unexpected();
    }
  }
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Length of the quoted text that starts there; 0 where none does or it is broken. */
function stringLengthAt(text: string, start: number): number {
  if (text[start] !== '"') return 0;
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '"') return at + 1 - start;
    if (sign < " ") return 0;
    if (sign !== "\\") continue;
    const escape = lengthAt(ESCAPE, text, at);
    if (escape === 0) return 0;
    at += escape - 1;
  }
  return 0;
}

function described(wanted: Wanted, closer = ""): string {
  if (wanted === "more") return `"," or "${closer}"`;
  if (wanted === "a value or ]") return 'a value or "]"';
  if (wanted === "a key") return "a key in double quotes";
  if (wanted === "a key or }") return 'a key in double quotes or "}"';
  return wanted === ":" ? '":"' : wanted;
}

function complaint(text: string, at: number, expected: string): string {
  const rest = text.slice(at, at + 200);
  if (/^(\/\/|\/\*|#)/.test(rest)) return "JSON has no comments: take it out";
  if (/^['‘’“”„`´]/.test(rest)) return 'text must stand in straight double quotes: "…"';
  if (rest.startsWith('"') && !/^(".*"|":|"[,\]}])/.test(rest)) {
    return "text must end with a double quote on its own line";
  }
  if (rest.startsWith('"') && stringLengthAt(text, at) === 0) {
    return String
      .raw`this text isn't valid JSON: inside it write \\ for a backslash, \n for a line break`;
  }
  const word = /^[\p{L}\p{M}\p{N}_.+-]+/u.exec(rest)?.[0] ?? Array.from(rest)[0] ?? "";
  const found = /^[\s\p{C}]$/u.test(word)
    ? `the character U+${(word.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`
    : shown(word).replaceAll(/^"|"$/g, "");
  return `expected ${expected} but found ${found}`;
}

function placeIn(text: string, at: number): string {
  const lines = text.slice(0, at).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}

function withPlainKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlainKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [plain(key), withPlainKeys(inner)]),
  );
}
