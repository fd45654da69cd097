import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { proposalFiles, propose, readProposals } from "../../src/commands/init_proposals.ts";
import type { ChatMessage } from "../../src/prompt/types.ts";
import { load } from "../config/folder.ts";
import { reply } from "../run/fixtures.ts";

const values = (...list: string[]) => list.map((value, index) => ({ value, weight: index + 1 }));
const answer = {
  topics: values("Tickets", "Delays", "Lost property"),
  tones: values("Angry", "Calm", "Rushed"),
  instructions: values("Ask for a refund", "Ask how long it takes", "Name a station"),
};

function proposalsIn(text: string) {
  const read = readProposals(text);
  assert("proposals" in read, "fault" in read ? read.fault : "");
  return read.proposals;
}

Deno.test("an answer becomes lists with their weights, the likeliest first, and a share for nothing", () => {
  const { topic, tone } = proposalsIn(JSON.stringify(answer));
  assert.deepEqual(topic, [
    { value: "", score: 6 },
    { value: "Lost property", score: 47 },
    { value: "Delays", score: 31.3 },
    { value: "Tickets", score: 15.7 },
  ]);
  assert.equal(tone?.[0]?.score, 40);
  assert.deepEqual(
    proposalsIn("```json\n" + JSON.stringify(answer, null, 1) + "\n```").topic,
    topic,
  );
});

Deno.test("whatever a model proposes can be written, loads without a warning and hides nothing", async () => {
  const hostile = fc.array(
    fc.constantFrom(
      "\u001b[31m",
      "\u202e",
      "\n",
      '"',
      "{{context}}",
      "\ud800",
      "=",
      "a",
      "É",
      "  ",
    ),
    { maxLength: 40 },
  ).map((parts) => parts.join(""));
  const list = fc.array(
    fc.record({
      value: fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), hostile),
      weight: fc.double({ min: 1e-300, max: 1e6, noNaN: true }),
    }),
    { minLength: 3, maxLength: 60 },
  );
  let written = 0;
  await fc.assert(
    fc.asyncProperty(fc.record({ topics: list, tones: list, instructions: list }), async (wild) => {
      const read = readProposals(JSON.stringify(wild));
      if ("fault" in read) return assert.match(read.fault, /fewer than 3 different values/);
      written++;
      const files = proposalFiles(read.proposals);
      const { config, faults, warnings } = await load({ "context.txt": "Metro", ...files });
      assert.deepEqual([faults, warnings], [[], []]);
      for (const [stem, items] of Object.entries(read.proposals)) {
        const loaded = config?.attributes[stem]?.map(({ value, score }) => ({ value, score }));
        assert.deepEqual(loaded, items);
        assert(items.every(({ value }) => Array.from(value).length <= 160));
        assert(items.every(({ value }) => !/[\p{Cc}\p{Cs}\u202a-\u202e]/u.test(value)));
      }
    }),
    { numRuns: 40 },
  );
  assert(written > 10);
});

Deno.test("an answer that can't be used is told why in a few words", () => {
  const faults: [unknown, RegExp][] = [
    ["Sure! Here you are:", /isn't one JSON object/],
    [{ ...answer, tones: undefined }, /^tones: /],
    [{ ...answer, tones: values("Calm") }, /^tones: /],
    [
      { ...answer, tones: values("Calm", "calm ", "CALM") },
      /^tones: fewer than 3 different values/,
    ],
    [
      { ...answer, topics: [...values("a", "b"), { value: "c", weight: -1 }] },
      /^topics\.2\.weight: /,
    ],
    [{ ...answer, topics: [...values("a", "b"), { value: 3, weight: 1 }] }, /^topics\.2\.value: /],
    [[], /^the answer: /],
  ];
  for (const [given, words] of faults) {
    const read = readProposals(typeof given === "string" ? given : JSON.stringify(given));
    assert.match("fault" in read ? read.fault : "no fault", words);
  }
});

Deno.test("a wrong answer is asked for once more with its fault, then given up", async () => {
  const told: ChatMessage[][] = [];
  const answers = ["no", JSON.stringify(answer)];
  const outcome = await propose("Metro chat", (messages) => {
    told.push(messages);
    return Promise.resolve({ reply: reply({ text: answers[told.length - 1] ?? "" }) });
  });
  assert("proposals" in outcome);
  assert.deepEqual(told.map(({ length }) => length), [2, 4]);
  assert(told[0]?.[1]?.content.includes("Metro chat"));
  assert.match(told[1]?.[3]?.content ?? "", /can't be used: it isn't one JSON object/);

  let calls = 0;
  const never = await propose("Metro chat", () => {
    calls++;
    return Promise.resolve({ reply: reply({ text: "no" }) });
  });
  assert.equal(calls, 2);
  assert.match("why" in never ? never.why : "", /twice: it isn't one JSON object/);
  const declined = await propose(
    "Metro chat",
    () => Promise.resolve({ reply: reply({ text: null, refusal: "No\u001b[2J." }) }),
  );
  assert.equal("why" in declined ? declined.why : "", "the model declined: No\\u001b[2J.");
});
