import { z } from "zod";

/** A part of an answer; what else stands in it isn't needed. */
const chunk = z.object({
  model: z.string().nullish().catch(null),
  error: z.unknown().optional(),
  usage: z.unknown().optional(),
  choices: z.array(z.object({
    index: z.number().nullish().catch(null),
    finish_reason: z.string().nullish().catch(null),
    error: z.unknown().optional(),
    delta: z.object({
      content: z.string().nullish().catch(null),
      refusal: z.string().nullish().catch(null),
      reasoning_content: z.string().nullish().catch(null),
      reasoning: z.string().nullish().catch(null),
    }).nullish().catch(null),
  })).nullish().catch(null),
});

/** Whether a text is an answer in parts: server-sent events. */
export function isStreamed(text: string): boolean {
  return /^\s{0,100}(data:|event:|id:|retry:|:)/.test(text);
}

/**
 * One answer from the parts of one: what an endpoint sends that streams without being asked to. Its
 * shape is that of an answer that wasn't streamed. Where the stream ended before the answer did, an
 * error stands in it.
 *
 * @param text Server-sent events with `delta`s, whole.
 * @returns Null where it has no part of an answer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { joinStreamed } from "./streamed.ts";
 * const part = (content: string) => `data: {"choices": [{"delta": {"content": "${content}"}}]}\n\n`;
 * const body = joinStreamed(part("He") + part("j") + "data: [DONE]\n");
 * assert.equal(body?.choices?.[0]?.message.content, "Hej");
 * ```
 */
export function joinStreamed(text: string): StreamedAnswer | null {
  const answer: StreamedAnswer = {};
  const message: Record<string, string> = {};
  let finish: string | null = null;
  let isDone = false;
  let parts = 0;
  for (const data of eventsIn(text)) {
    if (data === "[DONE]") {
      isDone = true;
      break;
    }
    const part = chunk.safeParse(parsedOrNull(data));
    if (!part.success) continue;
    parts++;
    const { model, usage, error, choices } = part.data;
    if (model) answer.model ??= model;
    if (usage !== undefined && usage !== null) answer.usage = usage;
    const choice = choices?.find(({ index }) => (index ?? 0) === 0);
    const fault = error ?? choice?.error;
    if (fault !== undefined && fault !== null) return { error: fault };
    for (const [name, piece] of Object.entries(choice?.delta ?? {})) {
      if (typeof piece === "string") message[name] = (message[name] ?? "") + piece;
    }
    finish = choice?.finish_reason || finish;
  }
  if (parts === 0) return null;
  if (!isDone && finish === null) {
    return { error: { message: "the stream ended before the answer did" } };
  }
  answer.choices = [{ finish_reason: finish, message }];
  return answer;
}

/** The fields of an answer that were found in its parts. */
export interface StreamedAnswer {
  model?: string;
  usage?: unknown;
  choices?: { finish_reason: string | null; message: Record<string, string> }[];
  error?: unknown;
}

/** The data of each event: it is JSON, which stands on one line. */
function* eventsIn(text: string): Generator<string> {
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.startsWith("data:")) yield line.slice(5).trim();
  }
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
