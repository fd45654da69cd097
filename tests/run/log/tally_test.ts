import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { shardRows } from "../../../src/plan/shard.ts";
import { openTally } from "../../../src/run/log/tally.ts";
import { OUTCOMES } from "../../../src/run/types.ts";
import { record } from "../fixtures.ts";

Deno.test("planned is the sum of the outcomes and pending after any records, the newest counting", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 5_000 }),
    fc.array(fc.tuple(fc.nat(4_999), fc.constantFrom(...OUTCOMES))),
    (planned, log) => {
      const tally = openTally(shardRows(planned, null));
      const newest = new Map<number, string>();
      for (const [any, outcome] of log) {
        const row = any % planned;
        tally.add(record(row, { outcome }));
        newest.set(row, outcome);
      }
      const { planned: all, pending, ...outcomes } = tally.counts();
      assert.equal(all, planned);
      assert.equal(pending + Object.values(outcomes).reduce((a, b) => a + b), planned);
      assert.equal(pending, planned - newest.size);
      for (const outcome of OUTCOMES) {
        assert.equal(outcomes[outcome], [...newest.values()].filter((o) => o === outcome).length);
      }
      for (const [row, outcome] of newest) assert.equal(tally.outcomeOf(row), outcome);
    },
  ));
});

Deno.test("a row beyond the planned ones can't be counted", () => {
  assert.throws(() => openTally(shardRows(3, null)).add(record(3)), RangeError);
});

Deno.test("cost and usage are those of all records, null where none is known", () => {
  const tally = openTally(shardRows(3, null));
  assert.deepEqual([tally.cost(), tally.usage()], [null, null]);
  tally.add(record(0, { cost: null, usage: null }));
  assert.deepEqual([tally.cost(), tally.usage()], [null, null]);
  tally.add(record(1, { cost: 0.1, usage: { input: 5, output: 1 } }));
  tally.add(record(1, { cost: 0.2, usage: { input: 7, output: 2 } }));
  assert.deepEqual([tally.cost(), tally.usage()], [0.3, { input: 12, output: 3 }]);
});

Deno.test("each record counts at its own cost, those from before a price was known at today's", () => {
  const tally = openTally(shardRows(9, null));
  const usage = { input: 1e6, output: 1e6 };
  const price = {
    input: 2,
    output: 4,
    cachedInput: null,
    batch: { input: 1, output: 2 },
    origin: "this test",
  };
  assert.equal(tally.cost(price), null);
  tally.add(record(0, { cost: 0.5, usage }));
  tally.add(record(1, { cost: 0.25, usage, batch: "batch_1" }));
  assert.deepEqual([tally.cost(price), tally.cost()], [0.75, 0.75]);
  tally.add(record(2, { cost: null, usage }));
  assert.deepEqual([tally.cost(price), tally.cost()], [6.75, 0.75]);
  tally.add(record(3, { cost: null, usage, batch: "batch_1" }));
  tally.add(record(4, { cost: null, usage: null }));
  assert.deepEqual([tally.cost(price), tally.cost()], [9.75, 0.75]);
});

Deno.test("answers without a count of tokens are counted, rows without an answer aren't", () => {
  const tally = openTally(shardRows(9, null));
  tally.add(record(0));
  assert.deepEqual([tally.counted(), tally.uncounted()], [1, { live: 0, batch: 0 }]);
  const none = { usage: null, cost: null };
  tally.add(record(1, none));
  tally.add(record(2, { ...none, batch: "batch_1" }));
  tally.add(record(3, { ...none, text: null, outcome: "empty" }));
  tally.add(record(4, { ...none, text: null, finishReason: null, outcome: "failed" }));
  assert.deepEqual([tally.counted(), tally.uncounted()], [1, { live: 2, batch: 1 }]);
});
