import OpenAI from "openai";
import { answerOf } from "./answer.ts";
import type { Endpoint } from "./client.ts";
import { readLimits } from "../pacing/limits.ts";
import type { Call, Limit } from "../types.ts";
import { openWire, type Wire, type WireOptions } from "./wire.ts";

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
  const { client, model, wire = openWire(options) } = options;
  return async (request, { signal }) => {
    for (let calls = 1;; calls++) {
      const { body, sent } = wire.put(request);
      let came: { body: unknown } | { error: unknown };
      let limits: readonly Limit[];
      try {
        const { data, response } = await client.chat.completions.create(
          { ...body, model, messages: request.messages, stream: false },
          { signal },
        ).withResponse();
        came = { body: data };
        limits = readLimits(response.headers);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        came = { error };
        const headers = error instanceof OpenAI.APIError ? error.headers : undefined;
        limits = headers === undefined ? [] : readLimits(headers);
      }
      const mayLearn = calls < mostCalls;
      const answer = answerOf(came, { endpoint: options, wire, sent, mayLearn });
      if (answer !== "again") return { ...answer, calls, limits };
    }
  };
}
