import { setImmediate } from "node:timers";
import type { ChatMessage } from "../../prompt/types.ts";
import { hash32 } from "../../stats/random.ts";
import { type Answer, writtenAnswer } from "./answer.ts";
import { decide } from "./decide.ts";
import { judgedAnswer } from "./judging/answer.ts";
import { readJudgeRequest } from "./judging/question.ts";
import { type Profile, profileOf } from "./profiles.ts";
import { readRequest } from "./request.ts";

/**
 * A `fetch` that answers chat completions in this process, as an endpoint of OpenAI's would, with
 * composed sentences. Asked to label a message, as a judge is, it says what the message is, with the
 * profile's errors. The same seed and prompt give the same answer; a call without a seed has seed 0.
 * It takes `max_tokens` and `max_completion_tokens` (a token is four characters here) and ignores
 * the other sampling parameters.
 *
 * @param profile One of `simulatedProfiles`, with or without a latency: `leaky@200ms`.
 * @throws {UserError} if there is no such profile.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { simulatedFetch } from "./fetch.ts";
 * const response = await simulatedFetch("faithful")("http://simulated.invalid/v1/chat/completions", {
 *   method: "POST",
 *   body: JSON.stringify({ messages: [{ role: "user", content: "- Topic: Mortgage" }], seed: 1 }),
 * });
 * assert((await response.json()).model === "simulated:faithful");
 * ```
 */
export function simulatedFetch(profile: string): typeof fetch {
  const rates = profileOf(profile);
  let calls = 0;
  return async (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
    signal?.throwIfAborted();
    const url = input instanceof Request ? input.url : String(input);
    if (!new URL(url).pathname.endsWith("/chat/completions")) {
      return errorResponse(404, { message: `Unknown path: ${url}`, code: "not_found" });
    }
    const body = readBody(await bodyText(input, init));
    if (body === null) {
      const message = "The body must be JSON with a list of messages, and without stream";
      return errorResponse(400, { message, code: "invalid_request" });
    }
    if (rates.latencyMs > 0) await wait(rates.latencyMs, signal);
    else if (++calls % CALLS_A_TURN === 0) await nextTurn();
    const answer = answerTo(body, rates);
    if (answer === null) {
      const message = "The response was filtered: the prompt triggered the content filter.";
      return errorResponse(400, { message, code: "content_filter" });
    }
    return jsonResponse(200, completion(profile, { body, answer }));
  };
}

/** What is read of a request's body. */
interface Body {
  messages: ChatMessage[];
  seed: number;
  maxTokens: number | null;
  /** The JSON schema that the answer should have, unchecked. */
  schema: unknown;
}

/** What a text or a judge's word ends as; null: the endpoint's filter takes the prompt. */
function answerTo({ messages, seed, schema }: Body, profile: Profile): Answer | null {
  const judged = readJudgeRequest(messages, schema);
  if (judged === null) return writtenAnswer(decide(readRequest(messages), { seed, profile }));
  const words = messages.map(({ content }) => content).join("\n");
  return judgedAnswer(judged, { profile, seed, words });
}

function completion(
  profile: string,
  { body, answer }: { body: Body; answer: Answer },
): Record<string, unknown> {
  let { content, refusal, finishReason } = answer;
  if (content !== null && body.maxTokens !== null && tokens(content) > body.maxTokens) {
    content = content.slice(0, body.maxTokens * CHARACTERS_PER_TOKEN);
    finishReason = "length";
  }
  const promptTokens = body.messages.reduce((sum, message) => sum + tokens(message.content), 0);
  const completionTokens = tokens(content ?? refusal ?? "");
  return {
    id: `chatcmpl-simulated-${hash32(body.seed, content ?? refusal ?? "").toString(36)}`,
    object: "chat.completion",
    created: 0,
    model: `simulated:${profile}`,
    choices: [{
      index: 0,
      message: { role: "assistant", content, refusal },
      logprobs: null,
      finish_reason: finishReason,
    }],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

const CHARACTERS_PER_TOKEN = 4;

function tokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

function bodyText(
  input: Request | URL | string,
  init: RequestInit | undefined,
): string | Promise<string> {
  if (typeof init?.body === "string") return init.body;
  if (init?.body) return new Response(init.body).text();
  return input instanceof Request ? input.text() : "";
}

function readBody(text: string): Body | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(body) || !Array.isArray(body.messages) || body.stream === true) return null;
  const messages: ChatMessage[] = [];
  for (const message of body.messages) {
    if (!isRecord(message) || typeof message.content !== "string") return null;
    const role = message.role === "developer" ? "system" : message.role;
    if (role !== "system" && role !== "user" && role !== "assistant") return null;
    messages.push({ role, content: message.content });
  }
  const cap = body.max_completion_tokens ?? body.max_tokens;
  return {
    messages,
    seed: Number.isSafeInteger(body.seed) ? Number(body.seed) : 0,
    maxTokens: typeof cap === "number" ? cap : null,
    schema: schemaOf(body.response_format),
  };
}

function schemaOf(format: unknown): unknown {
  return isRecord(format) && isRecord(format.json_schema) ? format.json_schema.schema : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function errorResponse(status: number, error: { message: string; code: string }): Response {
  return jsonResponse(status, { error: { ...error, type: "invalid_request_error", param: null } });
}

function jsonResponse(status: number, body: Record<string, unknown>): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json" },
  });
}

function wait(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export { simulatedProfiles } from "./profiles.ts";

/** Calls that are answered in one turn of the event loop. */
const CALLS_A_TURN = 16;

/**
 * A next turn of the event loop, for much hangs on turns: timers, signals, and that what is kept for
 * one turn is let go. A run that is answered in one turn would grow with its rows.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
