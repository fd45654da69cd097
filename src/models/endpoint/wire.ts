import OpenAI from "openai";
import { refusedParameter } from "./refused_parameter.ts";
import type { ChatRequest, ParameterNotes, Parameters } from "../types.ts";

/** Tokens added to the cap where a model thinks before it answers: its thoughts count too. */
export const reasoningAllowance = 8192;

/** What a request was sent with, as far as its answer may tell something about it. */
export interface Sent {
  /** The names of its parameters, as they were sent. */
  parameters: readonly string[];
  /** Tokens of its cap that are for hidden thoughts. */
  allowance: number;
}

/**
 * The one way in which requests of a run are put to an endpoint: with all parameters that it takes.
 * What it refuses is dropped or renamed from then on; where a model turns out to think before it
 * answers, caps are widened.
 */
export interface Wire {
  /** A request's body, and what it would be sent with now: the latter is the same for a whole run. */
  put(request: ChatRequest): { body: Record<string, unknown>; sent: Sent };
  /** Notes what a fault teaches about parameters; false where it teaches nothing. */
  learn(error: unknown, sent: Sent): boolean;
  /** Whether the cap was used up by thoughts before it was widened; notes that it has to be. */
  learnToWait(sent: Sent): boolean;
  /** An earlier start of the run learned that caps have to be widened. */
  knowsToWait(): void;
}

/** What a wire is opened with. */
export interface WireOptions {
  /** The model's name as it is sent. */
  model: string;
  parameters: Parameters;
  /** What was learned before; what is learned now is added to it. */
  notes: ParameterNotes;
  /** Told once per parameter that the endpoint doesn't take as it is. */
  onNote?: (name: string, replacement: string | null) => void;
}

/**
 * Opens the wire to a model. Nothing is sent by it: it only knows what is to be sent.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openWire } from "./wire.ts";
 * const notes = { dropped: ["seed"], replaced: { max_tokens: "max_completion_tokens" } };
 * const wire = openWire({ model: "m", parameters: { temperature: 0.9 }, notes });
 * const { body } = wire.put({ messages: [], seed: 7, maxTokens: 100 });
 * assert(body.temperature === 0.9 && body.max_completion_tokens === 8292 && !("seed" in body));
 * ```
 */
export function openWire(options: WireOptions): Wire {
  const { model, parameters, notes, onNote = () => {} } = options;
  let thinks = false;

  function allowance(): number {
    return thinks || notes.replaced["max_tokens"] === "max_completion_tokens"
      ? reasoningAllowance
      : 0;
  }

  function parametersOf(request: ChatRequest): Record<string, unknown> {
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

  return {
    put(request) {
      const parameters = parametersOf(request);
      return {
        body: { ...parameters, model, messages: request.messages },
        sent: { parameters: Object.keys(parameters), allowance: allowance() },
      };
    },
    learn(error, sent) {
      if (!(error instanceof OpenAI.APIError)) return false;
      const refused = refusedParameter(error, sent.parameters);
      if (refused === null) return false;
      const { name, replacement } = refused;
      // Requests that are out learn the same at the same time: the first one notes it.
      if (notes.dropped.includes(name) || name in notes.replaced) return true;
      if (replacement === null) notes.dropped.push(name);
      else notes.replaced[name] = replacement;
      onNote(name, replacement);
      return true;
    },
    learnToWait(sent) {
      const capped = sent.parameters.includes("max_tokens") ||
        sent.parameters.includes("max_completion_tokens");
      if (!capped || sent.allowance > 0) return false;
      if (allowance() === 0) {
        thinks = true;
        onNote("max_tokens", `max_tokens + ${reasoningAllowance} for hidden reasoning`);
      }
      return true;
    },
    knowsToWait() {
      thinks = true;
    },
  };
}
