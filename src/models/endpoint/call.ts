import OpenAI from "openai";
import { answerOf } from "./answer.ts";
import type { Endpoint } from "./client.ts";
import { readLimits } from "../pacing/limits.ts";
import type { Call, Fault, Limit } from "../types.ts";
import { openWire, type SentBody, type Wire, type WireOptions } from "./wire.ts";

/** More calls than there are parameters to be refused, so that an endpoint can't keep one busy. */
const mostCalls = 10;

/** What calls are made with. */
export type CallOptions = Endpoint & WireOptions & {
  /** Learns for others who ask the same model as well; default: one of its own. */
  wire?: Wire;
};

/**
 * Opens a way to ask a model. Each call sends the request with all parameters that the endpoint
 * takes: where an answer teaches which those are, the request is sent again at once.
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
  const { client, wire = openWire(options) } = options;
  return async (request, { signal }) => {
    let calls = 0;
    for (let times = 1;; times++) {
      const { body, sent } = wire.put(request);
      const { came, limits } = await send(client, body, signal);
      calls++;
      const mayLearn = times < mostCalls;
      const answer = answerOf(came, { endpoint: options, wire, sent, mayLearn });
      if (answer === "again") continue;
      const mayBeParameters = mayLearn && "error" in came && "fault" in answer &&
        answer.fault.kind === "rejected";
      if (!mayBeParameters) return { ...answer, calls, limits };

      let unclear: Fault | null = null;
      const found = await wire.search(came.error, sent, async (without) => {
        const rest = Object.entries(body).filter(([name]) => !without.includes(name));
        const { model, messages } = body;
        const tried = await send(client, { ...Object.fromEntries(rest), model, messages }, signal);
        calls++;
        const answer = answerOf(tried.came, {
          endpoint: options,
          wire,
          sent: { ...sent, parameters: sent.parameters.filter((name) => !without.includes(name)) },
          mayLearn: false,
        });
        if (answer === "again") return null;
        if ("reply" in answer) return true;
        if (answer.fault.kind === "rejected") return false;
        unclear = answer.fault;
        return null;
      });
      if (found === true) continue;
      // The row isn't rejected for good while that isn't clear: it is asked again when others are.
      const fault: Fault = found === "unclear"
        ? { ...(unclear ?? answer.fault), kind: "limited" }
        : unclear ?? answer.fault;
      return { fault, calls, limits };
    }
  };
}

/** One request. Throws where it is aborted, with the signal's reason. */
async function send(
  client: OpenAI,
  body: SentBody,
  signal: AbortSignal,
): Promise<{ came: { body: unknown } | { error: unknown }; limits: readonly Limit[] }> {
  try {
    const { data, response } = await client.chat.completions.create(
      { ...body, stream: false },
      { signal },
    ).withResponse();
    return { came: { body: data }, limits: readLimits(response.headers) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const headers = error instanceof OpenAI.APIError ? error.headers : undefined;
    return { came: { error }, limits: headers === undefined ? [] : readLimits(headers) };
  }
}
