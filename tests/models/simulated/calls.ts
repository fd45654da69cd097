import type { ChatMessage } from "../../../src/prompt/types.ts";

/** What a test asks for. */
export interface Asked {
  topic?: string;
  tone?: string;
  language?: string;
  instruction?: string;
  words?: number;
  avoid?: string;
}

/** The messages of a request, in the form of the built-in prompt. */
export function messagesFor(asked: Asked): ChatMessage[] {
  const lines = ["Write one message."];
  if (asked.topic) lines.push(`- Topic: ${asked.topic}`);
  if (asked.tone) lines.push(`- Tone: ${asked.tone}`);
  if (asked.language) lines.push(`- Language: ${asked.language}`);
  if (asked.instruction) lines.push(`- Additional instruction: ${asked.instruction}`);
  if (asked.words) lines.push(`- Length: exactly ${asked.words} words`);
  if (asked.avoid) lines.push(`Avoid these words and openings: “${asked.avoid}”`);
  return [
    { role: "system", content: "You write messages to a bank.\n- Say it well: write plainly." },
    { role: "user", content: lines.join("\n") },
  ];
}

/** What came of a call. */
export interface Came {
  status: number;
  text: string | null;
  refusal: string | null;
  finishReason: string | null;
  code: string | null;
}

/** Asks a simulated endpoint. */
export async function call(
  fetch: typeof globalThis.fetch,
  asked: Asked & { seed?: number; maxTokens?: number },
): Promise<Came> {
  const response = await fetch("http://simulated.invalid/v1/chat/completions", {
    method: "POST",
    body: JSON.stringify({
      messages: messagesFor(asked),
      seed: asked.seed ?? 1,
      max_tokens: asked.maxTokens,
    }),
  });
  const body = await response.json();
  const choice = body.choices?.[0];
  return {
    status: response.status,
    text: choice?.message.content ?? null,
    refusal: choice?.message.refusal ?? null,
    finishReason: choice?.finish_reason ?? null,
    code: body.error?.code ?? null,
  };
}
