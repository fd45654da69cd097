import assert from "node:assert/strict";
import { tallyPairs } from "../../src/plan/pairs.ts";
import { plan } from "../../src/plan/plan.ts";
import { configOf, item, scored } from "./configs.ts";

Deno.test("pairs are counted over all pairs of attributes, as far as they can be drawn", () => {
  const attributes = {
    language: [item("English"), item("Swedish"), item("Danish", { score: 0 })],
    tone: [item(""), item("Angry")],
    topic: [item("Loan"), item("Swish", { when: { language: ["Swedish"] } })],
  };
  const tally = tallyPairs({ attributes });
  // language × tone 4, language × topic 3, tone × topic 4.
  assert.equal(tally.coverage().possible, 11);
  assert.equal(tally.coverage().seen, 0);
  tally.add({ attributes: { language: "English", tone: "", topic: "Loan" } });
  tally.add({ attributes: { language: "English", tone: "Angry", topic: "Loan" } });
  tally.add({ attributes: { language: "English", tone: "Angry", topic: "Loan" } });
  assert.equal(tally.coverage().seen, 5);
});

Deno.test("unseen pairs are listed, the likeliest first", () => {
  const attributes = { a: scored([6, 4]), b: scored([7, 3]) };
  const tally = tallyPairs({ attributes }, { listed: 2 });
  tally.add({ attributes: { a: "v0", b: "v0" } });
  const { unseen } = tally.coverage();
  assert.deepEqual(unseen.map(({ pair }) => pair), [{ a: "v1", b: "v0" }, { a: "v0", b: "v1" }]);
  assert.deepEqual(unseen.map(({ share }) => share.toFixed(4)), ["0.2800", "0.1800"]);
});

Deno.test("rows with values that the config doesn't have count for their other values", () => {
  const tally = tallyPairs({
    attributes: { a: scored([1, 1]), b: scored([1, 1]), c: scored([1, 1]) },
  });
  tally.add({ attributes: { a: "unknown", b: "v1", c: "v0" } });
  tally.add({ attributes: { b: "v0" } });
  assert.equal(tally.coverage().seen, 1);
});

Deno.test("an attribute that is the same in every row makes no pairs", () => {
  const tally = tallyPairs({ attributes: { a: scored([1, 1]), same: scored([1]) } });
  assert.deepEqual(tally.coverage(), { possible: 0, seen: 0, unseen: [] });
});

Deno.test("planned rows never show a pair that can't be drawn", () => {
  const attributes = {
    language: [item("English", { score: 3 }), item("Swedish")],
    topic: [item("Loan"), item("Swish", { when: { language: ["Swedish"] } })],
  };
  const tally = tallyPairs({ attributes });
  const draw = plan(configOf(attributes), { seed: 1, sampling: "even" });
  for (let row = 0; row < 1000; row++) tally.add(draw(row));
  assert.deepEqual(tally.coverage(), { possible: 3, seen: 3, unseen: [] });
});
