import OpenAI from "openai";
import type { ChatMessage } from "../../prompt/types.ts";
import type { ChatRequest, ParameterNotes, Parameters } from "../types.ts";
import { openHiddenReasoning, reasoningAllowance } from "./hidden_reasoning.ts";
import { isInvalid, refusedParameter, wordsOf } from "./refused_parameter.ts";
import { type Accepts, openSearch } from "./search.ts";
import { inUserMessage, refusesSystemRole } from "./system_role.ts";
import { oneLine } from "./words.ts";

/** What a request was sent with, as far as its answer may tell something about it. */
export interface Sent {
  /** The names of its parameters, as they were sent; `system` where it had a system message. */
  parameters: readonly string[];
  /** Tokens of its cap that are for hidden thoughts. */
  allowance: number;
}

/** The body of a request. */
export type SentBody = Record<string, unknown> & {
  model: string;
  messages: ChatMessage[];
};

/**
 * The one way in which requests of a run are put to an endpoint: with all parameters that it takes.
 * What it refuses is dropped or replaced from then on; where a model turns out to think before it
 * answers, caps are widened as far as its context goes.
 */
export interface Wire {
  /** A request's body, and what it would be sent with now: the latter is the same for a whole run. */
  put(request: ChatRequest): { body: SentBody; sent: Sent };
  /** Notes what a fault teaches about requests; false where it teaches nothing. */
  learn(error: unknown, sent: Sent): boolean;
  /**
   * Finds out what of a refused request isn't taken, where the fault doesn't name it; once for all
   * requests that are out, and only while no request was answered. See `findRefused`.
   */
  search(error: unknown, sent: Sent, accepts: Accepts): Promise<boolean | "unclear">;
  /** A request was answered, for this reason it ended; one that isn't known is told once. */
  answered(sent: Sent, unknownReason: string | null): void;
  /** Whether the cap was used up by thoughts before it was widened; notes that it has to be. */
  learnToWait(sent: Sent): boolean;
  /** An earlier start of the run learned that caps have to be widened. */
  knowsToWait(): void;
  /** Tells how often answers ended for reasons that aren't known, where that was more than once. */
  end(): void;
}

/** What a wire is opened with. */
export interface WireOptions {
  /** The model's name as it is sent. */
  model: string;
  parameters: Parameters;
  /** What was learned before; what is learned now is added to it. */
  notes: ParameterNotes;
  /**
   * Told once of each thing that is learned, as what the model does: "doesn't take temperature: it is
   * left out."
   */
  onNote?: (said: string) => void;
}

/** The system message, among the names of parameters. */
const SYSTEM = "system";

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
  const reasoning = openHiddenReasoning({ notes, onNote });
  const search = openSearch({ notes, onNote, isOptional });
  const reasons = openUnknownReasons(onNote);

  function learnParameter(error: APIError, sent: Sent): boolean {
    const refused = refusedParameter(error, sent.parameters.filter(isOptional));
    if (refused === null) return false;
    const { name, replacement } = refused;
    // Requests that are out learn the same at the same time: the first one notes it.
    if (notes.dropped.includes(name) || Object.hasOwn(notes.replaced, name)) return true;
    if (replacement === null) notes.dropped.push(name);
    else notes.replaced[name] = replacement;
    onNote(
      `doesn't take ${name}: ` +
        (replacement === null ? "it is left out." : `${replacement} is sent instead.`),
    );
    return true;
  }

  function learnSystemRole(error: APIError, sent: Sent): boolean {
    if (!sent.parameters.includes(SYSTEM) || !ROLE_STATUSES.has(error.status)) return false;
    if (!refusesSystemRole(wordsOf(error))) return false;
    if (notes.replaced[SYSTEM] === "user") return true;
    notes.replaced[SYSTEM] = "user";
    onNote("doesn't take system messages: their text is sent before the user's.");
    return true;
  }

  return {
    put(request) {
      const allowance = reasoning.allowance();
      const wanted = parametersOf(request, { parameters, notes, allowance });
      const names = Object.keys(wanted);
      let { messages } = request;
      if (messages.some(({ role }) => role === "system")) {
        if (notes.replaced[SYSTEM] === "user") messages = inUserMessage(messages);
        else names.push(SYSTEM);
      }
      return { body: { ...wanted, model, messages }, sent: { parameters: names, allowance } };
    },
    learn(error, sent) {
      if (!(error instanceof OpenAI.APIError)) return false;
      const isWidened = sent.allowance > 0 && isCapped(sent) && isInvalid(error);
      return isWidened && reasoning.narrow(wordsOf(error), sent.allowance) ||
        learnSystemRole(error, sent) || learnParameter(error, sent);
    },
    search: (error, sent, accepts) =>
      error instanceof OpenAI.APIError
        ? search.learn(error, sent.parameters, accepts)
        : Promise.resolve(false),
    answered(sent, unknownReason) {
      search.answered(sent.parameters);
      if (unknownReason !== null) reasons.add(unknownReason);
    },
    learnToWait(sent) {
      if (!isCapped(sent) || sent.allowance > 0) return false;
      if (reasoning.allowance() === 0) {
        reasoning.widen();
        onNote(
          `thinks before it answers: max_tokens + ${reasoningAllowance} for hidden reasoning is sent.`,
        );
      }
      return true;
    },
    knowsToWait: () => reasoning.widen(),
    end: () => reasons.end(),
  };
}

/** A request goes without its parameters, but not without what its system message says. */
function isOptional(name: string): boolean {
  return name !== SYSTEM;
}

type APIError = InstanceType<typeof OpenAI.APIError>;

/** A chat template that throws is a 500 at some servers. */
const ROLE_STATUSES = new Set<unknown>([400, 422, 500]);

function isCapped({ parameters }: Sent): boolean {
  return parameters.includes("max_tokens") || parameters.includes("max_completion_tokens");
}

/** The parameters of a request, by the names that the endpoint takes. */
function parametersOf(
  request: ChatRequest,
  options: { parameters: Parameters; notes: ParameterNotes; allowance: number },
): Record<string, unknown> {
  const { parameters, notes, allowance } = options;
  const { maxTokens, seed, stop, responseFormat } = request;
  const cap = maxTokens === null ? null : maxTokens + allowance;
  const sent: Record<string, unknown> = {};
  const wanted = {
    seed,
    stop,
    ...parameters,
    response_format: responseFormat && {
      type: "json_schema",
      json_schema: { ...responseFormat, strict: true },
    },
    max_tokens: cap,
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null || value === undefined) continue;
    const wire = notes.replaced[name] ?? name;
    if (!notes.dropped.includes(wire)) sent[wire] = value;
  }
  return sent;
}

/** Of reasons that aren't known so many are told; an endpoint could have a new one for each answer. */
const MOST_REASONS = 5;

function openUnknownReasons(onNote: (said: string) => void) {
  const times = new Map<string, number>();
  return {
    add(reason: string): void {
      const before = times.get(reason);
      if (before === undefined && times.size === MOST_REASONS) return;
      times.set(reason, (before ?? 0) + 1);
      if (before !== undefined) return;
      onNote(`ended an answer for a reason that isn't known, ${quoted(reason)}: its text is kept.`);
    },
    end(): void {
      for (const [reason, count] of times) {
        if (count > 1) onNote(`ended ${count} answers for the reason ${quoted(reason)}.`);
      }
      times.clear();
    },
  };
}

function quoted(reason: string): string {
  return `"${oneLine(reason, { length: 60 })}"`;
}
