import assert from "node:assert/strict";
import { UserError } from "../../../src/error.ts";
import type { BatchState, ResultLine } from "../../../src/models/batch/types.ts";
import type { Fault } from "../../../src/models/types.ts";
import { collectBatch, type CollectOptions, rowOfId } from "../../../src/run/batch/collect.ts";
import { reply } from "../fixtures.ts";
import { entry, fault, scripted, state, work } from "./scripted.ts";

/** What the endpoint answered to a row: text, a fault, nothing, or that it is to be asked anew. */
type Said = Fault | "ok" | "none" | "again" | "expired";

/** Collects a batch of so many rows, each answered by `said`. */
async function collect(
  rows: number,
  said: (row: number) => Said,
  { batch = {}, ...options }: Partial<CollectOptions<string>> & { batch?: Partial<BatchState> } =
    {},
) {
  const { patience } = work({});
  const results = Array.from({ length: rows }, (_, row) => ({ row, came: said(row) }))
    .filter(({ came }) => came !== "none")
    .map(({ row, came }): ResultLine => ({
      id: `row-${row}`,
      came: came === "expired" ? { undone: "expired" } : { body: came },
    }));
  const batches = scripted({
    async *results() {
      yield* results;
    },
    answerOf(came) {
      const body = "body" in came ? came.body as Said : "ok";
      if (body === "again") return "again";
      return typeof body === "string" ? { reply: reply() } : { fault: body };
    },
  });
  const collecting = collectBatch(entry(rows), state(batch), {
    batches,
    patience,
    itemOf: (row) => `item ${row}`,
    kept: new Set(),
    tries: new Map(),
    passedOver: new Set(),
    mostTries: 4,
    done: 0,
    note: () => {},
    ...options,
  });
  const ok: string[] = [];
  const failed: string[] = [];
  for (;;) {
    const next = await collecting.next();
    if (next.done) {
      const { again, tried, answered, stop } = next.value;
      return { ok, failed, again, tried, answered, stop: stop?.message ?? null };
    }
    (next.value.reply === null ? failed : ok).push(next.value.item);
  }
}

const broken = fault();
const rejected = fault({ kind: "rejected", status: 400, reason: "400 Odd" });
const filtered = fault({ kind: "filtered", status: 400, reason: "400 filter" });

/** Rows that came back so often without an answer already. */
function triedBefore(rows: number, times: number): Map<number, number> {
  return new Map(Array.from({ length: rows }, (_, row) => [row, times]));
}

Deno.test("rows that are answered are yielded as what they were asked for", async () => {
  const { ok, again, answered, stop } = await collect(3, () => "ok");
  assert.deepEqual([ok, again, answered, stop], [["item 0", "item 1", "item 2"], [], 3, null]);
});

Deno.test("rows that an earlier start kept are counted and not yielded again", async () => {
  const { ok, answered } = await collect(3, () => "ok", { kept: new Set([1]) });
  assert.deepEqual([ok, answered], [["item 0", "item 2"], 3]);
});

Deno.test("rows without an answer are asked again, those to be asked anew without a try in vain", async () => {
  const said: Said[] = ["none", "expired", broken, "again", "ok"];
  const { again, tried, failed } = await collect(5, (row) => said[row]!);
  assert.deepEqual([again, tried, failed], [[3, 0, 1, 2], [0, 1, 2], []]);
});

Deno.test("a row is given up at its fourth try, not before, where others are answered", async () => {
  const at = (times: number) =>
    collect(50, (row) => row < 25 ? broken : "ok", { tries: triedBefore(25, times) });
  assert.deepEqual([(await at(2)).failed.length, (await at(2)).again.length], [0, 25]);
  const fourth = await at(3);
  assert.deepEqual([fourth.failed.length, fourth.again, fourth.stop], [25, [], null]);
});

Deno.test("a filter is a sign of life as an answer is", async () => {
  const { failed, stop } = await collect(50, (row) => row < 30 ? broken : filtered, {
    tries: triedBefore(30, 3),
  });
  assert.deepEqual([failed.length, stop], [50, null]);
});

