import assert from "node:assert/strict";
import { lostRows, noRows, pendingRows, sumOfRows } from "../../src/run/row_counts.ts";
import { LOST_OUTCOMES, OUTCOMES } from "../../src/run/types.ts";

Deno.test("rows begin as pending, with a number for every outcome", () => {
  const counts = pendingRows(3);
  assert.deepEqual(Object.keys(counts), ["planned", ...OUTCOMES, "pending"]);
  assert.deepEqual([counts.planned, counts.pending, counts.ok], [3, 3, 0]);
  assert.notEqual(noRows(), noRows());
});

Deno.test("a sum has the rows of all, and changes none of them", () => {
  const one = { ...pendingRows(9), pending: 5, ok: 1, failed: 3 };
  const other = { ...pendingRows(2), pending: 0, ok: 1, empty: 1 };
  const sum = sumOfRows([one, other]);
  assert.deepEqual(sum, { ...noRows(), planned: 11, pending: 5, ok: 2, failed: 3, empty: 1 });
  assert.equal(one.planned, 9);
});

Deno.test("lost are the answered rows that aren't ok", () => {
  assert.deepEqual(
    [...LOST_OUTCOMES, "ok", "failed"].sort(),
    [...OUTCOMES].sort(),
  );
  const counts = {
    ...noRows(),
    ok: 1,
    refused: 2,
    filtered: 4,
    truncated: 8,
    empty: 16,
    failed: 32,
  };
  assert.equal(lostRows(counts), 30);
});
