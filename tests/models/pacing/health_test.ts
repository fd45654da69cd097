import assert from "node:assert/strict";
import { watchHealth } from "../../../src/models/pacing/health.ts";
import { wordsOf } from "../../../src/models/pacing/words_of.ts";
import type { Fault } from "../../../src/models/types.ts";

function rejected(reason = "400 No system messages", status: number | null = 400): Fault {
  return { kind: "rejected", reason, status, retryAfterMs: null };
}

/** An endpoint of which so many rows were answered, then rejected, then answered. */
function watched(answered: number, faults: (Fault | null)[]) {
  const health = watchHealth({ address: "http://test" });
  for (let row = 0; row < answered; row++) health.reply();
  for (const fault of faults) {
    if (fault === null) health.reply();
    else health.failed(fault);
  }
  return health;
}

const times = (count: number, fault: Fault | null = rejected()) =>
  Array<Fault | null>(count).fill(fault);

Deno.test("twenty rows that failed are enough to stop, nineteen aren't", () => {
  assert.equal(watched(0, times(19)).broken(), null);
  assert.match(`${watched(0, times(20)).broken()}`, /rejected 20 of the last 20 rows/);
});

Deno.test("only the last forty rows count", () => {
  // 36 of 40 are nine tenths; what was before is forgotten.
  assert.match(`${watched(500, times(36)).broken()}`, /rejected 36 of the last 40 rows/);
  assert.equal(watched(500, times(35)).broken(), null);
  assert.equal(watched(5, times(35)).broken(), null);
  assert.match(`${watched(4, times(36)).broken()}`, /rejected 36 of the last 40 rows/);
  assert.match(`${watched(6, times(40)).broken()}`, /rejected 40 of the last 40 rows/);
});

Deno.test("nearly all are nine tenths of them", () => {
  assert.equal(watched(3, times(18)).broken(), null);
  assert.match(`${watched(2, times(18)).broken()}`, /rejected 18 of the last 20 rows/);
  assert.equal(watched(3, times(17)).broken(), null);
});

Deno.test("the message says what is likely to have to change", () => {
  const lines = (fault: Fault) => watched(0, times(20, fault)).broken()?.message.split("\n");
  assert.match(lines(rejected())?.[1] ?? "", /settings\.json.*--model/);
  assert.match(lines(rejected("403 No", 403))?.[1] ?? "", /the key .* doctor names its variable/);
  const filtered = lines({ ...rejected("400 Filtered"), kind: "filtered" });
  assert.match(filtered?.[0] ?? "", /filtered 20 of the last 20 rows/);
  assert.equal(filtered?.length, 2);
});

Deno.test("rows that are all rejected alike stop the run, be it one, but where any was answered", () => {
  const error = watched(0, times(2)).alike();
  assert.equal(error?.exitCode, 3);
  assert.match(
    `${error?.message}`,
    /http:\/\/test rejected each of the 2 rows alike: 400 No system messages\n.*settings\.json.*\n.*pending/,
  );
  assert.match(
    `${watched(0, times(1)).alike()}`,
    /http:\/\/test rejected the only row: 400 No system/,
  );
  assert.equal(watched(1, times(8)).alike(), null);
  assert.equal(watched(0, [...times(8), null]).alike(), null);
});

Deno.test("each 4xx counts, and no other status", () => {
  for (const status of [400, 401, 403, 422]) {
    assert.ok(watched(0, times(2, rejected("No", status))).alike() !== null);
  }
  for (const status of [500, 200, null]) {
    assert.equal(watched(0, times(2, rejected("No", status))).alike(), null);
  }
});

Deno.test("rows that are rejected in other words or by another status are their own", () => {
  const each = (...faults: Fault[]) => watched(0, faults).alike() !== null;
  assert.ok(!each(rejected("400 Too long"), rejected("400 No such role")));
  assert.ok(!each(rejected("400 A"), rejected("400 B"), rejected("400 B")));
  assert.ok(!each(rejected("No", 400), rejected("No", 422)));
  assert.ok(each(
    rejected('400 "Hej där" has 812 tokens (request req_a81b)'),
    rejected('400 "Hallå" has 9 tokens (request req_77fc)'),
  ));
});

Deno.test("words are alike without numbers, ids, what is quoted, case and spaces", () => {
  const words = (reason: string) => wordsOf({ reason, status: 400 });
  assert.equal(words("400 Max 4096, got 8493"), words("400 max  512, got 77"));
  assert.equal(words("Value 'a b' is `x`"), words("Value 'c' is `y z`"));
  assert.notEqual(words("No temperature"), words("No penalty"));
  assert.equal(words(`${"a ".repeat(300)}x`), words(`${"a ".repeat(300)}y`));
});
