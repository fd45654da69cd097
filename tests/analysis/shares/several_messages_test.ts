import assert from "node:assert/strict";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { holdsSeveral, severalMessages } from "../../../src/analysis/shares/several_messages.ts";
import { wilson } from "../../../src/stats/intervals.ts";
import { sentences } from "../../text/sentences.ts";

const ASKED = ["Where can I lock my bicycle?", "Is the lamp included?", "My tyre is flat again."];

/** Lists of messages, in the forms that models give them. */
const LISTS = [
  ASKED.map((text, i) => `${i + 1}. ${text}`).join("\n"),
  ASKED.map((text, i) => `${i + 1}) "${text}"`).join("\n\n"),
  ASKED.map((text, i) => `${i + 1}. ${text}`).join(" "),
  ASKED.map((text, i) => `**${i + 1}.** ${text}\nThank you.`).join("\n"),
  ASKED.map((text, i) => `Message ${i + 1}: ${text}`).join("\n"),
  ASKED.map((text, i) => `### Message ${i + 1}:\n${text}`).join("\n"),
  ASKED.map((text, i) => `(${i + 1}) ${text}`).join("\r\n"),
  ASKED.map((text) => `- ${text}`).join("\n"),
  ASKED.map((text) => `• ${text}`).join("\n\n"),
  ASKED.map((text) => `"${text}"`).join("\n"),
  ASKED.map((text) => `“${text}”,`).join("\n"),
  JSON.stringify(ASKED),
  JSON.stringify(ASKED, null, 2),
  JSON.stringify({ messages: ASKED }),
  JSON.stringify(ASKED.map((message) => ({ message }))),
  ASKED.map((message) => JSON.stringify({ message })).join("\n"),
  "```json\n" + JSON.stringify(ASKED, null, 2) + "\n```",
];

Deno.test("holdsSeveral() knows lists of messages in all forms, announced too", () => {
  for (const list of LISTS) {
    assert(holdsSeveral(list), list);
    assert(holdsSeveral(`\n  ${list}\n`), list);
    for (const lead of ["Here are three messages:", "Sure! Here you go:", "Her er tre beskeder:"]) {
      assert(holdsSeveral(`${lead}\n\n${list}`), `${lead} ${list}`);
    }
  }
});

Deno.test("holdsSeveral() takes a message for one, whatever it lists or begins with", () => {
  const single = [
    ...Object.values(sentences).flat(),
    // Not what models begin with, but what people list.
    ...LISTS.slice(0, 10).map((list) => `Hi, I have three questions:\n${list}`),
    ...LISTS.slice(0, 10).map((list) => `Here are my questions:\n${list}`),
    "1. Where can I lock my bicycle?",
    "1. maj købte jeg en cykel og 2. juni var den væk.",
    "1 bicycle, 2 lamps. How much?",
    "- Where can I lock my bicycle?",
    '"Included" is the word on the page.\nIs the lamp included?',
    '"Where can I lock my bicycle?"',
    JSON.stringify(ASKED.slice(0, 1)),
    JSON.stringify({ message: ASKED[0] }),
    "[1, 2, 3]",
    "[Order 17] Where is my bicycle?\n[Order 18] And this?",
    "2. Is the lamp included?\n3. My tyre is flat.",
    "- Is the lamp included?\nMy tyre is flat.",
    "",
  ];
  for (const text of single) assert(!holdsSeveral(text), text);
});

Deno.test("holdsSeveral() survives whatever is long or deep", () => {
  const long = 1_000_000;
  for (
    const text of [
      "[".repeat(long),
      "[".repeat(9_000) + "]".repeat(9_000),
      "```" + "\n".repeat(19_000) + "x",
      "1." + " ".repeat(long),
      "here is " + ": ".repeat(long) + "\n",
      "'" + " '".repeat(9_000) + "\nx",
      "1. a" + ". ".repeat(long),
    ]
  ) assert.equal(holdsSeveral(text), false);
});

Deno.test("severalMessages() counts rows, with the interval of the share and the first rows", () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    row: 1000 + i,
    text: i % 8 === 3 ? LISTS[i % LISTS.length]! : ASKED[i % 3]!,
  }));
  const found = severalMessages(corpusOf(rows).corpus);
  const { examples, ...rest } = found ?? {};
  assert.deepEqual(rest, { rows: 25, share: 0.125, ...wilson(25, 200) });
  assert.equal(examples?.length, 20);
  assert.deepEqual(examples?.slice(0, 2), [{ row: 1003 }, { row: 1011 }]);
  assert.equal(severalMessages(corpusOf([]).corpus), null);
  assert.equal(severalMessages(corpusOf([{ text: "Hi" }]).corpus)?.rows, 0);
});
