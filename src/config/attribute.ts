import type { FileRemarks } from "./remarks.ts";
import { itemShape } from "./schemas.ts";
import { issueLines } from "./shape.ts";
import type { AttributeValue } from "./types.ts";
import { listed, nearest, plain, shown } from "./wording.ts";

/** The keys of an item that aren't its value. */
export const ITEM_KEYS: readonly string[] = Object.keys(itemShape.shape);

/** A value and the place of its item in the file, counted from 1. */
export interface ReadItem {
  number: number;
  value: AttributeValue;
}

/** What is known of the items before. Warnings that many of them share are said once. */
interface Seen {
  /** The number of each value's first item. */
  values: Map<string, number>;
  /** Keys that were taken for the value, though the file has another name. */
  taken: Set<string>;
  /** Unknown keys, each with the numbers of its items. */
  ignored: Map<string, number[]>;
}

/**
 * The values of one file of `injections/`. Items that are at fault are left out.
 *
 * @param data What the file holds.
 * @param options `stem`: the file's name without its ending, which names the attribute.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readAttribute } from "./attribute.ts";
 * import { collectRemarks } from "./remarks.ts";
 * const remarks = collectRemarks("metro").on("injections/tone.json");
 * const items = readAttribute([{ tone: "Angry", "frequency score": 2 }], { stem: "tone", remarks });
 * assert(items[0]?.value.score === 2 && items[0].value.factor === 1);
 * ```
 */
export function readAttribute(
  data: unknown,
  options: { stem: string; remarks: FileRemarks },
): ReadItem[] {
  const { stem, remarks } = options;
  const example = `[{${shown(stem)}: "…", "frequency score": 1}, …]`;
  if (!Array.isArray(data)) {
    remarks.fault(`it is ${shown(data)}: it must be a list of items, ${example}`);
    return [];
  }
  if (data.length === 0) remarks.fault(`the list is empty: expected items, ${example}`);
  const seen: Seen = { values: new Map(), taken: new Set(), ignored: new Map() };
  const items: ReadItem[] = [];
  data.forEach((item: unknown, index) => {
    const value = readItem(item, { stem, number: index + 1, remarks, seen });
    if (value !== null) items.push({ number: index + 1, value });
  });
  if (!remarks.faulty) checkWeights(items, remarks);
  for (const key of seen.taken) {
    remarks.warn(
      `the values stand under ${shown(key)}: the attribute is named ${
        shown(stem)
      }, after the file. Rename the file or the key`,
    );
  }
  for (const [key, numbers] of seen.ignored) {
    const where = numbers.length > 1
      ? `items ${numbers.join(", ")} have`
      : `item ${numbers[0]} has`;
    remarks.warn(
      `${numbers.length > 5 ? `${numbers.length} items have` : where} ${
        shown(key)
      }: unknown key, ignored`,
    );
  }
  return items;
}

function readItem(
  item: unknown,
  options: { stem: string; number: number; remarks: FileRemarks; seen: Seen },
): AttributeValue | null {
  const { stem, number, remarks, seen } = options;
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    remarks.fault(
      `item ${number} is ${shown(item)}: it must be an object, {${
        shown(stem)
      }: "…", "frequency score": 1}`,
    );
    return null;
  }
  const { valueKey, misspelt } = sortKeys(item, options);
  const text: unknown = valueKey === undefined ? undefined : Reflect.get(item, valueKey);
  const value = typeof text === "string" ? plain(text) : null;
  const lead = value === null ? `item ${number}` : `item ${number} (${shown(value)})`;
  if (valueKey !== undefined && value === null) {
    const quoted = typeof text === "object" ? "…" : String(text);
    remarks.fault(
      `item ${number} has ${shown(text)} as its value: put it in quotes, ${shown(valueKey)}: ${
        shown(quoted)
      }`,
    );
  }
  const earlier = value === null ? undefined : seen.values.get(value);
  if (earlier !== undefined) remarks.fault(`${lead} stands in item ${earlier} already`);
  else if (value !== null) seen.values.set(value, number);
  const entries = Object.entries(item).filter(([key]) => ITEM_KEYS.includes(key));
  const part: unknown = Object.fromEntries(entries);
  const checked = itemShape.safeParse(part);
  if (!checked.success) {
    const missing = misspelt.map((key) => nearest(key, ITEM_KEYS));
    const issues = checked.error.issues.filter(({ path }) =>
      Object.hasOwn(item, path[0] ?? "") || !missing.includes(String(path[0]))
    );
    for (const line of issueLines(issues, { value: part, name: named })) {
      remarks.fault(`${lead}: ${line}`);
    }
    return null;
  }
  if (value === null || misspelt.length > 0) return null;
  return {
    value,
    score: checked.data["frequency score"],
    factor: checked.data["draw factor"] ?? 1,
    prompt: readWording(checked.data.prompt, { value, lead, remarks }),
    when: readWhen(checked.data.when, { lead, remarks, raw: Reflect.get(item, "when") }),
    ...(checked.data.description === undefined
      ? {}
      : { description: plain(checked.data.description) }),
  };
}

