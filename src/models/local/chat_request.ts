import { z } from "zod";
import type { GbnfJsonSchema } from "node-llama-cpp";

/** The part of OpenAI's content format that a text model can read: a string, or text parts. */
const content = z.union([
  z.string(),
  z.array(z.object({ type: z.literal("text"), text: z.string() }))
    .transform((parts) => parts.map(({ text }) => text).join("")),
]);

const jsonSchema = z.custom<GbnfJsonSchema>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected a JSON schema",
);

const tokens = z.int().min(1).nullish();

/**
 * The body of `POST /v1/chat/completions` as far as it is honoured. A parameter that would change
 * the answer and isn't honoured is a fault; anything else that is unknown is passed over. Where the
 * last message is the assistant's, the answer goes on from there.
 */
export const chatRequest = z.object({
  model: z.string().optional(),
  messages: z.array(z.object({
    role: z.enum(["system", "developer", "user", "assistant"]),
    content,
  })).min(1).refine(
    (messages) => messages.some(({ role }) => role === "user"),
    "expected a message of the user",
  ),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  response_format: z.discriminatedUnion("type", [
    z.object({ type: z.literal("text") }),
    z.object({ type: z.literal("json_object") }),
    z.object({ type: z.literal("json_schema"), json_schema: z.object({ schema: jsonSchema }) }),
  ]).nullish(),
  n: z.literal(1, "only one answer a call").nullish(),
  stream: z.literal(false, "streaming isn't served").nullish(),
});

/** A checked body. */
export type ChatBody = z.infer<typeof chatRequest>;

/** What is wrong with a request, in the form in which OpenAI's clients expect it. */
export class RequestFault extends Error {
  /** @param param The parameter that is wrong, or null. */
  constructor(message: string, readonly param: string | null, readonly code: string | null) {
    super(message);
    this.name = "RequestFault";
  }
}
