import assert from "node:assert/strict";
import type { Answer } from "../../../src/models/types.ts";
import { watchProgress } from "../../../src/run/asking/progress.ts";
import { reply } from "../fixtures.ts";

const limited: Answer = {
  fault: { kind: "limited", reason: "429", status: 429, retryAfterMs: null },
  calls: 1,
};

Deno.test("calls are out until they are answered or end otherwise", async () => {
  const watch = watchProgress(() => 0);
  const answering = Promise.withResolvers<Answer>();
  const first = watch.call(answering.promise);
  const second = watch.call(Promise.reject(new Error("aborted")));
  assert.equal(watch.now().inFlight, 2);
  await assert.rejects(second, /aborted/);
  assert.equal(watch.now().inFlight, 1);
  answering.resolve({ reply: reply(), calls: 1 });
  await first;
  assert.deepEqual([watch.now().inFlight, watch.now().limited], [0, 0]);
});

Deno.test("calls that a limit put off are counted, other faults aren't", async () => {
  const watch = watchProgress(() => 0);
  await watch.call(Promise.resolve(limited));
  for (const kind of ["busy", "passing"] as const) {
    const fault = { kind, reason: "503", status: 503, retryAfterMs: null };
    await watch.call(Promise.resolve({ fault, calls: 1 }));
  }
  assert.equal(watch.now().limited, 1);
});

Deno.test("a hold is told from two seconds on, and until it is over", () => {
  const watch = watchProgress(() => 10_000);
  watch.held(1_999);
  assert.equal(watch.now().heldUntil, undefined);
  watch.held(2_000);
  assert.equal(watch.now().heldUntil, 12_000);
  watch.held(0);
  assert.equal(watch.now().heldUntil, undefined);
});

Deno.test("batches are told while any is open", () => {
  const watch = watchProgress(() => 0);
  const open = { open: 1, rows: 9, answered: 3, heldUntil: 7 };
  watch.batches(open);
  assert.deepEqual([watch.now().batches, watch.now().heldUntil], [open, 7]);
  watch.batches({ open: 0, rows: 0, answered: 0 });
  assert.deepEqual([watch.now().batches, watch.now().heldUntil], [undefined, undefined]);
});
