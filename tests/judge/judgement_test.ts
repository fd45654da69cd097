import assert from "node:assert/strict";
import { readJudgement } from "../../src/judge/judgement.ts";
import type { Posed } from "../../src/judge/pose.ts";

function posed(stem: string, ...answers: string[]): Posed {
  return { stem, kind: "one", answers, descriptions: new Map(), about: null };
}

const BOTH = [posed("tone", "Calm", "Café"), posed("topic", "Car loan", "other")];

const CASES: [what: string, text: string, expected: Record<string, string | null>][] = [
  ["an object", '{"tone": "Calm", "topic": "other"}', { tone: "Calm", topic: "other" }],
  ["one in a fence, with words", 'Sure:\n```json\n{"tone":"Calm","topic":"Car loan"}\n```', {
    tone: "Calm",
    topic: "Car loan",
  }],
  ["another case, spaces and form", '{"tone": " cafe\\u0301", "topic": "CAR  LOAN"}', {
    tone: "Café",
    topic: "Car loan",
  }],
  ["an answer that isn't one", '{"tone": "Calmish", "topic": "other"}', {
    tone: null,
    topic: "other",
  }],
  ["a missing one", '{"tone": "Calm"}', { tone: "Calm", topic: null }],
  ["one that is no text", '{"tone": ["Calm"], "topic": 1}', { tone: null, topic: null }],
  ["no JSON", "Calm, other", { tone: null, topic: null }],
  ["broken JSON", '{"tone": "Calm", "topic": }', { tone: null, topic: null }],
  ["a list", '["Calm"]', { tone: null, topic: null }],
  ["nothing", "", { tone: null, topic: null }],
];
for (const [what, text, expected] of CASES) {
  Deno.test(`readJudgement() of ${what}`, () => {
    assert.deepEqual(readJudgement(text, BOTH), expected);
  });
}

Deno.test("readJudgement() takes a bare answer to a single question", () => {
  const topic = [posed("topic", "Car loan", "other")];
  for (const text of ["Car loan", '"Car loan".', " car loan\n", "'Car loan'"]) {
    assert.deepEqual(readJudgement(text, topic), { topic: "Car loan" }, text);
  }
  assert.deepEqual(readJudgement("It is a car loan", topic), { topic: null });
});

Deno.test("readJudgement() isn't led by names that every object has", () => {
  assert.deepEqual(readJudgement("{}", [posed("toString", "a")]), { toString: null });
  assert.deepEqual(readJudgement('{"x": "toString"}', [posed("x", "a")]), { x: null });
});
