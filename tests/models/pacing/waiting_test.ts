import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { backOff, insertByDue, sleep } from "../../../src/models/pacing/waiting.ts";

Deno.test("the back-off doubles up to 30 s, of which half to all is taken", () => {
  assert.deepEqual([1, 2, 3, 7, 8, 2000].map((times) => backOff(times, () => 0)), [
    250,
    500,
    1000,
    15_000,
    15_000,
    15_000,
  ]);
  assert.equal(backOff(1, () => 0.999999).toFixed(0), "500");
});

Deno.test("the line stays sorted by due time, equal ones in the order they came", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (dues) => {
    const line: { due: number; index: number }[] = [];
    dues.forEach((due, index) => insertByDue(line, { due, index }));
    const expected = dues.map((due, index) => ({ due, index })).sort((a, b) =>
      a.due - b.due || a.index - b.index
    );
    assert.deepEqual(line, expected);
  }));
});

Deno.test("a sleep ends at once when its signal aborts, and leaves no timer", async () => {
  const controller = new AbortController();
  const asleep = sleep(1e12, { signal: controller.signal });
  controller.abort();
  await asleep;
  await sleep(1e12, { signal: controller.signal });
  await sleep(1, { signal: new AbortController().signal });
});
