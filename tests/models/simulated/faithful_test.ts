import assert from "node:assert/strict";
import { simulatedFetch } from "../../../src/models/simulated/fetch.ts";
import { languageNames, toneNames } from "../../../src/models/simulated/grammar.ts";
import { neutralTone } from "../../../src/models/simulated/languages.ts";
import { countWords } from "../../../src/models/simulated/sentence.ts";
import { topicNames } from "../../../src/models/simulated/topics.ts";
import { uniform } from "../../../src/stats/random.ts";
import { call } from "./calls.ts";
import { readLanguage, readTone, readTopic } from "./read_back.ts";

const faithful = simulatedFetch("faithful");
const lengths = [...Array.from({ length: 60 }, (_, i) => i + 1), 200, 400];
const tones = [...toneNames, neutralTone];

Deno.test("every topic, tone and language comes out as asked, from its first words on", async () => {
  for (const topic of topicNames) {
    for (const language of languageNames) {
      for (const [i, tone] of tones.entries()) {
        for (const words of [1, 2, 4, 7, 15, 40]) {
          const { text } = await call(faithful, { topic, language, tone, words, seed: i });
          const where = `${topic}, ${tone}, ${words}: ${text}`;
          assert.ok(text, where);
          assert.equal(readTopic(text, language), topic, where);
          if (words >= 4) {
            assert.equal(readTone(text, language), tone, where);
            assert.equal(readLanguage(text), language, where);
          }
        }
      }
    }
  }
});

Deno.test("a text has the words asked for within 2 or a tenth", async () => {
  for (const words of lengths) {
    for (let seed = 0; seed < 45; seed++) {
      const { text } = await call(faithful, {
        topic: topicNames[seed % topicNames.length] ?? "",
        tone: tones[seed % tones.length] ?? "",
        language: languageNames[seed % languageNames.length] ?? "",
        words,
        seed,
      });
      const off = Math.abs(countWords(text ?? "") - words);
      assert.ok(off <= Math.max(2, 0.1 * words), `${words}: ${text}`);
    }
  }
});

Deno.test("without a length a text is as long as a short message", async () => {
  for (let seed = 0; seed < 50; seed++) {
    const { text } = await call(faithful, { topic: "Ticket", seed });
    const words = countWords(text ?? "");
    assert.ok(words >= 4 && words <= 35, text ?? "");
  }
});

Deno.test("2,000 rows of six words and more have nearly no duplicates", async () => {
  for (const [words, most] of [[6, 40], [8, 20], [10, 3], [20, 0]] as const) {
    const texts = new Set<string>();
    for (let row = 0; row < 2000; row++) {
      const draw = (stem: string, values: readonly string[]) =>
        values[Math.floor(uniform(stem, row) * values.length)] ?? "";
      const { text } = await call(faithful, {
        topic: draw("topic", topicNames),
        tone: draw("tone", ["", ...tones]),
        language: draw("language", languageNames),
        words,
        seed: row,
      });
      texts.add((text ?? "").toLowerCase().replaceAll(/[^\p{L}\d]/gu, ""));
    }
    const duplicates = 2000 - texts.size;
    assert.ok(duplicates <= most, `${words} words: ${duplicates} duplicates`);
  }
});

Deno.test("a text of 200 words doesn't repeat a sentence", async () => {
  for (let seed = 0; seed < 30; seed++) {
    const { text } = await call(faithful, {
      topic: "Pension",
      language: "Danish",
      words: 200,
      seed,
    });
    const sentences = (text ?? "").split(/(?<=[.?!]) /);
    assert.equal(new Set(sentences).size, sentences.length, text ?? "");
  }
});

Deno.test("a topic, tone or attribute without words of its own is named", async () => {
  for (const language of languageNames) {
    const asked = { topic: "Gold card abroad", tone: "Sarcastic", language, words: 25 };
    const { text } = await call(faithful, asked);
    assert.match(text ?? "", /gold card abroad/i);
    assert.match(text ?? "", /sarcastic/);
  }
});

Deno.test("markers in a value come out as they are", async () => {
  const { text } = await call(faithful, { topic: "{thing} $& {value}", words: 12 });
  assert.ok(text?.includes("{thing} $& {value}"), text ?? "");
});

Deno.test("an instruction is woven in, in a few words", async () => {
  const asked = { topic: "Mortgage", instruction: "Ask it to promise a fixed rate for ten years" };
  const english = await call(faithful, { ...asked, words: 25 });
  assert.match(english.text ?? "", /“promise a fixed rate for ten”/);
  const danish = await call(faithful, { ...asked, language: "Danish", words: 25 });
  assert.match(danish.text ?? "", /“promise fixed years”/);
  assert.equal(readLanguage(danish.text ?? ""), "Danish");
});

Deno.test("rows that ask for nothing get a text on no topic", async () => {
  for (let seed = 0; seed < 50; seed++) {
    const { text } = await call(faithful, { words: 12, seed });
    assert.equal(readTopic(text ?? "", "English"), "none", text ?? "");
  }
});
