import assert from "node:assert/strict";
import type { AttributeValue, Settings } from "../../src/config/types.ts";
import { questionsOf } from "../../src/judge/questions.ts";

const settings: Settings = {
  temperature: null,
  frequency_penalty: null,
  seed: 1,
  sampling: "even",
  timeout: 60,
};

function values(...names: string[]): AttributeValue[] {
  return names.map((value) => ({ value, score: 1, factor: 1, prompt: "told", when: null }));
}

const attributes = {
  extra_instructions: values("", "Ask for a yes or no"),
  instructional: values("Short"),
  language: values("Danish", "English"),
  nothing: values(""),
  tone: values("Calm", ""),
};

Deno.test("questionsOf() asks whether instructions are followed, and which one all else is", () => {
  const questions = questionsOf({ attributes, settings });
  assert.deepEqual(questions.map(({ stem, kind }) => [stem, kind]), [
    ["extra_instructions", "followed"],
    ["instructional", "one"],
    ["tone", "one"],
  ]);
  assert.deepEqual(questions[2]?.values, [{ value: "Calm", description: null }]);
});

Deno.test("questionsOf() goes by the settings, and by the stems that are named", () => {
  const labels = { tone: "skip", extra_instructions: "one" } as const;
  const set = questionsOf({ attributes, settings: { ...settings, labels } });
  assert.deepEqual(set.map(({ stem, kind }) => [stem, kind]), [
    ["extra_instructions", "one"],
    ["instructional", "one"],
  ]);
  const named = questionsOf({ attributes, settings }, { attributes: ["language", "tone"] });
  assert.deepEqual(named.map(({ stem }) => stem), ["language", "tone"]);
});

Deno.test("questionsOf() tells a value's description and never the writer's wording", () => {
  const tone = values("Calm").map((value) => ({ ...value, description: "At peace." }));
  const [question] = questionsOf({ attributes: { tone }, settings });
  assert.deepEqual(question?.values, [{ value: "Calm", description: "At peace." }]);
});
