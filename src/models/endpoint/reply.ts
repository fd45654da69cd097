import { z } from "zod";
import type { Reply } from "../types.ts";

const tokens = z.int().min(0).nullish().catch(null);

// Loose on purpose: endpoints that call themselves compatible leave out or add most fields.
const completion = z.object({
  model: z.string().nullish().catch(null),
  choices: z.array(z.object({
    finish_reason: z.string().nullish().catch(null),
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
}

/**
 * Reads the body of a 200. Null where it is no chat completion.
 *
 * @param body As the client gives it: parsed JSON, or text where the endpoint called it something else.
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
  const parsed = completion.safeParse(typeof body === "string" ? parsedOrNull(body) : body);
  const choice = parsed.data?.choices[0];
  if (choice === undefined) return null;
  const { content, refusal, reasoning_content, reasoning } = choice.message ?? {};
  const usage = parsed.data?.usage;
  const input = usage?.prompt_tokens ?? null;
  const output = usage?.completion_tokens ?? null;
  return {
    reply: {
      text: Array.isArray(content) ? joined(content) : content ?? null,
      refusal: refusal || null,
      finishReason: choice.finish_reason || null,
      model: parsed.data?.model || options.model,
      usage: input === null || output === null ? null : { input, output },
    },
    hiddenReasoning: (usage?.completion_tokens_details?.reasoning_tokens ?? 0) > 0 ||
      Boolean(reasoning_content || reasoning),
  };
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The text of parts; parts of another type, such as thoughts, are left out. */
function joined(
  parts: readonly { type?: string | undefined; text?: string | undefined }[],
): string | null {
  const texts = parts.filter(({ type, text }) => text !== undefined && (type ?? "text") === "text");
  return texts.length === 0 ? null : texts.map(({ text }) => text).join("");
}
