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

Deno.test("one endless word of any kind is read once: each of these took minutes or never ended", () => {
  const length = 4_000_000;
  for (const piece of ["a", "*", "a-", "<", "<style>", "<script ", "< a", "Bearer ", " ", "sk-"]) {
    const line = oneLine(piece.repeat(length / piece.length), { secrets: ["a-secret-key"] });
    assert.ok(line.length <= 160, piece);
  }
});

Deno.test("styles and scripts go with all that stands in them, also where they don't end", () => {
  assert.equal(oneLine("a<style>p{}</style>b<SCRIPT x>1<2</script >c"), "a b c");
  assert.equal(oneLine("Bad gateway <script>let x = '"), "Bad gateway");
});

Deno.test("a secret at the place where a long text is cut leaves nothing of itself", () => {
  const secret = "q7-Secret_Key";
  for (let before = 16_360; before < 16_400; before++) {
    const text = `${" ".repeat(before)}${secret} and more`;
    assert.doesNotMatch(oneLine(text, { secrets: [secret] }), /q7/);
  }
});
