import assert from "node:assert/strict";
import { once } from "node:events";
import { pressStop, stoppable } from "../../src/notebook/interrupt.ts";

Deno.test("a press of the stop button stops all work at once and cuts it soon after", async () => {
  const order: string[] = [];
  const work = stoppable(async ({ stop, cut }) => {
    stop.addEventListener("abort", () => order.push("stop"));
    cut.addEventListener("abort", () => order.push("cut"));
    await once(cut, "abort");
    return "what there is";
  });
  const other = stoppable(async ({ stop }) => {
    await once(stop, "abort");
    return "of the other";
  });
  assert.equal(pressStop(), true);
  assert.deepEqual(order, ["stop"]);
  assert.equal(await work, "what there is");
  assert.equal(await other, "of the other");
  assert.deepEqual(order, ["stop", "cut"]);
});

Deno.test("a second press cuts without waiting", async () => {
  const work = stoppable(({ cut }) => once(cut, "abort"));
  pressStop();
  pressStop();
  await work;
});

Deno.test("with nothing running a press does nothing and says so", async () => {
  assert.equal(pressStop(), false);
  await stoppable(() => Promise.resolve());
  await assert.rejects(stoppable(() => Promise.reject(new Error("fault"))), /fault/);
  assert.equal(pressStop(), false);
});

Deno.test("work that ends before its cut leaves no timer behind", async () => {
  await stoppable(({ stop }) => {
    pressStop();
    assert.equal(stop.aborted, true);
    return Promise.resolve();
  });
});