Deno.test("where no row is answered the last tries end nothing, unless they are few or were passed over", async () => {
  const at = (rows: number, options: { done: number; passedOver?: Set<number> }) =>
    collect(rows, () => broken, { tries: triedBefore(rows, 3), ...options });
  // One is few, and so is a tenth of the rows done.
  assert.equal((await at(1, { done: 0 })).failed.length, 1);
  assert.equal((await at(2, { done: 0 })).failed.length, 0);
  assert.equal((await at(10, { done: 100 })).failed.length, 10);
  const many = await at(11, { done: 100 });
  assert.deepEqual([many.failed, many.tried.length, many.again], [[], 11, []]);
  assert.match(many.stop ?? "", /answered no row of batch batch_1[^]*500 Scripted/);
  const passed = await at(11, { done: 100, passedOver: new Set([3]) });
  assert.deepEqual([passed.failed, passed.tried.length], [["item 3"], 10]);
});

Deno.test("from nine tenths of twenty rows on, a batch that isn't taken is nobody's fault but the endpoint's", async () => {
  const at = (rows: number, untaken: number, by: Fault) =>
    collect(rows, (row) => row < untaken ? by : "ok");
  const nearly = await at(20, 18, rejected);
  assert.deepEqual([nearly.failed, nearly.ok.length, nearly.tried], [[], 2, []]);
  assert.match(nearly.stop ?? "", /rejected 18 of the 20 rows of batch batch_1[^]*400 Odd/);
  assert.deepEqual(
    [(await at(20, 17, rejected)).failed.length, (await at(20, 17, rejected)).stop],
    [17, null],
  );
  assert.deepEqual(
    [(await at(19, 19, rejected)).failed.length, (await at(19, 19, rejected)).stop],
    [19, null],
  );
  const filters = await at(20, 18, filtered);
  assert.equal(filters.failed.length, 18);
  assert.match(filters.stop ?? "", /filtered 18 of the 20 rows[^]*a content filter took them/);
});

Deno.test("a fault that no row comes past stops, and its rows stay pending", async () => {
  const stop = fault({ kind: "stop", status: 401, reason: "401 Key" });
  const came = await collect(5, (row) => row === 2 ? stop : "ok");
  assert.deepEqual([came.ok.length, came.failed, came.again, came.tried], [4, [], [], []]);
  assert.match(came.stop ?? "", /can't be asked: 401 Key/);
});

Deno.test("what a cancelled batch didn't answer is neither tried nor asked again", async () => {
  const { ok, again, tried } = await collect(5, (row) => row < 2 ? "ok" : "none", {
    batch: { status: "cancelled" },
    tries: triedBefore(5, 3),
  });
  assert.deepEqual([ok.length, again, tried], [2, [], []]);
});

Deno.test("results that break off are read anew, and no row is yielded twice", async () => {
  const { patience } = work({});
  let times = 0;
  const batches = scripted({
    async *results() {
      times++;
      yield { id: "row-0", came: { body: "ok" } };
      if (times < 3) return yield { fault: broken };
      yield { id: "row-1", came: { body: "ok" } };
    },
    answerOf: () => ({ reply: reply() }),
  });
  const options = {
    batches,
    patience,
    itemOf: (row: number) => row,
    kept: new Set<number>(),
    tries: new Map(),
    passedOver: new Set<number>(),
    mostTries: 4,
    done: 0,
    note: () => {},
  };
  const rows = await Array.fromAsync(collectBatch(entry(2), state(), options));
  assert.deepEqual([rows.map(({ item }) => item), times], [[0, 1], 3]);
  const gone = scripted({
    async *results() {
      yield { fault: fault({ kind: "stop", status: 404, reason: "404 gone" }) };
    },
  });
  await assert.rejects(
    Array.fromAsync(collectBatch(entry(2), state(), { ...options, batches: gone })),
    (error) => error instanceof UserError && /can't be had[^]*404 gone/.test(error.message),
  );
});

Deno.test("only a whole row number names a row", () => {
  assert.deepEqual(
    ["row-0", "row-17", "row-017", "row-", "row--1", "row-1e3", "17", "row-99999999999999999"]
      .map(rowOfId),
    [0, 17, null, null, null, null, null, null],
  );
});
