import assert from "node:assert/strict";
import { FEW_SHOT_STOP, fewShotMessages, type FewShotParts } from "../../src/prompt/few_shot.ts";

const parts: FewShotParts = {
  context: "Viking Bank\n\nThe assistant is the chatbot on the website of a bank.",
  guidelines: [
    { label: "Additional instruction", value: "Ask what it costs in total" },
    { label: "Tone", value: "Worried" },
    { label: "Topic", value: "Car loan" },
  ],
  words: 14,
  avoid: [],
};

const expected = `[system]
You write the messages that customers type into a chat.
The chat: Viking Bank The assistant is the chatbot on the website of a bank.
[user]
- Tone: Angry
- Topic: Delayed train
- Length: 12 words
[assistant]
Customer: "my train is 40 minutes late again, who pays for my taxi??"
[user]
- Topic: Opening hours
- Length: 5 words
[assistant]
Customer: "are you open on sunday"
[user]
- Additional instruction: Mention a sick child
- Tone: Worried
- Topic: Doctor's appointment
- Length: 25 words
[assistant]
Customer: "My son has had a fever for three days and I can't get a doctor's appointment before Friday, is it safe to wait that long?"
[user]
- Tone: Friendly
- Topic: Library card
- Length: 14 words
[assistant]
Customer: "Hi! I have moved here from Leeds, how do I get a library card?"
[user]
- Additional instruction: Ask for a yes or no
- Topic: Parking
- Length: 8 words
[assistant]
Customer: "Is parking free for guests, yes or no?"
[user]
- Tone: Friendly
- Topic: Newspaper
- Length: 13 words
[assistant]
Customer: "Hello, can I change the address of my newspaper while I am away?"
[user]
- Additional instruction: Ask what it costs in total
- Tone: Worried
- Topic: Car loan
- Length: 14 words
[assistant]
Customer: "`;

const written = (changes: Partial<FewShotParts> = {}) =>
  fewShotMessages({ ...parts, ...changes })
    .map(({ role, content }) => `[${role}]\n${content}`).join("\n");

Deno.test("the small model's prompt: examples, one of about the length, the row, an open quote", () => {
  assert.equal(written(), expected);
});

Deno.test("what comes first is the same for each row", () => {
  const other = fewShotMessages({ ...parts, guidelines: [], words: 3, avoid: ["hello"] });
  assert.deepEqual(other.slice(0, 11), fewShotMessages(parts).slice(0, 11));
});

Deno.test("the last example has about the length that is asked for", () => {
  for (const words of [1, 3, 6, 9, 15, 22, 35, 60, 200]) {
    const shown = fewShotMessages({ ...parts, words }).at(-4)?.content ?? "";
    const length = Number(/- Length: (\d+) words/.exec(shown)?.[1]);
    const reachable = Math.min(57, Math.max(3, words));
    assert(Math.abs(Math.log(length / reachable)) < 0.6, `${words}: ${length}`);
  }
});

Deno.test("the last example varies with the request where lengths are as near", () => {
  const topics = ["Car loan", "Apple Pay", "Mortgage", "E-invoice", "Index fund", "Lost card"];
  const shown = topics.map((value) =>
    fewShotMessages({ ...parts, guidelines: [{ label: "Topic", value }] }).at(-4)?.content
  );
  assert(new Set(shown).size > 1);
});

Deno.test("without a length there is no line for it, and what is to be avoided isn't named", () => {
  const request = fewShotMessages({ ...parts, words: null, avoid: ["hello", "I was wondering"] })
    .at(-2)?.content;
  assert.equal(
    request,
    "- Additional instruction: Ask what it costs in total\n- Tone: Worried\n- Topic: Car loan",
  );
});

Deno.test("of a long context the beginning is shown", () => {
  const context = Array.from({ length: 200 }, (_, i) => `w${i}`).join(" ");
  assert(written({ context }).includes("w44\n[user]"));
});

Deno.test("an answer ends where the quote or the line does", () => {
  assert.deepEqual(FEW_SHOT_STOP, ["\n", '"']);
  const answers = fewShotMessages(parts).filter(({ role }) => role === "assistant").slice(0, -1);
  for (const { content } of answers) assert(/^Customer: "[^"\n]+"$/.test(content), content);
});
