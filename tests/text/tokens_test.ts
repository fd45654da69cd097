import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { tokenize } from "../../src/text/tokens.ts";

Deno.test("tokenize() finds the words of every script", () => {
  const cases: [string, string[]][] = [
    ["", []],
    [" …?! — \n", []],
    ["Får jag öka bolånet?", ["får", "jag", "öka", "bolånet"]],
    ["What's a co-signer, and who's mine?", ["what's", "a", "co-signer", "and", "who's", "mine"]],
    ["'quoted' -dash- rock'n'roll --x", ["quoted", "dash", "rock'n'roll", "x"]],
    ["wait--what", ["wait", "what"]],
    ["24/7 for 4.99 kr", ["24", "7", "for", "4", "99", "kr"]],
    ["Можно ли мне ПЕРЕВЕСТИ?", ["можно", "ли", "мне", "перевести"]],
    ["هل يمكنني", ["هل", "يمكنني"]],
    ["می\u200cخواهم وام", ["می\u200cخواهم", "وام"]],
    ["क्या मैं ऋण ले सकता हूँ", ["क्या", "मैं", "ऋण", "ले", "सकता", "हूँ"]],
    ["ΠΟΣΟ ΚΟΣΤΟΣ", ["ποσο", "κοστος"]],
    ["col·lecció", ["col·lecció"]],
    ["❤️ ok 👍🏽 1️⃣", ["ok", "1️⃣"]],
    ["\ud800 loan \udc00", ["loan"]],
    ["lo\u00adan", ["loan"]],
  ];
  for (const [text, expected] of cases) assert.deepEqual(tokenize(text), expected, text);
});

Deno.test("tokenize() makes one word of its spellings", () => {
  for (const text of ["don't", "don’t", "don‘t", "DON＇T", "don´t"]) {
    assert.deepEqual(tokenize(text), ["don't"]);
  }
  assert.deepEqual(tokenize("e\u2011post e\u2010post"), ["e-post", "e-post"]);
  assert.deepEqual(tokenize("cafe\u0301"), tokenize("caf\u00e9"));
});

Deno.test("tokenize() lower-cases by the language", () => {
  assert.deepEqual(tokenize("ISPARTA İZMİR", { language: "tr" }), ["ısparta", "izmir"]);
  assert.deepEqual(tokenize("ISPARTA I\u0307ZMI\u0307R", { language: "tr" }), ["ısparta", "izmir"]);
  assert.deepEqual(tokenize("ISPARTA", { language: "sv" }), ["isparta"]);
});

Deno.test("tokenize() cuts scripts without spaces into segments, also among others", () => {
  assert.deepEqual(tokenize("我想贷款。"), ["我想", "贷款"]);
  assert.deepEqual(tokenize("OK, iPhone15を買う don't"), ["ok", "iphone15", "を", "買う", "don't"]);
  assert.equal(tokenize("ฉันอยากกู้เงินซื้อรถ").length, 6);
  // The joiner between the two belongs to neither.
  assert.deepEqual(tokenize("\u{1aff0}\u200d\u0376"), ["\u{1aff0}", "\u0377"]);
});

Deno.test("tokenize() gives words that are words again, lower-cased and in NFC", () => {
  const unit = fc.oneof(
    fc.constantFrom(..."aIİıéß ’'-‑.,\u0301\u0307\u0323ΣςЖ\ud800😀\u200d\u00adﬁǅ"),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  );
  fc.assert(fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
    const words = tokenize(text);
    for (const word of words) {
      assert.ok(/^[\p{L}\p{N}]/u.test(word) && !/\s/u.test(word), JSON.stringify(word));
      assert.equal(word, word.normalize("NFC"));
      assert.deepEqual(tokenize(word).join(""), word);
    }
  }));
});

Deno.test("words and stems need no permission, print nothing and load none of natural's stores", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", "--cached-only", "--lock=tests/deno.lock", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdin = child.stdin.getWriter();
  await stdin.write(new TextEncoder().encode(`
    import Module from "node:module";
    import { isFunctionWord } from "./src/text/function_words.ts";
    import { stem } from "./src/text/stems.ts";
    import { tokenize } from "./src/text/tokens.ts";
    const loaded = Object.keys(Module._cache).join(" ");
    if (!loaded.includes("regexp_tokenizer")) throw new Error("not by natural: " + loaded);
    const store = /mongo|redis|memjs|dotenv|[/]pg[/]|wordnet/.exec(loaded);
    if (store !== null) throw new Error("loads " + store[0]);
    const words = tokenize("Jag ökar lånen.").filter((word) => !isFunctionWord(word, { language: "sv" }));
    console.log(words.map((word) => stem(word, { language: "sv" })).join(" "));
  `));
  await stdin.close();
  const { stdout, stderr } = await child.output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(new TextDecoder().decode(stdout), "ökar lån\n");
});
