import assert from "node:assert/strict";
import { stageLine } from "../../src/commands/stage_line.ts";

function drawn(isTerminal: boolean) {
  let time = 0;
  let text = "";
  const line = stageLine({
    write: (said) => text += said,
    isTerminal,
    columns: () => 30,
    now: () => time,
  });
  return { line, wait: (ms: number) => time += ms, text: () => text };
}

Deno.test("on a terminal the stage is drawn at once, its rows at most ten times a second, then taken away", () => {
  const { line, wait, text } = drawn(true);
  line.stage("reading rows");
  for (let rows = 1; rows <= 50; rows++) {
    wait(10);
    line.rows(rows * 100);
  }
  line.stage("comparing lengths of very many rows");
  line.clear();
  line.clear();
  const draws = text().split("\r").slice(1);
  assert.equal(draws[0], "  reading rows …\x1b[K");
  assert.equal(draws[1], "  reading rows …  1,000  10,0\x1b[K");
  assert.equal(draws.length, 1 + 5 + 1 + 1);
  assert(draws.every((each) => each.replace("\x1b[K", "").length < 30));
  assert.equal(draws.at(-1), "\x1b[K");
});

Deno.test("elsewhere short work says nothing, long work a line every ten seconds", () => {
  const { line, wait, text } = drawn(false);
  line.stage("reading rows");
  wait(9_000);
  line.rows(9_000);
  assert.equal(text(), "");
  wait(1_000);
  line.rows(10_000);
  line.rows(10_001);
  line.clear();
  assert.equal(text(), "  reading rows …  10,000  1,000 rows/s\n");
});
