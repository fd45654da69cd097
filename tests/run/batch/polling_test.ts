import assert from "node:assert/strict";
import type { BatchState } from "../../../src/models/batch/types.ts";
import { pollBatches } from "../../../src/run/batch/polling.ts";
import { entry, fault, state, work } from "./scripted.ts";

/** Looks again and again at a batch of 10 rows; says after how many looks it was no longer open. */
async function poll(
  told: BatchState | ReturnType<typeof fault>,
  { cancel = false, most = 40 } = {},
) {
  const polling = work({
    retrieve: () => Promise.resolve("kind" in told ? { fault: told } : { value: told }),
  }, { cancel });
  polling.open.found(entry(10), "batch_1");
  for (let looks = 1; looks <= most; looks++) {
    const ended = await pollBatches(polling);
    if (ended.length > 0 || polling.open.size === 0) {
      const { stop } = polling.open;
      return { looks, ended: ended.length, stop: stop?.message ?? null, ...polling };
    }
  }
  return { looks: Infinity, ended: 0, stop: null, ...polling };
}

const withoutFile = state({ outputFile: null, counts: { total: 10, completed: 9, failed: 1 } });

Deno.test("a batch that has ended with its answers is collected at once", async () => {
  const { looks, ended, open } = await poll(state());
  assert.deepEqual([looks, ended, open.size], [1, 1, 1]);
});

Deno.test("answers that no file is named of are waited for during thirty looks, then left", async () => {
  const { looks, ended, stop, steps, notes } = await poll(withoutFile);
  assert.deepEqual([looks, ended, steps], [30, 0, []]);
  assert.match(stop ?? "", /counts answers, but .* names no file/);
  assert.equal(notes.length, 1);
});

Deno.test("a batch that is cancelled is given up after eight such looks", async () => {
  const { looks, stop, steps, notes } = await poll(withoutFile, { cancel: true });
  assert.deepEqual([looks, stop, steps], [8, null, ["settled", "lost"]]);
  assert.match(notes.at(-1) ?? "", /names no file of its answers: it is given up/);
});

Deno.test("a batch without any answer needs no file of them, nor does one that failed", async () => {
  const none = { total: 10, completed: 0, failed: 10 };
  assert.equal((await poll({ ...withoutFile, counts: none })).ended, 1);
  assert.equal((await poll({ ...withoutFile, counts: { ...none, completed: 1 } })).looks, 30);
  assert.equal((await poll({ ...withoutFile, counts: null })).ended, 1);
  assert.equal((await poll({ ...withoutFile, status: "failed" })).ended, 1);
});

Deno.test("a batch that is open says how far it is, never further than its rows", async () => {
  const at = async (completed: number) => {
    const counts = { total: 10, completed, failed: 2 };
    const { looks, open } = await poll(state({ status: "open", counts }), { most: 1 });
    assert.equal(looks, Infinity);
    return [open.answered, open.rows];
  };
  assert.deepEqual([await at(5), await at(50)], [[7, 10], [10, 10]]);
});

Deno.test("a batch that isn't known is left, or given up where it is cancelled", async () => {
  const unknown = fault({ kind: "stop", status: 404, reason: "404 none" });
  const left = await poll(unknown);
  assert.match(left.stop ?? "", /doesn't know batch batch_1/);
  assert.deepEqual(left.steps, []);
  const given = await poll(unknown, { cancel: true });
  assert.deepEqual([given.stop, given.steps], [null, ["settled", "lost"]]);
});
