import type { ReadItem } from "./attribute.ts";
import type { FileRemarks } from "./remarks.ts";
import { nearest, plain, shown, suggestion } from "./wording.ts";
import type { AttributeValue } from "./types.ts";

/** One attribute as far as its file could be read. */
export interface ReadFile {
  items: ReadItem[];
  remarks: FileRemarks;
}

/** So many combinations are tried per attribute; values that no `when` tells apart count as one. */
const MOST_COMBINATIONS = 200_000;

/**
 * Checks every `when`: it names other attributes and their values, never in a circle, and whatever
 * they come out as leaves something to draw.
 *
 * @param files The attributes by stem, in the order of the config. One that has faults of its own
 *   isn't asked which values it has.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkConditions } from "./conditions.ts";
 * import { collectRemarks } from "./remarks.ts";
 * const remarks = collectRemarks("metro");
 * const value = { value: "Oslo", score: 1, factor: 1, prompt: null, when: { langage: ["Norwegian"] } };
 * const city = { items: [{ number: 1, value }], remarks: remarks.on("injections/city.json") };
 * checkConditions(new Map([["city", city]]));
 * assert(remarks.faults.length === 1);
 * ```
 */
export function checkConditions(files: Map<string, ReadFile>): void {
  checkNames(files);
  const order = checkCircles(files);
  if (order === null || [...files.values()].some(({ remarks }) => remarks.faulty)) return;
  for (const stem of files.keys()) checkLeftovers(stem, { files, order });
}

function checkNames(files: Map<string, ReadFile>): void {
  const sound = new Set(
    [...files].filter(([, file]) => !file.remarks.faulty).map(([stem]) => stem),
  );
  for (const [stem, { items, remarks }] of files) {
    for (const { number, value: { value, when } } of items) {
      const lead = `item ${number} (${shown(value)}): "when"`;
      for (const [other, wanted] of Object.entries(when ?? {})) {
        const file = files.get(other);
        if (other === stem) {
          remarks.fault(`${lead} names its own attribute, ${shown(stem)}: name another`);
        } else if (file === undefined) {
          const others = [...files.keys()].filter((name) => name !== stem);
          remarks.fault(
            `${lead} names ${shown(other)}: no such attribute. ${suggestion(other, others)}`.trim(),
          );
        } else if (sound.has(other)) {
          const values = file.items.map((item) => item.value.value);
          for (const unknown of wanted.filter((text) => !values.includes(text))) {
            const near = unknown === "" ? null : nearest(unknown, values.filter((text) => text));
            remarks.fault(
              `${lead} › ${shown(other)} names ${shown(unknown)}: ${other}.json has no such value${
                near === null ? "" : `. Did you mean ${shown(near)}?`
              }`,
            );
          }
        }
      }
    }
  }
}

function parentsOf(stem: string, files: Map<string, ReadFile>): string[] {
  const named = new Set(
    files.get(stem)?.items.flatMap(({ value }) => Object.keys(value.when ?? {})),
  );
  return [...files.keys()].filter((other) => other !== stem && named.has(other));
}

/** All stems with parents before children; null and a fault per circle where there are circles. */
function checkCircles(files: Map<string, ReadFile>): string[] | null {
  const order: string[] = [];
  const done = new Set<string>();
  let circular = false;
  const visit = (stem: string, path: string[]): void => {
    const start = path.indexOf(stem);
    if (start >= 0) {
      circular = true;
      const circle = [...path.slice(start), stem].join(" → ");
      files.get(stem)?.remarks.fault(`"when" goes in a circle: ${circle}`);
    }
    if (start >= 0 || done.has(stem)) return;
    for (const parent of parentsOf(stem, files)) visit(parent, [...path, stem]);
    done.add(stem);
    order.push(stem);
  };
  for (const stem of files.keys()) visit(stem, []);
  return circular ? null : order;
}

function checkLeftovers(
  stem: string,
  { files, order }: { files: Map<string, ReadFile>; order: string[] },
): void {
  const drawable = (name: string): AttributeValue[] =>
    (files.get(name)?.items ?? []).map(({ value }) => value)
      .filter(({ score, factor }) => score * factor > 0);
  const own = drawable(stem);
  if (own.some(({ when }) => when === null)) return;
  const above = ancestorsOf(stem, files);
  const ancestors = order.filter((name) => above.has(name));
  const questions = [...ancestors, stem].flatMap(drawable);
  const choices = new Map(
    ancestors.map((name) => [name, distinguishable(name, drawable(name), questions)]),
  );

  let tried = 0;
  const drawn = new Map<string, string>();
  /** Whether each combination of what follows leaves something; false ends the search. */
  const leaves = (depth: number): boolean => {
    if (++tried > MOST_COMBINATIONS) return true;
    const name = ancestors[depth];
    if (name === undefined) return own.some((value) => holds(value, drawn));
    for (const choice of choices.get(name) ?? []) {
      if (!holds(choice, drawn)) continue;
      drawn.set(name, choice.value);
      if (!leaves(depth + 1)) return false;
      drawn.delete(name);
    }
    return true;
  };
  const remarks = files.get(stem)?.remarks;
  if (!leaves(0)) {
    const where = parentsOf(stem, files)
      .map((name) => `${name} is ${shown(drawn.get(name))}`).join(" and ");
    remarks?.fault(
      `nothing is left to draw where ${where}: add an item for it, or one without "when"`,
    );
  } else if (tried > MOST_COMBINATIONS) {
    remarks?.warn(
      '"when" depends on too many combinations to try them all: add an item without "when"',
    );
  }
}

function ancestorsOf(stem: string, files: Map<string, ReadFile>): Set<string> {
  const found = new Set<string>();
  const waiting = parentsOf(stem, files);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    waiting.push(...parentsOf(name, files));
  }
  return found;
}

/** One value of each group that no `when` tells apart and that have the same `when` themselves. */
function distinguishable(
  name: string,
  values: AttributeValue[],
  questions: AttributeValue[],
): AttributeValue[] {
  const lists = questions.flatMap(({ when }) => when?.[name] === undefined ? [] : [when[name]]);
  const groups = new Map<string, AttributeValue>();
  for (const value of values) {
    const answers = lists.map((list) => list.includes(value.value));
    const key = JSON.stringify([answers, value.when]);
    if (!groups.has(key)) groups.set(key, value);
  }
  return [...groups.values()];
}

function holds({ when }: AttributeValue, drawn: Map<string, string>): boolean {
  return Object.entries(when ?? {}).every(([stem, values]) =>
    values.includes(plain(drawn.get(stem) ?? ""))
  );
}
