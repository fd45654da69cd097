import assert from "node:assert/strict";
import { liveProgress } from "../../src/notebook/progress.ts";
import type { GenerateProgress } from "../../src/run/progress.ts";

function after(ok: number): GenerateProgress {
  const none = { refused: 0, filtered: 0, truncated: 0, empty: 0, failed: 0 };
  return {
    counts: { planned: 1_000, ok, ...none, pending: 1_000 - ok },
    asked: ok,
    inFlight: 16,
    cost: null,
  };
}

Deno.test("progress in a page is replaced in place, ten times a second at most", async () => {
  const drawn: { text: string; id: string; update: boolean; at: number; share: number }[] = [];
  let clock = 0;
  const progress = liveProgress(() => assert.fail("printed"), {
    now: () => clock,
    draw(text, options) {
      drawn.push({ text, ...options, at: clock });
      return Promise.resolve();
    },
  });
  for (let row = 0; row < 1_000; row++) {
    clock = row * 5;
    progress.update(after(row));
  }
  progress.update(after(1_000));
  await progress.end();
  assert.ok(drawn.length >= 40 && drawn.length <= 52, `${drawn.length} updates in 5 s`);
  assert.equal(new Set(drawn.map(({ id }) => id)).size, 1);
  assert.deepEqual(drawn.map(({ update }) => update), drawn.map((_, i) => i > 0));
  assert.match(drawn.at(-1)?.text ?? "", /^1,000\/1,000/);
  assert.equal(drawn.at(-1)?.share, 1);
});

Deno.test("an older line never replaces a newer one", async () => {
  const ended: string[] = [];
  let clock = 0;
  const waits: (() => void)[] = [];
  const progress = liveProgress(() => {}, {
    now: () => clock,
    async draw(text) {
      await new Promise<void>((resolve) => waits.push(resolve));
      ended.push(text.split("  ")[0] ?? "");
    },
  });
  for (const row of [1, 2, 3]) {
    clock += 200;
    progress.update(after(row));
  }
  const end = progress.end();
  while (ended.length < 4) {
    waits.splice(0).reverse().forEach((resolve) => resolve());
    await Promise.resolve();
  }
  await end;
  assert.deepEqual(ended, ["1/1,000", "2/1,000", "3/1,000", "3/1,000"]);
});

Deno.test("outside Jupyter progress is a line now and then, and one at the end", async () => {
  const lines: string[] = [];
  let clock = 0;
  const progress = liveProgress((text) => lines.push(text), { now: () => clock });
  for (let row = 0; row < 250; row++) {
    clock = row * 100;
    progress.update(after(row));
  }
  await progress.end();
  assert.equal(lines.length, 3);
  assert.equal(lines[2], "249/1,000  10 rows/s  ok 249  0:25");
});

Deno.test("the last of many that come at once is shown without waiting for another", async () => {
  const drawn: string[] = [];
  const shown = Promise.withResolvers<void>();
  const progress = liveProgress(() => {}, {
    draw(text) {
      drawn.push(text.split("  ")[0] ?? "");
      if (drawn.length === 2) shown.resolve();
      return Promise.resolve();
    },
  });
  for (let row = 0; row <= 16; row++) progress.update(after(row));
  await shown.promise;
  assert.deepEqual(drawn, ["0/1,000", "16/1,000"]);
  await progress.end();
});
