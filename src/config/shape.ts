import type { z } from "zod";
import type { FileRemarks } from "./remarks.ts";
import { nearest, shown, suggestion } from "./wording.ts";

/** A check by zod for each field of `T`: none may be missing, none be of another type, none be more. */
export type ShapeOf<T> = { [Name in keyof T]-?: z.ZodType<T[Name]> };

/**
 * Takes the known keys out of an object and remarks on the others: a key within two letters of a
 * known one is always a fault.
 *
 * @param value What a file holds at one place.
 * @param options `known`: the keys that may stand there; `place`: its name in messages, "" for the
 *   file itself; `others`: what a key is that is near none of them.
 */
export function knownPart(
  value: unknown,
  options: { known: string[]; place: string; others: "fault" | "warning"; remarks: FileRemarks },
): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { known, place, others, remarks } = options;
  const lead = place === "" ? "" : `${place} has `;
  const entries: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (known.includes(key)) {
      entries.push([key, inner]);
    } else if (others === "fault" || nearest(key, known) !== null) {
      const named = known.filter((name) => name !== "$schema");
      const hint = suggestion(key, nearest(key, known) === null ? named : known);
      remarks.fault(`${lead}${shown(key)}: unknown key. ${hint}`);
    } else {
      remarks.warn(`${lead}${shown(key)}: unknown key, ignored`);
    }
  }
  return Object.fromEntries(entries);
}

/**
 * What a check by zod found, one plain line each: `price.input is -1: it must be 0 or more`. The
 * shapes carry the rule as their message; place and value are added here.
 *
 * @param issues The issues as they came.
 * @param options `value`: what was checked; `name`: how a place inside it is named, by default its
 *   keys with dots between them and "it" for the whole.
 */
export function issueLines(
  issues: readonly z.core.$ZodIssue[],
  options: { value: unknown; name?: (path: readonly PropertyKey[]) => string },
): string[] {
  const name = options.name ?? ((path) => path.length === 0 ? "it" : path.map(String).join("."));
  const lines = issues.map((issue) => {
    const value = valueAt(options.value, issue.path);
    if (value === undefined) return `${name(issue.path)} is missing: ${issue.message}`;
    const quoted = typeof value === "string" && /^\s*-?[\d.]+\s*$/.test(value) &&
      issue.code === "invalid_type" && issue.expected !== "string";
    const unquote = quoted ? ", without quotes" : "";
    return `${name(issue.path)} is ${shown(value)}: ${issue.message}${unquote}`;
  });
  return [...new Set(lines)];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let inner = value;
  for (const key of path) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, key)) return undefined;
    inner = Reflect.get(inner, key);
  }
  return inner;
}
