import assert from "node:assert/strict";
import { openQueue, type Queue } from "../../../src/run/batch/queue.ts";

function queueOf(wanted: Iterable<number>): Queue<string> {
  return openQueue(Iterator.from(wanted).map((row) => `item ${row}`), {
    numberOf: (item) => Number(item.slice("item ".length)),
    itemOf: (row) => `item ${row}`,
  });
}

/** Takes all that is left. */
function rest(queue: Queue<string>): string {
  const rows: string[] = [];
  for (let item = queue.next(); item !== null; item = queue.next()) {
    rows.push(item.replace("item ", ""));
    queue.take();
  }
  return rows.join(" ");
}

Deno.test("items come in order, and the next one stays until it is taken", () => {
  const queue = queueOf([0, 1, 2]);
  assert.deepEqual([queue.next(), queue.next()], ["item 0", "item 0"]);
  assert.equal(rest(queue), "0 1 2");
  assert.equal(queue.next(), null);
});

Deno.test("rows that came back go before new ones, the first that came back first", () => {
  const queue = queueOf([0, 1, 2, 3]);
  queue.take();
  assert.equal(queue.next(), "item 0");
  queue.take();
  queue.again([7]);
  queue.again([5, 6]);
  assert.equal(rest(queue), "7 5 6 1 2 3");
});

Deno.test("rows that are untaken come before those that came back earlier", () => {
  const queue = queueOf([0]);
  queue.again([5, 6, 7]);
  queue.next();
  queue.take();
  queue.next();
  queue.take();
  queue.untake([5, 6]);
  assert.equal(rest(queue), "5 6 7 0");
});

Deno.test("rows that are asked already are passed over where they are new, not where they came back", () => {
  const queue = queueOf([0, 1, 2, 3]);
  queue.pass([1, 2]);
  queue.again([2]);
  assert.equal(rest(queue), "2 0 3");
});

Deno.test("no more is drawn than is asked for", () => {
  let drawn = 0;
  const queue = queueOf((function* () {
    for (let row = 0;; row++) {
      drawn++;
      yield row;
    }
  })());
  queue.next();
  queue.next();
  assert.equal(drawn, 1);
});
