import assert from "node:assert/strict";
import { chosenRows, judgedRows } from "../../src/label/choose.ts";
import { judged, labelled } from "./sheets.ts";

const rows = (n: number) =>
  Array.from({ length: n }, (_, row) => ({ row, p: 1, sample: "random" as const }));

Deno.test("chosenRows() draws the same rows again, and more of them begin with the fewer", () => {
  const some = chosenRows(rows(500), { n: 40, seed: 1 });
  assert.deepEqual(chosenRows(rows(500).reverse(), { n: 40, seed: 1 }), some);
  const numbers = some.map(({ row }) => row);
  assert.equal(new Set(numbers).size, 40);
  const more = chosenRows(rows(500), { n: 100, seed: 1 }).map(({ row }) => row);
  assert.deepEqual(more.slice(0, 40), numbers);
  assert.notDeepEqual(chosenRows(rows(500), { n: 40, seed: 2 }), some);
});

Deno.test("chosenRows() gives every candidate the chance that it says", () => {
  const drawn = new Float64Array(20);
  for (let seed = 0; seed < 4_000; seed++) {
    for (const { row, p } of chosenRows(rows(20), { n: 5, seed })) {
      assert.equal(p, 0.25);
      drawn[row] = drawn[row]! + 1;
    }
  }
  // A count of 4,000 draws has a standard deviation of 27.
  for (const count of drawn) assert(Math.abs(count - 1_000) < 130, String(count));
});

Deno.test("chosenRows() multiplies the chances of a judge's sample", () => {
  const candidates = [0.2, 0.8, 0.4].map((p, row) => ({ row, p, sample: "stratified" as const }));
  const chosen = chosenRows(candidates, { n: 2, seed: 3 });
  for (const { row, p, sample } of chosen) {
    assert.deepEqual([p, sample], [candidates[row]!.p * (2 / 3), "stratified"]);
  }
  const all = chosenRows(candidates, { n: 9, seed: 3 }).toSorted((a, b) => a.row - b.row);
  assert.deepEqual(all, candidates);
});

Deno.test("judgedRows() are rows of judges that are ok and weren't picked", () => {
  const labels = [
    judged(1),
    judged(1, { attribute: "tone", p: 0.75, by: "judge:openai:other" }),
    judged(2, { sample: "picked", p: null }),
    judged(3),
    labelled(4),
    judged(5, { attribute: "mood" }),
    judged(6, { sample: "random", p: 1 }),
  ];
  const found = judgedRows(labels, { stems: ["tone", "topic"], isOk: (row) => row !== 3 });
  assert.deepEqual(found, [
    { row: 1, p: 0.75, sample: "stratified" },
    { row: 6, p: 1, sample: "random" },
  ]);
});
