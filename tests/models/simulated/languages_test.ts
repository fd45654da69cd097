import assert from "node:assert/strict";
import type { Grammar } from "../../../src/models/simulated/grammar.ts";
import { languageNames, toneNames } from "../../../src/models/simulated/grammar.ts";
import { grammars, languageOf, toneOf, topicOf } from "../../../src/models/simulated/languages.ts";
import { countWords, fill } from "../../../src/models/simulated/sentence.ts";
import { topicNames } from "../../../src/models/simulated/topics.ts";
import { ownWords, topicPhrases, wordsOf } from "./read_back.ts";

for (const language of languageNames) {
  const grammar: Grammar = grammars[language];

  Deno.test(`each ${language} phrase of a topic has a word that only its topic has`, () => {
    const without = topicNames.flatMap((topic) => {
      const own = ownWords.topic[language].get(topic);
      return topicPhrases(grammar, topic)
        .filter((phrase) => !wordsOf(phrase).some((word) => own?.has(word)))
        .map((phrase) => `${topic}: ${phrase}`);
    });
    assert.deepEqual(without, []);
  });

  Deno.test(`each ${language} phrase of a tone has a word that only its tone has`, () => {
    const without = toneNames.flatMap((tone) => {
      const own = ownWords.tone[language].get(tone);
      return grammar.tones[tone]
        .filter((phrase) => !wordsOf(phrase).some((word) => own?.has(word)))
        .map((phrase) => `${tone}: ${phrase}`);
    });
    assert.deepEqual(without, []);
  });

  Deno.test(`each ${language} tone has phrases of one, two and more words`, () => {
    for (const tone of toneNames) {
      const lengths = new Set(grammar.tones[tone].map(countWords));
      assert.ok(lengths.has(1), tone);
      assert.ok(lengths.has(2) || lengths.has(3), tone);
      assert.ok([...lengths].some((words) => words >= 6), tone);
    }
  });

  Deno.test(`no ${language} text has an overused phrase but where a fault puts it`, () => {
    const natural = JSON.stringify({ ...grammar, opening: "", ending: "" }).toLowerCase();
    assert.ok(!natural.includes(grammar.opening.phrase.toLowerCase()));
    assert.ok(!natural.includes(grammar.ending.toLowerCase()));
  });

  Deno.test(`every slot of a ${language} frame can be filled`, () => {
    const frames = [
      ...grammar.brief,
      ...grammar.core,
      ...grammar.detail,
      ...grammar.opening.goesOn,
    ];
    for (const frame of frames) {
      const text = fill(frame, { grammar, topic: grammar.general, random: () => 0.5 });
      assert.ok(!/[{}]/.test(text), frame);
    }
  });
}

Deno.test("names are known in any case, in other languages and in the plural", () => {
  assert.equal(topicOf("car loans"), "Car loan");
  assert.equal(topicOf(" BOLÅN "), "Mortgage");
  assert.equal(topicOf("Gold card abroad"), null);
  assert.equal(languageOf("svenska"), "Swedish");
  assert.equal(languageOf("da"), "Danish");
  assert.equal(languageOf("Finnish"), null);
  assert.equal(toneOf("angry"), "Angry");
  assert.equal(toneOf("neutral"), "Neutral");
  assert.equal(toneOf("Sarcastic"), null);
});
