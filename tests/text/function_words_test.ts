import assert from "node:assert/strict";
import { isFunctionWord } from "../../src/text/function_words.ts";

Deno.test("isFunctionWord() knows the words of a language and no other's", () => {
  const cases: [string, string, boolean][] = [
    ["the", "en", true],
    ["when", "en", true],
    ["not", "en", true],
    ["please", "en", false],
    ["sorry", "en", false],
    ["help", "en", false],
    ["och", "sv", true],
    ["och", "en", false],
    ["tack", "sv", false],
    ["ursäkt", "sv", false],
    ["hej", "da", false],
    ["jeg", "da", true],
    ["ikke", "nb", true],
    ["ikke", "no", true],
    ["onko", "fi", true],
    ["nicht", "de", true],
    ["natürlich", "de", false],
    ["está", "es", true],
    ["the", "und", false],
    ["the", "xx", false],
    ["constructor", "en", false],
  ];
  for (const [word, language, expected] of cases) {
    assert.equal(isFunctionWord(word, { language }), expected, `${word} (${language})`);
  }
});

Deno.test("isFunctionWord() takes English contractions for their parts", () => {
  for (const word of ["i'm", "don't", "can't", "won't", "they're", "what's", "couldn't", "i'd"]) {
    assert.ok(isFunctionWord(word, { language: "en" }), word);
  }
  for (const word of ["loan's", "o'clock", "y'all", "let's"]) {
    assert.ok(!isFunctionWord(word, { language: "en" }), word);
  }
});
