import { z } from "zod";
import { isStreamed, joinStreamed } from "./streamed.ts";
import type { Reply } from "../types.ts";

const tokens = z.int().min(0).nullish().catch(null);

// Loose on purpose: endpoints that call themselves compatible leave out or add most fields.
const completion = z.object({
  model: z.string().nullish().catch(null),
  error: z.unknown().optional(),
  choices: z.array(z.object({
    finish_reason: z.string().nullish().catch(null),
    error: z.unknown().optional(),
    message: z.object({
      content: z.union([
        z.string(),
        z.array(z.object({ type: z.string().optional(), text: z.string().optional() })),
      ]).nullish(),
      refusal: z.string().nullish().catch(null),
      reasoning_content: z.string().nullish().catch(null),
      reasoning: z.string().nullish().catch(null),
    }).nullish(),
  })).min(1),
  usage: z.object({
    prompt_tokens: tokens,
    completion_tokens: tokens,
    completion_tokens_details: z.object({ reasoning_tokens: tokens }).nullish().catch(null),
  }).nullish().catch(null),
});

/** An answer, and whether the model thought before it where nobody sees it. */
export interface ReadReply {
  reply: Reply;
  hiddenReasoning: boolean;
  /** What the endpoint told beside the answer, or in its choice, as an error; null: nothing. */
  error: unknown;
}

/**
 * Reads the body of a 200. Null where it is no chat completion.
 *
 * @param body Parsed JSON: see {@linkcode bodyIn}.
 * @param options `model` stands in where the endpoint names none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readReply } from "./reply.ts";
 * const read = readReply({ choices: [{ message: { content: "Hej" } }] }, { model: "m" });
 * assert(read?.reply.text === "Hej");
 * assert(readReply("<html>", { model: "m" }) === null);
 * ```
 */
export function readReply(body: unknown, options: { model: string }): ReadReply | null {
  const { data } = completion.safeParse(body);
  const choice = data?.choices[0];
  if (data === undefined || choice === undefined) return null;
  const { content, refusal, reasoning_content, reasoning } = choice.message ?? {};
  const { usage } = data;
  const input = usage?.prompt_tokens ?? null;
  const output = usage?.completion_tokens ?? null;
  const text = Array.isArray(content) ? joined(content) : content ?? null;
  const thoughts = reasoning_content || reasoning;
  const onlyReasoned = Boolean(thoughts) && (text === null || text.trim() === "");
  return {
    reply: {
      text,
      refusal: refusal || null,
      finishReason: choice.finish_reason || null,
      model: data.model || options.model,
      usage: input === null || output === null ? null : { input, output },
      ...(onlyReasoned ? { onlyReasoned: true as const } : {}),
    },
    hiddenReasoning: (usage?.completion_tokens_details?.reasoning_tokens ?? 0) > 0 ||
      Boolean(thoughts),
    error: data.error ?? choice.error ?? null,
  };
}

/**
 * What stands in a body as the client gives it: where the endpoint called it something else than
 * JSON, it came as text. An answer that was streamed is read as one; what is neither stays a text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bodyIn } from "./reply.ts";
 * assert.deepEqual(bodyIn('{"choices": []}'), { choices: [] });
 * assert(bodyIn("<html>") === "<html>");
 * ```
 */
export function bodyIn(body: unknown): unknown {
  if (typeof body !== "string") return body;
  if (isStreamed(body)) return joinStreamed(body) ?? body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** The text of parts; parts of another type, such as thoughts, are left out. */
function joined(
  parts: readonly { type?: string | undefined; text?: string | undefined }[],
): string | null {
  const texts = parts.filter(({ type, text }) => text !== undefined && (type ?? "text") === "text");
  return texts.length === 0 ? null : texts.map(({ text }) => text).join("");
}
