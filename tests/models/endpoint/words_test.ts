import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { oneLine } from "../../../src/models/endpoint/words.ts";

Deno.test("a secret never shows, wherever it stands and however the text is cut", () => {
  const secret = "q7-Secret_Key";
  fc.assert(fc.property(fc.string(), fc.string(), fc.nat(200), (before, after, length) => {
    const line = oneLine(before + secret + after, { secrets: [secret], length: length + 1 });
    assert.ok(!line.includes(secret));
    assert.ok(line.length <= length + 1);
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Cs}]/u);
  }));
});

Deno.test("what looks like a key is masked even where it isn't known", () => {
  assert.equal(oneLine("Incorrect key: sk-proj-Ab1_2."), "Incorrect key: …");
  assert.equal(oneLine("key abcd*****wxyz, Bearer a.b.c refused"), "key …, … refused");
  assert.equal(oneLine("a risk-based rule"), "a risk-based rule");
});

Deno.test("markup, controls and bidi marks become single spaces", () => {
  assert.equal(oneLine("<style>p{}</style><p>Bad\r\n\u001b gate\u202eway</p>"), "Bad gate way");
});
