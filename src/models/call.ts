import OpenAI from "openai";
import type { Endpoint } from "./client.ts";
import { faultOf } from "./faults.ts";
import { readLimits } from "./limits.ts";
import { refusedParameter } from "./refused_parameter.ts";
import { readReply } from "./reply.ts";
import { oneLine, SHORTEST_SECRET } from "./words.ts";
import type {
  Call,
  ChatRequest,
  Fault,
  Limit,
  ParameterNotes,
  Parameters,
  Reply,
} from "./types.ts";

/** Tokens added to the cap where a model thinks before it answers: its thoughts count too. */
export const reasoningAllowance = 8192;

/** More calls than there are parameters to be refused, so that an endpoint can't keep one busy. */
const mostCalls = 10;

/** What calls are made with. */
export type CallOptions = Endpoint & {
  parameters: Parameters;
  /** What was learned before; what is learned now is added to it. */
  notes: ParameterNotes;
  /** Told once per parameter that the endpoint doesn't take as it is. */
  onNote?: (name: string, replacement: string | null) => void;
};

/**
 * Opens a way to ask a model. Each call sends the request with all parameters that the endpoint
 * takes: one that it refuses is dropped or renamed for the whole run, and the request is sent
 * again at once. Where a model turns out to think before it answers, the cap is widened.
 *
 * The call never throws but for an abort, with the signal's reason.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openCall } from "./call.ts";
 * import { openClient } from "./client.ts";
 * const choice = { provider: "openai" as const, name: "m", origin: "--model" };
 * const call = openCall({
 *   ...openClient(choice, { env: { OPENAI_API_KEY: "k" }, timeoutSeconds: 60 }),
 *   parameters: { temperature: 0.9 },
 *   notes: { dropped: [], replaced: {} },
 * });
 * assert(typeof call === "function");
 * ```
 */
export function openCall(options: CallOptions): Call {
  const { client, model, parameters, notes, onNote = () => {} } = options;
  let thinks = false;

  function allowance(): number {
    return thinks || notes.replaced["max_tokens"] === "max_completion_tokens"
      ? reasoningAllowance
      : 0;
  }

  function sentParameters(request: ChatRequest): Record<string, unknown> {
    const { maxTokens, seed, stop } = request;
    const cap = maxTokens === null ? null : maxTokens + allowance();
    const sent: Record<string, unknown> = {};
    const wanted = { seed, stop, ...parameters, max_tokens: cap };
    for (const [name, value] of Object.entries(wanted)) {
      if (value === null || value === undefined) continue;
      const wire = notes.replaced[name] ?? name;
      if (!notes.dropped.includes(wire)) sent[wire] = value;
    }
    return sent;
  }

  /** Notes what an error teaches; false where it teaches nothing. */
  function learn(error: unknown, sent: Record<string, unknown>): boolean {
    if (!(error instanceof OpenAI.APIError)) return false;
    const refused = refusedParameter(error, Object.keys(sent));
    if (refused === null) return false;
    const { name, replacement } = refused;
    // Calls in flight learn the same at the same time: the first one notes it.
    if (notes.dropped.includes(name) || name in notes.replaced) return true;
    if (replacement === null) notes.dropped.push(name);
    else notes.replaced[name] = replacement;
    onNote(name, replacement);
    return true;
  }

  /** Whether the cap was used up by thoughts before it was widened; notes that it has to be. */
  function learnToWait(capped: boolean, allowed: number): boolean {
    if (!capped || allowed > 0) return false;
    if (allowance() === 0) {
      thinks = true;
      onNote("max_tokens", `max_tokens + ${reasoningAllowance} for hidden reasoning`);
    }
    return true;
  }

  return async (request, { signal }) => {
    for (let calls = 1;; calls++) {
      const allowed = allowance();
      const sent = sentParameters(request);
      const last = calls === mostCalls;
      let body: unknown;
      let limits: readonly Limit[];
      try {
        const { data, response } = await client.chat.completions.create(
          { ...sent, model, messages: request.messages, stream: false },
          { signal },
        ).withResponse();
        body = data;
        limits = readLimits(response.headers);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const fault = faultOf(error, options);
        if (fault.kind === "rejected" && !last && learn(error, sent)) continue;
        const headers = error instanceof OpenAI.APIError ? error.headers : undefined;
        return { fault, calls, limits: headers === undefined ? [] : readLimits(headers) };
      }
      const read = readReply(body, { model });
      if (read === null) return { fault: faultOfAnswer(body, options), calls, limits };
      const capped = "max_tokens" in sent || "max_completion_tokens" in sent;
      if (
        read.hiddenReasoning && read.reply.finishReason === "length" && !last &&
        learnToWait(capped, allowed)
      ) continue;
      return { reply: withoutSecrets(read.reply, options.secrets), calls, limits };
    }
  };
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
function faultOfAnswer(body: unknown, options: CallOptions): Fault {
  if (typeof body === "object" && body !== null && "error" in body) {
    const { error } = body;
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
    if (typeof code === "number" && code >= 400 && code <= 599) {
      return faultOf(OpenAI.APIError.generate(code, body, undefined, new Headers()), options);
    }
  }
  const shown = typeof body === "string" ? body : JSON.stringify(body) ?? "";
  const words = oneLine(shown, { secrets: options.secrets, length: 80 }) || "an empty body";
  const reason = `the answer was no chat completion: ${words}`;
  return { kind: "passing", reason, status: 200, retryAfterMs: null };
}
