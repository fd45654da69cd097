import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { plan } from "../../src/plan/plan.ts";
import { parseShard, type Shard, shardOf, shardRows, shardText } from "../../src/plan/shard.ts";

/** All shards of a run. */
function shardsOf(of: number): Shard[] {
  return Array.from({ length: of }, (_, i) => ({ index: i + 1, of }));
}

function listed(count: number, shard: Shard | null): number[] {
  const rows = shardRows(count, shard);
  return Array.from({ length: rows.size }, (_, place) => rows.rowAt(place));
}

Deno.test("the shards of a run together are the whole run, each row in the one that is its own", () => {
  fc.assert(fc.property(fc.nat(3_000), fc.integer({ min: 1, max: 60 }), (count, of) => {
    const all = shardsOf(of).map((shard) => {
      const rows = listed(count, shard);
      assert.deepEqual(rows, rows.toSorted((a, b) => a - b));
      assert(rows.every((row) => shardOf(row, of).index === shard.index));
      return rows;
    });
    assert.deepEqual(
      all.flat().toSorted((a, b) => a - b),
      Array.from({ length: count }, (_, row) => row),
    );
  }));
});

Deno.test("blocks of 64 rows go to the shards round robin", () => {
  const blocks = Array.from({ length: 9 }, (_, block) => shardOf(block * 64, 4).index);
  assert.deepEqual(blocks, [1, 2, 3, 4, 1, 2, 3, 4, 1]);
  assert.deepEqual(listed(300, { index: 1, of: 4 }), [
    ...Array.from({ length: 64 }, (_, i) => i),
    ...Array.from({ length: 44 }, (_, i) => 256 + i),
  ]);
  assert.deepEqual(listed(20, { index: 2, of: 4 }), []);
});

Deno.test("a row's place and the row at a place are each other's inverse, far beyond 32 bits too", () => {
  const any = fc.record({
    count: fc.maxSafeNat(),
    of: fc.integer({ min: 1, max: 10_000 }),
    row: fc.maxSafeNat(),
  }).filter(({ count }) => count > 0);
  fc.assert(fc.property(any, ({ count, of, row: anyRow }) => {
    const row = anyRow % count;
    const own = shardOf(row, of);
    const rows = shardRows(count, own);
    const place = rows.placeOf(row);
    assert(place !== null && place >= 0 && place < rows.size);
    assert.equal(rows.rowAt(place), row);
    const last = rows.rowAt(rows.size - 1);
    assert(last < count && rows.placeOf(last) === rows.size - 1);
    if (of > 1) {
      assert.equal(shardRows(count, { index: own.index % of + 1, of }).placeOf(row), null);
    }
  }));
});

Deno.test("no other number has a place", () => {
  const rows = shardRows(100, { index: 2, of: 2 });
  for (const other of [-1, 0, 63, 100, 127, 64.5, NaN, Infinity]) {
    assert.equal(rows.placeOf(other), null, String(other));
  }
  assert.deepEqual([rows.placeOf(64), rows.placeOf(99)], [0, 35]);
});

Deno.test("all rows are the rows of no shard and of the only one", () => {
  for (const shard of [null, { index: 1, of: 1 }]) {
    assert.deepEqual(listed(130, shard), Array.from({ length: 130 }, (_, row) => row));
  }
});

Deno.test("a larger count only adds rows to a shard", () => {
  fc.assert(fc.property(fc.nat(2_000), fc.nat(2_000), fc.nat(7), (count, more, index) => {
    const shard = { index: index + 1, of: 8 };
    const before = listed(count, shard);
    assert.deepEqual(listed(count + more, shard).slice(0, before.length), before);
  }));
});

Deno.test("each shard has the wanted shares nearly as evenly as the whole run", () => {
  const item = { factor: 1, prompt: null, when: null };
  const tone = [{ ...item, value: "Angry", score: 1 }, { ...item, value: "Calm", score: 2 }];
  const draw = plan({
    folder: "config",
    context: "",
    attributes: { tone },
    length: null,
    prompt: null,
    avoid: [],
    settings: {
      temperature: null,
      frequency_penalty: null,
      seed: 1,
      sampling: "even",
      timeout: 60,
    },
  }, { seed: 1, sampling: "even" });
  for (const shard of shardsOf(4)) {
    const rows = listed(16_000, shard);
    const angry = rows.filter((row) => draw(row).attributes.tone === "Angry").length;
    // Independent draws: ± 60 at two standard errors.
    assert(Math.abs(angry - rows.length / 3) < 20, `${shardText(shard)}: ${angry}`);
  }
});

Deno.test("i/n is read for i from 1 to n, and nothing else", () => {
  for (const good of ["1/1", "1/4", "4/4", "12/100"]) {
    const shard = parseShard(good);
    assert(shard !== null);
    assert.equal(shardText(shard), good);
  }
  for (
    const bad of [
      "",
      "1",
      "0/4",
      "5/4",
      "1/0",
      "-1/4",
      "1/4/4",
      " 1/4",
      "1.5/4",
      "01/4",
      "a/b",
      "1/1e3",
    ]
      .concat("1/9007199254740993")
  ) assert.equal(parseShard(bad), null, bad);
});
