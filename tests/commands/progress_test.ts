import assert from "node:assert/strict";
import { type ProgressEffects, progressLine } from "../../src/commands/progress.ts";
import type { GenerateProgress } from "../../src/run/progress.ts";
import { progressText } from "../../src/run/progress_text.ts";

/** A run of 2,000 rows of which so many are ok; three are refused. */
function state(ok: number, fields: Partial<GenerateProgress> = {}): GenerateProgress {
  const none = { refused: 0, filtered: 0, truncated: 0, empty: 0, failed: 0 };
  const done = ok + 3;
  return {
    counts: { ...none, ok, refused: 3, planned: 2_000, pending: 2_000 - done },
    asked: done,
    inFlight: 64,
    cost: null,
    ...fields,
  };
}

/** A line that writes into an array, by a clock that is set by hand. */
function line(effects: Partial<ProgressEffects>) {
  const written: string[] = [];
  const clock = { ms: 1_000_000 };
  const progress = progressLine({
    write: (text) => written.push(text),
    isTerminal: false,
    columns: () => 100,
    now: () => clock.ms,
    ...effects,
  });
  return { progress, written, clock };
}

Deno.test("a log gets a line every ten seconds and none at the end", () => {
  const { progress, written, clock } = line({});
  for (let second = 1; second <= 35; second++) {
    clock.ms += 1_000;
    progress.update(state(second * 10));
  }
  progress.end();
  assert.deepEqual(written, [
    "  103/2,000  10 rows/s  64 in flight  ok 100  refused 3  3:04 left\n",
    "  203/2,000  10 rows/s  64 in flight  ok 200  refused 3  2:57 left\n",
    "  303/2,000  10 rows/s  64 in flight  ok 300  refused 3  2:48 left\n",
  ]);
});

Deno.test("a run of less than ten seconds writes nothing to a log", () => {
  const { progress, written, clock } = line({});
  clock.ms += 9_999;
  progress.update(state(5));
  progress.pause();
  progress.end();
  assert.deepEqual(written, []);
});

Deno.test("a terminal's line is drawn in place, at most ten times a second, and ended", () => {
  const { progress, written, clock } = line({ isTerminal: true, columns: () => 40 });
  for (let step = 0; step < 100; step++) {
    progress.update(state(step));
    clock.ms += 10;
  }
  assert.equal(written.length, 10);
  for (const text of written) {
    assert(text.startsWith("\r") && text.endsWith("\x1b[K"), text);
    assert.match(text.slice(1, -3), /^\P{Cc}{1,39}$/u);
  }
  progress.update(state(1_997, { inFlight: 0 }));
  progress.end();
  assert.match(written.at(-2) ?? "", /^\r {2}2,000\/2,000 {2}/);
  assert.equal(written.at(-1), "\n");
});

Deno.test("what is said meanwhile stands on a line of its own", () => {
  const { progress, written } = line({ isTerminal: true });
  progress.pause();
  assert.deepEqual(written, []);
  progress.update(state(1));
  progress.pause();
  progress.pause();
  assert.deepEqual(written.slice(1), ["\n"]);
});

Deno.test("the line tells done, rate, outcomes, cost and the time left", () => {
  assert.equal(
    progressText(
      state(1_171, { cost: 0.31, asked: 1_174, usage: { input: 620_000, output: 28_000 } }),
      38_000,
    ),
    "1,174/2,000  31 rows/s  64 in flight  ok 1,171  refused 3  $0.31  ≈ $0.53 in all  0:27 left  " +
      "648 k tokens",
  );
  // Rows of an earlier start are done but say nothing about the rate.
  const resumed = progressText(state(997, { asked: 10, inFlight: 1 }), 4_000);
  assert.equal(resumed, "1,000/2,000  2.5 rows/s  1 in flight  ok 997  refused 3  6:40 left");
  assert.equal(
    progressText(state(997, { asked: 0, inFlight: 0 }), 0),
    "1,000/2,000  ok 997  refused 3  0:00",
  );
});

Deno.test("a batch is told by what its endpoint has answered, and to a log only where that changed", () => {
  const { progress, written, clock } = line({});
  const waiting = (answered: number) =>
    state(97, { inFlight: 0, batches: { open: 1, rows: 1_900, answered } });
  for (let minute = 0; minute < 25; minute++) {
    clock.ms += 60_000;
    progress.update(waiting(minute < 3 ? 0 : 1_204));
  }
  assert.deepEqual(written, [
    "  100/2,000  batch: 0 of 1,900 answered  ok 97  refused 3  1:00\n",
    "  100/2,000  batch: 1,204 of 1,900 answered  ok 97  refused 3  4:00\n",
    "  100/2,000  batch: 1,204 of 1,900 answered  ok 97  refused 3  14:00\n",
    "  100/2,000  batch: 1,204 of 1,900 answered  ok 97  refused 3  24:00\n",
  ]);
  const more = { open: 3, rows: 90_000, answered: 7 };
  assert.match(progressText(state(97, { batches: more }), 1), /3 batches: 7 of 90,000 answered/);
});

Deno.test("a limit that holds all calls is told by the time at which it ends", () => {
  const now = new Date(2026, 0, 31, 23, 58, 9).getTime();
  const at = (ms: number) => progressText(state(1, { heldUntil: now + ms }), 1000, { now });
  assert.match(at(61_000), / {2}64 in flight {2}waits until 23:59:10 {2}ok 1 {2}/);
  assert.match(at(3 * 86_400_000), /waits until 2026-02-03 23:58:09 {2}/);
  assert.doesNotMatch(at(-1), /waits/);
  assert.match(at(61_000), / {2}0:01$/);
  assert.match(at(-1), / left$/);
});

Deno.test("money that is assumed counts under the limit and is told as an estimate", () => {
  const text = (fields: Partial<GenerateProgress>) => progressText(state(1, fields), 1000);
  assert.match(text({ cost: 0.5, maxCost: 5 }), / {2}\$0\.50 of ≤ \$5\.00 {2}/);
  assert.match(text({ costAssumed: 0.25, maxCost: 5 }), / {2}≈ \$0\.25 of ≤ \$5\.00 {2}/);
});
