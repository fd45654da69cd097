import assert from "node:assert/strict";
import { openSizes } from "../../../src/run/batch/sizes.ts";

Deno.test("where the line is full and others are open, no more than those are open at once", () => {
  const sizes = openSizes(1000);
  assert.equal(sizes.open, Infinity);
  assert.equal(sizes.full(400, 3), "wait");
  assert.deepEqual([sizes.open, sizes.requests], [3, 1000]);
});

Deno.test("where the line is full and none is open, the next batch has half the rows, rounded up", () => {
  const sizes = openSizes(1000);
  assert.equal(sizes.full(7, 0), "smaller");
  assert.equal(sizes.requests, 4);
  assert.equal(sizes.full(4, 0), "smaller");
  assert.equal(sizes.requests, 2);
  assert.equal(sizes.full(2, 0), "smaller");
  assert.equal(sizes.requests, 1);
  assert.equal(sizes.open, Infinity);
});

Deno.test("a line without room for one row has none for any", () => {
  assert.equal(openSizes(1000).full(1, 0), "none");
});

Deno.test("each batch that was collected doubles the next one, up to the most", () => {
  const sizes = openSizes(10);
  sizes.full(6, 0);
  const requests = Array.from({ length: 3 }, () => {
    sizes.collected();
    return sizes.requests;
  });
  assert.deepEqual(requests, [6, 10, 10]);
});
