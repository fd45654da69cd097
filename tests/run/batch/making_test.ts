import assert from "node:assert/strict";
import { UserError } from "../../../src/error.ts";
import type { Batches } from "../../../src/models/batch/types.ts";
import { submitBatch } from "../../../src/run/batch/making.ts";
import { entry, fault, state, work } from "./scripted.ts";

const named = fault({ kind: "limited", status: 429, retryAfterMs: 5 });
const limited = fault({ kind: "limited", status: 429 });

/** Submits a batch of 3 rows; says how often each call was made. */
async function submit(calls: Partial<Batches>) {
  const made = work({
    upload: () => Promise.resolve({ value: "file-1" }),
    isReady: () => Promise.resolve({ value: true }),
    create: () => Promise.resolve({ value: state() }),
    find: () => Promise.resolve({ value: null }),
    ...calls,
  });
  const came = await submitBatch({ entry: entry(3, { file: null }), parts: [] }, made)
    .catch((error: unknown) => {
      assert(error instanceof UserError && error.exitCode === 3, String(error));
      return error.message;
    });
  return { came, steps: made.steps.join(", "), open: made.open.size };
}

/** Comes to one after the other, to the last one from then on. */
function inTurn<T>(...answers: T[]): { (): Promise<T>; times: number } {
  const call = () => Promise.resolve(answers[Math.min(call.times++, answers.length - 1)]!);
  call.times = 0;
  return call;
}

Deno.test("each step is in the ledger before the next is taken", async () => {
  assert.deepEqual(await submit({}), { came: "made", steps: "uploaded, submitted", open: 1 });
});

Deno.test("an upload is given up at its eighth fault; waits that the endpoint names don't count", async () => {
  const seven = inTurn<{ fault: typeof limited } | { value: string }>(
    ...Array(7).fill({ fault: fault() }),
    { value: "file-1" },
  );
  assert.equal((await submit({ upload: seven })).came, "made");
  const eight = inTurn({ fault: fault() });
  assert.match((await submit({ upload: eight })).came, /takes no batch now: 500 Scripted/);
  assert.equal(eight.times, 8);
  const waits = inTurn<{ fault: typeof limited } | { value: string }>(
    ...Array(20).fill({ fault: named }),
    { value: "file-1" },
  );
  assert.equal((await submit({ upload: waits })).came, "made");
});

Deno.test("an upload that is refused is dropped at once", async () => {
  const upload = inTurn({ fault: fault({ kind: "stop", status: 401, reason: "401 Key" }) });
  const { came, steps } = await submit({ upload });
  assert.match(came, /can't be asked: 401 Key/);
  assert.deepEqual([upload.times, steps], [1, "dropped"]);
});

Deno.test("a file that isn't ready is looked at thirty times, one that can't be told of eight", async () => {
  const never = inTurn({ value: false });
  assert.equal((await submit({ isReady: never })).came, "made");
  assert.equal(never.times, 30);
  const unknown = inTurn({ fault: fault() });
  assert.equal((await submit({ isReady: unknown })).came, "made");
  assert.equal(unknown.times, 8);
  const refused = inTurn({ fault: fault({ kind: "stop", status: 404 }) });
  assert.equal((await submit({ isReady: refused })).came, "made");
  assert.equal(refused.times, 1);
});

Deno.test("a batch isn't made after eight faults, each of which was looked after in the list twice", async () => {
  const create = inTurn({ fault: fault() });
  const find = inTurn({ value: null });
  assert.match((await submit({ create, find })).came, /takes no batch now/);
  assert.deepEqual([create.times, find.times], [8, 16]);
});

Deno.test("a batch that the endpoint put off is noted as put off, until a call may have made it", async () => {
  const create = inTurn<Awaited<ReturnType<Batches["create"]>>>(
    { fault: limited },
    { fault: fault() },
    { fault: limited },
    { value: state() },
  );
  const { came, steps } = await submit({ create });
  assert.deepEqual([came, steps], ["made", "uploaded, put off, submitted"]);
});

Deno.test("a batch that a call made after all is found, and not made again", async () => {
  const create = inTurn({ fault: fault({ status: null }) });
  const find = inTurn({ value: null }, { value: state() });
  const { came, open } = await submit({ create, find });
  assert.deepEqual([came, open, create.times], ["made", 1, 1]);
});

Deno.test("a call that was taken in words nobody understands isn't made again", async () => {
  const create = inTurn({ fault: fault({ status: 200, reason: "odd" }) });
  const { came, steps } = await submit({ create });
  assert.match(came, /was made isn't known[^]*odd/);
  assert.deepEqual([create.times, steps], [1, "uploaded"]);
});

Deno.test("a batch that the line has no room for is dropped, and no fault", async () => {
  const create = inTurn({ full: "Enqueued token limit reached" });
  assert.deepEqual(await submit({ create }), { came: "full", steps: "uploaded, dropped", open: 0 });
});
