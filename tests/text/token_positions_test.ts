import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { tokenPositions } from "../../src/text/token_positions.ts";
import { tokenize } from "../../src/text/tokens.ts";

/** The stretches of a text that its words stand at. */
function stretches(text: string, options = {}): string[] {
  return tokenPositions(text, options).map(({ start, end }) => text.slice(start, end));
}

Deno.test("tokenPositions() keeps case, apostrophes and accents as they are written", () => {
  assert.deepEqual(stretches("“DON’T (pay)”, I said"), ["DON’T", "pay", "I", "said"]);
  assert.deepEqual(stretches("Cafe\u0301 e\u2011faktura!"), ["Cafe\u0301", "e\u2011faktura"]);
  assert.deepEqual(stretches("💳 ΟΔΟΣ, straße…"), ["ΟΔΟΣ", "straße"]);
});

Deno.test("tokenPositions() finds each word once, after the one before it", () => {
  assert.deepEqual(tokenPositions("loans loan loans").map(({ start }) => start), [0, 6, 11]);
});

Deno.test("tokenPositions() divides scripts that are written without spaces", () => {
  const text = "我想贷款。";
  const words = tokenPositions(text);
  assert.deepEqual(words.map(({ word }) => word), tokenize(text));
  assert.equal(stretches(text).join(""), "我想贷款");
});

Deno.test("tokenPositions() lower-cases by the language", () => {
  assert.deepEqual(tokenPositions("IRAK", { language: "tr" }), [{
    word: "ırak",
    start: 0,
    end: 4,
  }]);
});

Deno.test("tokenPositions() gives stretches that are these words, in order, in any text", () => {
  const piece = fc.oneof(
    fc.constantFrom("Loan", "don’t", "É", "e\u0301", "İ", " ", "-", "(", "👩‍👩‍👧", "\ud800", "ß", "Σ"),
    fc.string(),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
    const text = pieces.join("");
    let from = 0;
    for (const { word, start, end } of tokenPositions(text)) {
      assert.ok(start >= from && end > start && end <= text.length);
      assert.deepEqual(tokenize(text.slice(start, end)), [word]);
      from = end;
    }
  }));
});
