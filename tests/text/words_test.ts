import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { countWords } from "../../src/text/words.ts";

Deno.test("words are runs of non-space", () => {
  const cases: [string, number][] = [
    ["", 0],
    [" \n\t\u00a0\u3000 ", 0],
    ["Can I use Apple Pay abroad?", 6],
    ["  leading, and trailing  ", 3],
    ["don’t – 😀 e-invoice", 4],
    ["a\u2009b\u2028c\ufeffd", 4],
    ["Vad kostar lånet på 100\u00a0000 kr?", 7],
    ["안녕하세요 여러분", 2],
  ];
  for (const [text, words] of cases) assert.equal(countWords(text), words, JSON.stringify(text));
});

Deno.test("the fast count agrees with splitting at white space", () => {
  const unit = fc.oneof(
    fc.constantFrom(
      ..." \t\n\v\f\r\u0085\u00a0\u1680\u180e\u2003\u200b\u2028\u202f\u205f\u3000\ufeff",
    ),
    fc.constantFrom("a", "é", "’", "—", "😀", "\ud800", "ب"),
  );
  fc.assert(fc.property(fc.string({ unit }), (text) => {
    assert.equal(countWords(text), text.split(/\s+/u).filter((run) => run !== "").length);
  }));
});

Deno.test("scripts without spaces are counted by their segments", () => {
  const cases: [string, number][] = [
    ["我想贷款。", 2],
    ["ฉันอยากกู้เงินซื้อรถ", 6],
    ["iPhone15を買う", 3],
    ["OK iPhone15を買う yes", 5],
    ["。。。", 1],
    ["ー", 1],
  ];
  for (const [text, words] of cases) assert.equal(countWords(text), words, text);
});

Deno.test("words add up over texts with a space between", () => {
  const texts = fc.string({ unit: "grapheme" });
  fc.assert(fc.property(texts, texts, (one, other) => {
    assert.equal(countWords(`${one} ${other}`), countWords(one) + countWords(other));
  }));
});
