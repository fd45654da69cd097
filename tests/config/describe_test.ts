import assert from "node:assert/strict";
import { titleOf } from "../../src/config/describe.ts";

const CASES: [context: string, title: string | null][] = [
  ["Viking Bank\n\nThe assistant…", "Viking Bank"],
  ["# Viking Bank\nThe assistant…", "Viking Bank"],
  ["##  Viking Bank  ", "Viking Bank"],
  ["å".repeat(60), "å".repeat(60)],
  ["å".repeat(61), null],
  ["The chat of a bank.", null],
  ["It answers questions about:\n- loans", null],
  ["#", "#"],
];
for (const [context, title] of CASES) {
  Deno.test(`titleOf() gives ${title} for ${JSON.stringify(context.slice(0, 30))}`, () => {
    assert.equal(titleOf({ context }), title);
  });
}
