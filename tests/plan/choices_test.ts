import assert from "node:assert/strict";
import { choices, placeOn, withAncestors } from "../../src/plan/choices.ts";
import { item, scored } from "./configs.ts";

Deno.test("a point falls on the first running sum above it", () => {
  const sums = Float64Array.of(1, 3, 6);
  assert.deepEqual([0, 0.99, 1, 2.99, 3, 5.99].map((point) => placeOn(sums, point)), [
    0,
    0,
    1,
    1,
    2,
    2,
  ]);
});

Deno.test("a point never falls on a value without weight, not even at its very edge", () => {
  // Weights 0, 2, 0, 0, 3, 0, 0.
  const sums = Float64Array.of(0, 2, 2, 2, 5, 5, 5);
  assert.deepEqual([0, 1, 2, 4.99].map((point) => placeOn(sums, point)), [1, 1, 4, 4]);
});

Deno.test("a point that was rounded up to the total falls on the last value that has a weight", () => {
  assert.equal(placeOn(Float64Array.of(0, 2, 2, 2, 5, 5, 5), 5), 4);
  assert.equal(placeOn(Float64Array.of(1), 1), 0);
});

Deno.test("attributes are drawn after those that their conditions name", () => {
  const all = choices({
    a: [item("x", { when: { c: ["v0"] } }), item("y")],
    b: scored([1, 1]),
    c: [item("v0"), item("v1", { when: { d: ["v1"] } })],
    d: scored([1, 1]),
  }, "target");
  assert.deepEqual(all.order, [1, 3, 2, 0]);
  assert.deepEqual(withAncestors(all, [0]), [3, 2, 0]);
  assert.deepEqual(withAncestors(all, [1]), [1]);
});
