import assert from "node:assert/strict";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { lostShares } from "../../../src/analysis/shares/lost.ts";
import type { Outcome } from "../../../src/run/types.ts";

function asked(instruction: string, outcome: Outcome, count: number) {
  return new Array(count).fill({ text: "Hi", outcome, attributes: { instruction } });
}

Deno.test("lostShares() counts lost rows by value and outcome, the most telling first", () => {
  const lost = lostShares(corpusOf([
    ...asked("Ask", "ok", 97),
    ...asked("Ask", "truncated", 2),
    ...asked("Ask", "empty", 1),
    ...asked("Promise", "ok", 60),
    ...asked("Promise", "refused", 25),
    ...asked("Promise", "filtered", 15),
    // All of them lost, but a single row says little.
    ...asked("Rare", "refused", 1),
    ...asked("Fine", "ok", 50),
  ]));
  assert.deepEqual(lost.map(({ value }) => value), ["Promise", "Rare", "Ask", "Fine"]);
  const [promise, , ask, fine] = lost;
  assert.deepEqual(
    [promise?.attribute, promise?.planned, promise?.lost, promise?.share],
    ["instruction", 100, 40, 0.4],
  );
  assert.deepEqual(promise?.by, { refused: 25, filtered: 15, empty: 0, truncated: 0 });
  assert.deepEqual(ask?.by, { refused: 0, filtered: 0, empty: 1, truncated: 2 });
  // Wilson's interval of 40 in 100.
  assert.ok(Math.abs((promise?.low ?? 0) - 0.3094) < 1e-4);
  assert.ok(Math.abs((promise?.high ?? 0) - 0.498) < 1e-4);
  assert.deepEqual([fine?.lost, fine?.low], [0, 0]);
});

Deno.test("lostShares() leaves pending and failed rows out", () => {
  const rows = [
    ...asked("Ask", "ok", 3),
    ...asked("Ask", "refused", 1),
    ...asked("Ask", "failed", 10),
    ...asked("Broken", "failed", 2),
  ];
  const pending = [{ attributes: { instruction: "Ask" } }, {
    attributes: { instruction: "Later" },
  }];
  const lost = lostShares(corpusOf(rows, { pending }));
  assert.deepEqual(lost.map(({ value, planned, lost }) => [value, planned, lost]), [["Ask", 4, 1]]);
  assert.deepEqual(lostShares(corpusOf([])), []);
});
