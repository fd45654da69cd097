import assert from "node:assert/strict";
import type { Config } from "../../src/config/types.ts";
import { BUILT_IN_TEMPLATE, labelOf, prompter, stopTexts } from "../../src/prompt/prompt.ts";

const item = { score: 1, factor: 1, prompt: null, when: null };

function config(fields: Partial<Config> = {}): Config {
  return {
    folder: "config",
    context: "Metro Line\n\nThe chat of a {{city}} metro.",
    attributes: {
      additional_instruction: [{ ...item, value: "" }, { ...item, value: "Ask for a refund" }],
      language: [{ ...item, value: "English" }, { ...item, value: "Swedish" }],
      tone: [{ ...item, value: "Angry", prompt: "Angry, but civil" }, { ...item, value: "" }],
      topic: [{ ...item, value: "Lost property" }, { ...item, value: "" }],
    },
    length: null,
    prompt: null,
    avoid: [],
    settings: {
      temperature: 0.9,
      frequency_penalty: 0.5,
      seed: 1,
      sampling: "even",
      timeout: 60,
    },
    ...fields,
  };
}

const angry = {
  row: 3,
  attributes: {
    additional_instruction: "",
    language: "Swedish",
    tone: "Angry",
    topic: "Lost property",
  },
  requestedWords: 14,
};
const nothing = {
  row: 4,
  attributes: { additional_instruction: "", language: "English", tone: "", topic: "" },
  requestedWords: null,
};

Deno.test("the built-in prompt names what is asked, in the wording of the config", async (t) => {
  const messages = prompter(config(), { form: "full", seed: 1 })(angry);
  assert.equal(
    messages[1]?.content,
    `Write one message.
- Language: Swedish
- Tone: Angry, but civil
- Topic: Lost property
- Length: exactly 14 words`,
  );
  await t.assertSnapshot(messages);
});

Deno.test("a row that asks for nothing has no empty lines in its prompt", () => {
  const messages = prompter(config(), { form: "full", seed: 1 })(nothing);
  assert.equal(messages[1]?.content, "Write one message.\n- Language: English");
});

Deno.test("the system message is the same for every row, so that endpoints can cache it", () => {
  const ask = prompter(config(), { form: "full", seed: 1 });
  assert.deepEqual(ask(angry)[0], ask(nothing)[0]);
  assert.equal(ask(angry)[0]?.role, "system");
});

Deno.test("the context goes in as it is, braces included", () => {
  const [system] = prompter(config(), { form: "full", seed: 1 })(angry);
  assert.ok(system?.content.includes("The chat of a {{city}} metro."));
});

Deno.test("the avoid-list follows the last line, for rows of its language only", () => {
  const avoid = [{ term: "jag undrar", share: 0.3, language: "sv" }];
  const ask = prompter(config({ avoid }), { form: "full", seed: 1 });
  const last = (content = "") => content.split("\n").at(-1);
  assert.equal(last(ask(angry)[1]?.content), "Avoid these words and openings: “jag undrar”");
  assert.equal(last(ask(nothing)[1]?.content), "- Language: English");
});

Deno.test("an own template beats the built-in one in either form", () => {
  const prompt = "# system\nFor: {{context}}\n# user\nTone {{tone}}\n{{length}} words on {{topic}}";
  for (const form of ["full", "few-shot"] as const) {
    const ask = prompter(config({ prompt }), { form, seed: 1 });
    assert.deepEqual(ask(angry)[1], {
      role: "user",
      content: "Tone Angry, but civil\n14 words on Lost property",
    });
    assert.deepEqual(ask(nothing)[1], { role: "user", content: "Write one message." });
    assert.equal(stopTexts(config({ prompt }), form), null);
  }
});

Deno.test("the few-shot form ends with an open turn and says where it stops", async (t) => {
  const messages = prompter(config(), { form: "few-shot", seed: 1 })(angry);
  assert.equal(messages.at(-1)?.role, "assistant");
  assert.ok(stopTexts(config(), "few-shot")?.includes("\n"));
  await t.assertSnapshot(messages);
});

Deno.test("labels are readable", () => {
  assert.equal(labelOf("additional_instruction"), "Additional instruction");
  assert.equal(labelOf("ålder"), "Ålder");
  assert.ok(BUILT_IN_TEMPLATE.startsWith("# system\n"));
});
