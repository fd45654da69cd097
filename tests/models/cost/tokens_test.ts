import assert from "node:assert/strict";
import { encodeChat } from "gpt-tokenizer/encoding/o200k_base";
import fc from "npm:fast-check@4.10.2";
import { encodingOf, openTokenCounter, tokensPerWord } from "../../../src/models/cost/tokens.ts";
import type { ModelChoice, Provider } from "../../../src/models/types.ts";
import type { ChatMessage } from "../../../src/prompt/types.ts";
import { countWords } from "../../../src/text/words.ts";

function choice(provider: Provider, name: string): ModelChoice {
  return { provider, name, origin: "test" };
}

Deno.test("each model is counted by its own vocabulary where that is known", () => {
  const cases: [Provider, string, string, boolean][] = [
    ["openai", "gpt-4.1-mini", "o200k_base", true],
    ["openai", "gpt-4o-2024-08-06", "o200k_base", true],
    ["openai", "gpt-5", "o200k_base", true],
    ["openai", "gpt-5.2-chat-latest", "o200k_base", true],
    ["openai", "o4-mini", "o200k_base", true],
    ["openai", "gpt-4-turbo", "cl100k_base", true],
    ["openai", "gpt-3.5-turbo-0125", "cl100k_base", true],
    ["openai", "qwen2.5:7b", "o200k_base", false],
    ["openai", "openai/gpt-4o", "o200k_base", false],
    ["azure", "gpt-4o", "o200k_base", false],
    ["azure", "chat", "o200k_base", false],
    ["local", "smollm2-135m", "o200k_base", false],
    ["simulated", "faithful", "o200k_base", false],
  ];
  for (const [provider, name, encoding, exact] of cases) {
    assert.deepEqual(encodingOf(choice(provider, name)), { encoding, exact }, name);
  }
});

Deno.test("a chat is counted with what frames its messages", async () => {
  const counter = await openTokenCounter(choice("openai", "gpt-4o"));
  const message = fc.record({
    role: fc.constantFrom<ChatMessage["role"]>("system", "user", "assistant"),
    content: fc.constantFrom("Where is my card?", "Får jag öka bolånet?", "", "你好", "a\n\nb"),
  });
  fc.assert(fc.property(fc.array(message, { minLength: 1, maxLength: 6 }), (messages) => {
    assert.equal(counter.messages(messages), encodeChat(messages, "gpt-4o").length);
  }));
});

Deno.test("a control sign that is spelt out in a text is counted as text", async () => {
  const counter = await openTokenCounter(choice("openai", "gpt-4o"));
  assert(counter.text("<|endoftext|>") > 1);
  assert(counter.messages([{ role: "user", content: "a <|im_end|> b" }]) > 8);
});

Deno.test("the counts of other models are a range about the nearest ones", async () => {
  const [own, other] = await Promise.all([
    openTokenCounter(choice("openai", "gpt-4o")),
    openTokenCounter(choice("openai", "mistral-small")),
  ]);
  assert.deepEqual(own.range, { low: 1, high: 1 });
  assert(other.range.low < 1 && other.range.high > 1 && !other.exact);
  assert.equal(other.text("Where is my card?"), own.text("Where is my card?"));
});

// Messages that the table wasn't made from.
const MESSAGES: Record<string, string> = {
  en:
    "I want to take a car loan but I'm not sure I can pay it back, what happens if I miss a month?",
  sv: "Jag funderar på att låna till en ny bil, men vad händer om jag inte kan betala en månad?",
  da: "Toget til Aarhus er forsinket igen, hvem betaler min taxa, når jeg misser den sidste bus?",
  de: "Der Zug nach Hamburg fällt schon wieder aus, wer bezahlt mir jetzt das Taxi nach Hause?",
  fi: "Juna Tampereelle on taas myöhässä, kuka maksaa taksini, jos en ehdi viimeiseen bussiin?",
  es: "El tren a Sevilla llega tarde otra vez, ¿quién me paga el taxi si pierdo el último autobús?",
};

Deno.test("tokens per word hold for messages of that language", async () => {
  const counter = await openTokenCounter(choice("openai", "gpt-4o"));
  for (const [code, message] of Object.entries(MESSAGES)) {
    const { low, high } = tokensPerWord(code);
    const got = counter.text(message) / countWords(message);
    assert(got >= low && got <= high, `${code}: ${got} isn't in ${low}–${high}`);
  }
  const unknown = tokensPerWord("xx");
  assert.deepEqual(tokensPerWord(null), unknown);
  assert(unknown.low < unknown.estimate && unknown.estimate < unknown.high);
});
