import assert from "node:assert/strict";
import {
  areAtFault,
  isRefusal,
  judge,
  mayBeBusy,
  type Standing,
} from "../../../src/models/pacing/judge.ts";
import type { Fault } from "../../../src/models/types.ts";

function fault(kind: Fault["kind"], status: number | null = 500): Fault {
  return { kind, reason: `a ${kind} fault`, status, retryAfterMs: null };
}

/** A row at its last attempt, of an endpoint that has long answered nothing. */
function standing(fields: Partial<Standing> = {}): Standing {
  return {
    passing: 4,
    maxAttempts: 4,
    signs: 10,
    signsAtLast: 10,
    signsAtFirst: 10,
    faulty: 3,
    sinceSignMs: 1e6,
    ...fields,
  };
}

Deno.test("limits and busy servers are waited for, filtered rows end, rejected ones are held", () => {
  assert.equal(judge(fault("limited", 429), standing()), "wait");
  assert.equal(judge(fault("busy", 503), standing()), "wait");
  assert.equal(judge(fault("filtered", 400), standing()), "settle");
  assert.equal(judge(fault("rejected", 400), standing()), "hold");
});

Deno.test("a passing fault is tried again until the attempts are used up", () => {
  const answered = { signsAtLast: 9 };
  assert.equal(judge(fault("passing"), standing({ passing: 3, ...answered })), "wait");
  assert.equal(judge(fault("passing"), standing({ passing: 4, ...answered })), "settle");
  assert.equal(judge(fault("passing"), standing({ passing: 3, signs: 0 })), "wait");
});

Deno.test("a fault is the row's where another one was answered since its last attempt", () => {
  assert.equal(judge(fault("passing"), standing({ signs: 11 })), "settle");
  assert.equal(judge(fault("passing"), standing({ signs: 10 })), "suspect");
});

Deno.test("so it is where as many were answered since its first fault as have faults now", () => {
  for (const [signsAtFirst, verdict] of [[7, "settle"], [8, "suspect"], [6, "settle"]] as const) {
    assert.equal(judge(fault("passing"), standing({ signsAtFirst, faulty: 3 })), verdict);
  }
});

Deno.test("an endpoint that had answered is waited for half a minute, another one isn't", () => {
  assert.equal(judge(fault("passing"), standing({ sinceSignMs: 29_999 })), "wait");
  assert.equal(judge(fault("passing"), standing({ sinceSignMs: 30_000 })), "suspect");
  const silent = { signs: 0, signsAtLast: 0, signsAtFirst: 0, sinceSignMs: 0 };
  assert.equal(judge(fault("passing"), standing(silent)), "suspect");
});

Deno.test("503, 529 and 498 cost no attempt while others are answered, and are never the row's own", () => {
  for (const status of [503, 529, 498]) {
    const busy = fault("passing", status);
    assert.ok(mayBeBusy(busy));
    assert.ok(isRefusal(busy, { signs: 11, signsAtLast: 10 }));
    assert.ok(!isRefusal(busy, { signs: 10, signsAtLast: 10 }));
    assert.equal(judge(busy, standing({ signs: 11 })), "wait");
    // Others were answered since the first fault, though none since the last attempt.
    const answered = standing({ signsAtFirst: 0 });
    assert.equal(judge(busy, { ...answered, sinceSignMs: 29_999 }), "wait");
    assert.equal(judge(busy, answered), "suspect");
  }
  for (const status of [500, 502, 504, null]) {
    assert.ok(!mayBeBusy(fault("passing", status)));
    assert.ok(!isRefusal(fault("passing", status), { signs: 11, signsAtLast: 10 }));
  }
  assert.ok(!mayBeBusy(fault("rejected", 498)));
  for (const kind of ["limited", "busy"] as const) {
    assert.ok(isRefusal(fault(kind, null), { signs: 0, signsAtLast: 0 }));
  }
});

Deno.test("the last rows are at fault themselves where they are a tenth of those answered, or one", () => {
  const few = (rows: number, signs: number) =>
    areAtFault({ rows, signs, only500: false, answeredBefore: 1000 });
  assert.deepEqual([few(1, 1), few(2, 1), few(2, 19)], [true, false, false]);
  assert.deepEqual([few(2, 20), few(3, 20), few(10, 100), few(11, 100)], [
    true,
    false,
    true,
    false,
  ]);
});

Deno.test("where nothing is answered they are, too, with nothing but 500 and as many answered before", () => {
  const left = { rows: 8, signs: 0, only500: true, answeredBefore: 8 };
  assert.equal(areAtFault(left), true);
  assert.equal(areAtFault({ ...left, rows: 9 }), false);
  assert.equal(areAtFault({ ...left, only500: false }), false);
  assert.equal(areAtFault({ ...left, signs: 1 }), false);
});
