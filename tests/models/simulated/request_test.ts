import assert from "node:assert/strict";
import { readRequest } from "../../../src/models/simulated/request.ts";

Deno.test("guideline lines, length and avoid-list are read from the last user message", () => {
  const request = readRequest([
    { role: "system", content: "- Topic: Mortgage\nAbout 99 words" },
    { role: "user", content: "- Topic: Pension\n- Length: 5 words" },
    { role: "assistant", content: "Ok." },
    {
      role: "user",
      content: [
        "Write one message.",
        "- Topic: Car loan",
        "- Tone: Worried",
        "- Language: Swedish",
        "- Additional instruction: Ask for a promise: now",
        "- Age group: 70+",
        "- Length: exactly 14 words",
        "Avoid these words and openings: “Could you please”, “I'm sorry”",
      ].join("\n"),
    },
  ]);
  const { text: _text, ...read } = request;
  assert.deepEqual(read, {
    topic: "Car loan",
    tone: "Worried",
    language: "Swedish",
    instruction: "Ask for a promise: now",
    others: [{ label: "Age group", value: "70+" }],
    words: 14,
    avoid: ["could you please", "i'm sorry"],
  });
});

Deno.test("an attribute by another name is known by its value", () => {
  const content = "- Products and services: E-invoice\n- Spoken: Danish\n- Feeling: Angry";
  const { topic, language, tone, others } = readRequest([{ role: "user", content }]);
  assert.deepEqual(
    { topic, language, tone, others },
    { topic: "E-invoice", language: "Danish", tone: "Angry", others: [] },
  );
});

Deno.test("without guideline lines the last known names in the text count", () => {
  const content = "You may know: mortgage.\nWrite in Danish, sounding worried, on car loans, " +
    "in about 20 words.";
  const { topic, tone, language, words } = readRequest([{ role: "user", content }]);
  assert.deepEqual(
    { topic: topic?.toLowerCase(), tone, language, words },
    { topic: "car loan", tone: "worried", language: "Danish", words: 20 },
  );
});

Deno.test("names inside other words and the avoid-list aren't taken as asked for", () => {
  const content = "A ticketless mortgageable thing.\nAvoid these words and openings: “ticket”";
  const request = readRequest([{ role: "user", content }]);
  assert.equal(request.topic, null);
  assert.deepEqual(request.avoid, ["ticket"]);
});

Deno.test("the system message counts where the user message asks for nothing", () => {
  const request = readRequest([
    { role: "system", content: "Write about {x}.\n- Topic: Pension\n- Length: 7 words" },
    { role: "user", content: "Go." },
  ]);
  assert.equal(request.topic, "Pension");
  assert.equal(request.words, 7);
});

Deno.test("no user message asks for nothing", () => {
  const { topic, words, text } = readRequest([]);
  assert.deepEqual({ topic, words, text }, { topic: null, words: null, text: "" });
});
