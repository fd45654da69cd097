import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { checkConditions } from "../../src/config/conditions.ts";
import { collectRemarks } from "../../src/config/remarks.ts";

type Items = { value: string; score: number; when: Record<string, string[]> | null }[];

/** Tries every combination of all values of all attributes in turn. */
function leavesNothing(attributes: Items[], drawn: Record<string, string> = {}): boolean {
  const [items, ...rest] = attributes;
  if (items === undefined) return false;
  const open = items.filter(({ score, when }) =>
    score > 0 &&
    Object.entries(when ?? {}).every(([stem, values]) => values.includes(drawn[stem] ?? ""))
  );
  const stem = "abcd".charAt(Object.keys(drawn).length);
  return open.length === 0 ||
    open.some(({ value }) => leavesNothing(rest, { ...drawn, [stem]: value }));
}

Deno.test("checkConditions() faults just the folders that can leave nothing to draw", () => {
  const VALUES = ["x", "y", "z"];
  // Attribute a stands under no other, b may stand under a, c under a and b, d under all.
  const items = (parents: string[]) =>
    fc.tuple(...VALUES.map((value) =>
      fc.record({
        value: fc.constant(value),
        score: fc.constantFrom(0, 1, 1),
        when: parents.length === 0 ? fc.constant(null) : fc.option(
          fc.dictionary(
            fc.constantFrom(...parents),
            fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1 }),
            { minKeys: 1, noNullPrototype: true },
          ),
          { freq: 8 },
        ),
      })
    ));
  const seen = { sound: 0, faulty: 0 };
  fc.assert(
    fc.property(
      fc.tuple(items([]), items(["a"]), items(["a", "b"]), items(["a", "b", "c"])),
      (attributes) => {
        fc.pre(attributes[0].some(({ score }) => score > 0));
        const remarks = collectRemarks("metro");
        checkConditions(
          new Map(attributes.map((values, index) => {
            const stem = "abcd".charAt(index);
            const items = values.map((value, index) => ({
              number: index + 1,
              value: { ...value, factor: 1, prompt: null },
            }));
            return [stem, { items, remarks: remarks.on(`injections/${stem}.json`) }];
          })),
        );
        const nothing = leavesNothing(attributes);
        seen[nothing ? "faulty" : "sound"]++;
        assert.equal(remarks.faults.length > 0, nothing, remarks.faults[0]);
      },
    ),
    { numRuns: 2000 },
  );
  assert(seen.sound > 50 && seen.faulty > 50, JSON.stringify(seen));
});

Deno.test("checkConditions() stays quick with many values and warns where it gives up", () => {
  const remarks = collectRemarks("metro");
  const values = Array.from({ length: 40 }, (_, index) => `v${index}`);
  const plainItem = (value: string) => ({ value, score: 1, factor: 1, prompt: null });
  const parents = Array.from({ length: 8 }, (_, index) => `p${index}`);
  const files = new Map(
    parents.map((stem) => [stem, {
      items: values.map((value, index) => ({
        number: index + 1,
        value: { ...plainItem(value), when: null as Record<string, string[]> | null },
      })),
      remarks: remarks.on(stem),
    }]),
  );
  // Each value of each parent stands alone in a list, so none can be taken for another.
  const items = parents.flatMap((stem) => values.map((value) => ({ [stem]: [value] })))
    .map((when, index) => ({ number: index + 1, value: { ...plainItem(`c${index}`), when } }));
  files.set("child", { items, remarks: remarks.on("child") });
  checkConditions(files);
  assert.deepEqual(remarks.faults, []);
  assert.deepEqual(remarks.warnings, [
    'metro/child: "when" depends on too many combinations to try them all: add an item without "when"',
  ]);
});
