import assert from "node:assert/strict";
import type { BatchState } from "../../../src/models/batch/types.ts";
import { collectEnded } from "../../../src/run/batch/collecting.ts";
import { openQueue } from "../../../src/run/batch/queue.ts";
import { openSizes } from "../../../src/run/batch/sizes.ts";
import { reply } from "../fixtures.ts";
import { entry, fault, state, work } from "./scripted.ts";

/** Collects a batch of 3 rows, of which the first is answered; its file may be gone. */
async function collect(
  fields: Partial<BatchState>,
  { cancel = false, gone = false, failure = "again" as "again" | "full" | "odd" } = {},
) {
  const base = work({
    async *results() {
      if (gone) yield { fault: fault({ kind: "stop", status: 404, reason: "404 gone" }) };
      else yield { id: "row-0", came: { body: {} } };
    },
    answerOf: () => ({ reply: reply() }),
    failureOf: () => failure === "odd" ? { fault: fault({ reason: "400 odd" }) } : failure,
  }, { cancel });
  const paid: unknown[] = [];
  const sizes = openSizes(8);
  sizes.full(4, 0);
  const collecting = {
    ...base,
    queue: openQueue<number>([], { numberOf: (row) => row, itemOf: (row) => row }),
    sizes,
    planning: {
      next: () => Promise.resolve(null),
      paid: (usage: unknown) => void paid.push(usage),
      shortage: () => null,
    },
    itemOf: (row: number) => row,
    done: () => 0,
    mostTries: undefined,
  };
  collecting.open.found(entry(3), "batch_1");
  const [batch] = collecting.open.all();
  const ended = { batch: batch!, state: state(fields) };
  const asked = await Array.fromAsync(collectEnded(ended, collecting, { kept: new Set() }));
  const again: number[] = [];
  for (let row = collecting.queue.next(); row !== null; row = collecting.queue.next()) {
    again.push(row);
    collecting.queue.take();
  }
  return {
    rows: asked.map(({ item }) => item),
    again,
    paid: paid.length,
    requests: sizes.requests,
    steps: base.steps,
    stop: base.open.stop?.message ?? null,
    open: base.open.size,
    notes: base.notes,
  };
}

Deno.test("a batch that was collected is paid, settled, ended, and lets the next one be larger", async () => {
  const { rows, again, paid, requests, steps, stop, open } = await collect({});
  assert.deepEqual([rows, again, paid, requests], [[0], [1, 2], 1, 4]);
  assert.deepEqual([steps, stop, open], [["settled", "completed"], null, 0]);
});

Deno.test("a batch that its time ran out for ends as expired, its rest asked again", async () => {
  const { again, steps } = await collect({ status: "expired" });
  assert.deepEqual([again, steps], [[1, 2], ["settled", "expired"]]);
});

Deno.test("a batch that was cancelled elsewhere stops; one that we cancel doesn't", async () => {
  const elsewhere = await collect({ status: "cancelled" });
  assert.match(elsewhere.stop ?? "", /batch_1 was cancelled at the endpoint/);
  assert.deepEqual([elsewhere.rows, elsewhere.again], [[0], []]);
  const ours = await collect({ status: "cancelled" }, { cancel: true });
  assert.deepEqual([ours.stop, ours.steps], [null, ["settled", "cancelled"]]);
});

Deno.test("a batch whose results are gone stays open in the ledger, or is given up as asked for", async () => {
  const left = await collect({}, { gone: true });
  assert.match(left.stop ?? "", /can't be had/);
  assert.deepEqual([left.steps, left.open, left.requests], [[], 0, 2]);
  const given = await collect({}, { gone: true, cancel: true });
  assert.deepEqual([given.stop, given.steps], [null, ["settled", "lost"]]);
  assert.match(given.notes.join("\n"), /They are given up/);
});

Deno.test("a batch that failed as a whole is asked again, made smaller, or stops", async () => {
  const again = await collect({ status: "failed" });
  assert.deepEqual([again.again, again.requests, again.stop], [[0, 1, 2], 2, null]);
  assert.deepEqual(again.steps, ["settled", "failed"]);
  const full = await collect({ status: "failed" }, { failure: "full" });
  assert.deepEqual([full.again, full.requests, full.stop], [[0, 1, 2], 2, null]);
  assert.match(full.notes.join("\n"), /the next batch has 2 rows/);
  const odd = await collect({ status: "failed" }, { failure: "odd" });
  assert.deepEqual(odd.again, []);
  assert.match(odd.stop ?? "", /didn't take batch batch_1: 400 odd/);
});
