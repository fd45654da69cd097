import assert from "node:assert/strict";
import type { Config } from "../../src/config/types.ts";
import { UserError } from "../../src/error.ts";
import { marginals } from "../../src/plan/marginals.ts";
import { item } from "./configs.ts";

/** Shares by stem in the config's order, to twelve digits. */
function sharesOf(
  attributes: Config["attributes"],
  weights: "target" | "draw",
): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(marginals({ attributes }, { weights })).map((
      [stem, values],
    ) => [stem, values.map(({ share }) => Number(share.toPrecision(12)))]),
  );
}

Deno.test("shares are scores, or scores times factors, over their sum", () => {
  const tone = [
    item("Angry", { score: 10, factor: 3 }),
    item("", { score: 70 }),
    item("x", { score: 0 }),
  ];
  assert.deepEqual(sharesOf({ tone }, "target"), { tone: [0.125, 0.875, 0] });
  assert.deepEqual(sharesOf({ tone }, "draw"), { tone: [0.3, 0.7, 0] });
  assert.deepEqual(
    marginals({ attributes: { tone } }, { weights: "draw" })["tone"]!.map(({ value }) => value),
    ["Angry", "", "x"],
  );
});

Deno.test("shares under `when` are summed over what they depend on", () => {
  const attributes = {
    // Drawn last: stands first in the file order.
    angle: [item("a"), item("b", { score: 3, when: { topic: ["Swish"] } })],
    language: [item("English", { score: 3, factor: 2 }), item("Swedish", { score: 1 })],
    topic: [
      item("Loan", { score: 4 }),
      item("Mortgage", { score: 1 }),
      item("Swish", { score: 5, when: { language: ["Swedish"] } }),
    ],
  };
  // English .75: Loan .8, Mortgage .2. Swedish .25: .4, .1, .5.
  assert.deepEqual(sharesOf(attributes, "target"), {
    angle: [1 - 0.125 * 0.75, 0.125 * 0.75],
    language: [0.75, 0.25],
    topic: [0.7, 0.175, 0.125],
  });
  // A factor of the language moves the topic too.
  const english = 6 / 7;
  assert.deepEqual(
    sharesOf(attributes, "draw")["topic"]!.map((share) => share.toFixed(10)),
    [0.8 * english + 0.4 / 7, 0.2 * english + 0.1 / 7, 0.5 / 7].map((share) => share.toFixed(10)),
  );
});

Deno.test("an attribute with two conditions knows that its conditions depend on each other", () => {
  const attributes = {
    a: [item("0"), item("1")],
    b: [item("0", { when: { a: ["0"] } }), item("1", { when: { a: ["1"] } })],
    c: [
      item("same", { when: { a: ["0"], b: ["0"] } }),
      item("never", { when: { a: ["0"], b: ["1"] } }),
      item(""),
    ],
  };
  assert.deepEqual(sharesOf(attributes, "target")["c"], [0.25, 0, 0.75]);
});

Deno.test("a combination that leaves nothing to draw is the user's mistake", () => {
  const attributes = { a: [item("x", { when: { b: ["never"] } })], b: [item("y"), item("never")] };
  assert.throws(() => marginals({ attributes }, { weights: "target" }), UserError);
});