/** Tells the value's key from slips and from keys that mean nothing, and remarks on these. */
function sortKeys(
  item: object,
  options: { stem: string; number: number; remarks: FileRemarks; seen: Seen },
): { valueKey: string | undefined; misspelt: string[] } {
  const { stem, number, remarks, seen } = options;
  const keys = Object.keys(item);
  const others = keys.filter((key) => key !== stem && !ITEM_KEYS.includes(key));
  const misspelt = others.filter((key) => nearest(key, ITEM_KEYS) !== null);
  for (const key of misspelt) {
    remarks.fault(
      `item ${number} has ${shown(key)}: unknown key. Did you mean ${
        shown(nearest(key, ITEM_KEYS))
      }?`,
    );
  }
  const candidates = others.filter((key) => !misspelt.includes(key));
  const valueKey = keys.includes(stem) ? stem : candidates.length === 1 ? candidates[0] : undefined;
  if (valueKey === undefined) {
    if (candidates.length > 1) {
      remarks.fault(
        `item ${number} has ${listed(candidates)}: which one is the value? Name it ${shown(stem)}`,
      );
    } else if (misspelt.length === 0) {
      remarks.fault(`item ${number} has no value: expected ${shown(stem)}: "…"`);
    }
  } else if (valueKey !== stem) {
    seen.taken.add(valueKey);
  } else {
    for (const key of candidates) {
      seen.ignored.set(key, [...seen.ignored.get(key) ?? [], number]);
    }
  }
  return { valueKey, misspelt };
}

/** `"when" › "language" › value 2` */
function named(path: readonly PropertyKey[]): string {
  return path.map((key) => typeof key === "number" ? `value ${key + 1}` : shown(key)).join(" › ");
}

function readWording(
  wording: string | undefined,
  options: { value: string; lead: string; remarks: FileRemarks },
): string | null {
  if (wording === undefined) return null;
  if (wording.trim() === "") {
    options.remarks.fault(
      `${options.lead}: "prompt" is blank: leave it out to show the value itself`,
    );
  } else if (options.value === "") {
    options.remarks.warn(`${options.lead}: "prompt" is ignored: the value "" asks for nothing`);
    return null;
  }
  return plain(wording);
}

function readWhen(
  when: Record<string, string[]> | undefined,
  options: { lead: string; remarks: FileRemarks; raw: unknown },
): Record<string, string[]> | null {
  // The shape's check drops this key without a word.
  if (Object.keys(Object(options.raw)).includes("__proto__")) {
    options.remarks.fault(`${options.lead}: "when" names "__proto__": no such attribute`);
  }
  const entries = Object.entries(when ?? {});
  if (entries.length === 0) return null;
  return Object.fromEntries(
    entries.map(([stem, values]) => [stem, [...new Set(values.map(plain))]]),
  );
}

function checkWeights(items: ReadItem[], remarks: FileRemarks): void {
  const scores = items.reduce((sum, { value }) => sum + value.score, 0);
  const weights = items.reduce((sum, { value }) => sum + value.score * value.factor, 0);
  if (scores === 0) {
    remarks.fault('every "frequency score" is 0: at least one must be above 0');
  } else if (!Number.isFinite(scores) || !Number.isFinite(weights) || weights === 0) {
    remarks.fault(
      'the sum of "frequency score" × "draw factor" is out of range: use numbers nearer to 1',
    );
  }
}
