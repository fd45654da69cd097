import assert from "node:assert/strict";
import { fillBatch, type FillOptions } from "../../../src/run/batch/planning.ts";
import { openQueue } from "../../../src/run/batch/queue.ts";

function queueOf(rows: number) {
  return openQueue(Array(rows).keys(), { numberOf: (row) => row, itemOf: (row) => row });
}

function fill(rows: number, options: Partial<FillOptions<number>> = {}) {
  const queue = queueOf(rows);
  const chunk = fillBatch(queue, {
    numberOf: (row) => row,
    lineOf: (row) => ({ line: `{"row":${row}}`, sent: { parameters: ["seed"], allowance: 0 } }),
    budget: null,
    out: 0,
    done: 0,
    most: { requests: 1000, bytes: 1_000_000 },
    ...options,
  });
  return { chunk, next: queue.next(), rows: chunk?.rows ?? null };
}

/** Money for so many rows. */
function moneyFor(rows: number): FillOptions<number>["budget"] {
  return { admitsAll: (out) => out <= rows };
}

const textOf = (parts: readonly Uint8Array<ArrayBuffer>[]) => new Blob([...parts]).text();

Deno.test("a batch has a line for each item, and as many as are there", async () => {
  const { chunk, rows } = fill(2);
  assert.deepEqual(rows, [0, 1]);
  assert.equal(await textOf(chunk?.parts ?? []), '{"row":0}\n{"row":1}\n');
  assert.deepEqual(chunk?.sent.parameters, ["seed"]);
  assert.equal(fill(0).chunk, null);
});

Deno.test("a batch ends at the most requests", () => {
  const { rows, next } = fill(5, { most: { requests: 3, bytes: 1000 } });
  assert.deepEqual([rows, next], [[0, 1, 2], 3]);
});

Deno.test("a batch ends where one more line would pass the most bytes, not before; one line always fits", () => {
  const bytes = '{"row":0}\n'.length;
  assert.deepEqual(fill(5, { most: { requests: 9, bytes: 2 * bytes } }).rows, [0, 1]);
  assert.deepEqual(fill(5, { most: { requests: 9, bytes: 2 * bytes - 1 } }).rows, [0]);
  const { rows, next } = fill(5, { most: { requests: 9, bytes: 1 } });
  assert.deepEqual([rows, next], [[0], 1]);
});

Deno.test("bytes are counted, not characters", () => {
  const lineOf = () => ({ line: "åäö", sent: { parameters: [], allowance: 0 } });
  assert.deepEqual(fill(5, { lineOf, most: { requests: 9, bytes: 14 } }).rows, [0, 1]);
  assert.deepEqual(fill(5, { lineOf, most: { requests: 9, bytes: 13 } }).rows, [0]);
});

Deno.test("a large file comes in parts that are whole together", async () => {
  const line = "x".repeat(700_000);
  const lineOf = () => ({ line, sent: { parameters: [], allowance: 0 } });
  const { chunk } = fill(5, { lineOf, most: { requests: 9, bytes: 1e9 } });
  assert.equal(chunk?.parts.length, 3);
  assert.equal(await textOf(chunk?.parts ?? []), `${line}\n`.repeat(5));
});

Deno.test("money cuts a batch short, with what is out in other batches", () => {
  const { rows, next } = fill(50, { budget: moneyFor(30), out: 10 });
  assert.deepEqual([rows?.length, next], [20, 20]);
});

Deno.test("a batch that money cuts short is made from a twentieth of the rows done, and not below", () => {
  const at = (rows: number) => fill(50, { budget: moneyFor(rows), done: 100 });
  assert.equal(at(5).rows?.length, 5);
  const { chunk, next } = at(4);
  assert.deepEqual([chunk, next], [null, 0]);
  // Where it isn't money that ends it, a batch may be small.
  assert.equal(fill(1, { budget: moneyFor(9), done: 100 }).rows?.length, 1);
  assert.deepEqual(fill(50, { budget: moneyFor(0) }).rows, null);
});

Deno.test("the rows of a batch that isn't made are asked in their order later", () => {
  const queue = queueOf(50);
  queue.again([70, 71, 72]);
  const options = {
    numberOf: (row: number) => row,
    lineOf: () => ({ line: "", sent: { parameters: [], allowance: 0 } }),
    out: 0,
    most: { requests: 4, bytes: 1000 },
  };
  assert.equal(fillBatch(queue, { ...options, budget: moneyFor(2), done: 100 }), null);
  const chunk = fillBatch(queue, { ...options, budget: null, done: 100 });
  assert.deepEqual(chunk?.rows, [70, 71, 72, 0]);
});
