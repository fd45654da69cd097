import OpenAI from "openai";
import type { Endpoint } from "./client.ts";
import { faultOf } from "./faults.ts";
import { readReply } from "./reply.ts";
import type { Fault, Reply } from "../types.ts";
import type { Sent, Wire } from "./wire.ts";
import { oneLine, SHORTEST_SECRET } from "./words.ts";

/** Who answered, and what was sent. */
export interface AnswerOptions {
  endpoint: Pick<Endpoint, "provider" | "model" | "address" | "secrets">;
  /** Learns from the answer. */
  wire: Wire;
  sent: Sent;
  /** Whether the request can be sent once more where the answer teaches how; else it ends here. */
  mayLearn: boolean;
}

/**
 * What the answer to one request means: a reply, a fault, or "again" where it taught how requests
 * have to be sent.
 *
 * @param came The body of a 200, or what stood in its place: an error of the client.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { answerOf } from "./answer.ts";
 * import { openWire } from "./wire.ts";
 * const wire = openWire({ model: "m", parameters: {}, notes: { dropped: [], replaced: {} } });
 * const endpoint = { provider: "openai" as const, model: "m", address: "here", secrets: [] };
 * const { sent } = wire.put({ messages: [], seed: 1, maxTokens: 9 });
 * const body = { choices: [{ message: { content: "Hej" } }] };
 * const answer = answerOf({ body }, { endpoint, wire, sent, mayLearn: true });
 * assert(answer !== "again" && "reply" in answer && answer.reply.text === "Hej");
 * ```
 */
export function answerOf(
  came: { body: unknown } | { error: unknown },
  options: AnswerOptions,
): { reply: Reply } | { fault: Fault } | "again" {
  const { endpoint, wire, sent, mayLearn } = options;
  if ("error" in came) {
    const fault = faultOf(came.error, endpoint);
    const learned = fault.kind === "rejected" && mayLearn && wire.learn(came.error, sent);
    return learned ? "again" : { fault };
  }
  const read = readReply(came.body, { model: endpoint.model });
  if (read === null) return { fault: faultOfAnswer(came.body, endpoint) };
  const cut = read.hiddenReasoning && read.reply.finishReason === "length";
  if (cut && mayLearn && wire.learnToWait(sent)) return "again";
  return { reply: withoutSecrets(read.reply, endpoint.secrets) };
}

/** An answer may repeat what it was asked with, headers included: a key stands in no file. */
function withoutSecrets(reply: Reply, secrets: readonly string[]): Reply {
  const { text } = reply;
  const told = secrets.filter((secret) =>
    secret.length >= SHORTEST_SECRET && text?.includes(secret)
  );
  if (text === null || told.length === 0) return reply;
  return { ...reply, text: told.reduce((left, secret) => left.replaceAll(secret, "…"), text) };
}

/** A 200 that is no chat completion: a fault that some routers wrap in one, or something else. */
function faultOfAnswer(body: unknown, endpoint: AnswerOptions["endpoint"]): Fault {
  if (typeof body === "object" && body !== null && "error" in body) {
    const { error } = body;
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
    if (typeof code === "number" && code >= 400 && code <= 599) {
      return faultOf(OpenAI.APIError.generate(code, body, undefined, new Headers()), endpoint);
    }
  }
  const shown = typeof body === "string" ? body : JSON.stringify(body) ?? "";
  const words = oneLine(shown, { secrets: endpoint.secrets, length: 80 }) || "an empty body";
  const reason = `the answer was no chat completion: ${words}`;
  return { kind: "passing", reason, status: 200, retryAfterMs: null };
}
