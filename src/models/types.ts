import type { ChatMessage } from "../prompt/types.ts";

/** Where answers come from. */
export type Provider = "openai" | "azure" | "local" | "simulated";

/** A model that was chosen, and what chose it. */
export interface ModelChoice {
  provider: Provider;
  /** Model, deployment, local model or profile; for `openai:` without a name the default. */
  name: string;
  /** In words, for messages: "--model", "PLUMBLINE_MODEL", "settings.json", "OPENAI_API_KEY is set", "no key and no endpoint set". */
  origin: string;
}

/** What is asked for one row. */
export interface ChatRequest {
  messages: ChatMessage[];
  /** In [0, 2^31). */
  seed: number;
  /** Cap of the visible answer in tokens; null: no cap is sent. */
  maxTokens: number | null;
  /** Texts at which the answer ends; absent: none are sent. */
  stop?: readonly string[];
  /** The form that the answer is to have; absent: any text. */
  responseFormat?: ResponseFormat | undefined;
}

/** A form of answers: JSON that a schema describes. */
export interface ResponseFormat {
  /** Letters, digits, `_` and `-`, at most 64. */
  name: string;
  /** A JSON schema; strict: every property is required and no other may come. */
  schema: object;
}

/** Sampling parameters as they are sent; null or absent: not sent. */
export interface Parameters {
  temperature?: number | null;
  frequency_penalty?: number | null;
  top_p?: number | null;
}

/** What the endpoint taught about parameters it doesn't take; kept for the whole run and in `run.json`. */
export interface ParameterNotes {
  /** Names that are no longer sent, in the order in which they were refused. */
  dropped: string[];
  /**
   * Old name → the name sent instead, such as `max_tokens` → `max_completion_tokens`; `system` →
   * `user` where the system message is put into the user's.
   */
  replaced: Record<string, string>;
}

/** Tokens that a model has read and written. */
export interface Usage {
  input: number;
  output: number;
}

/** An answer that came. */
export interface Reply {
  /** The message's text as it came (not trimmed); null where there was none. */
  text: string | null;
  /** The API's own refusal field, null where it is unused. */
  refusal: string | null;
  /** `stop`, `length`, `content_filter`, … in any provider's words; null where the endpoint sent none. */
  finishReason: string | null;
  /** The model's name as the endpoint gave it. */
  model: string;
  /** Null where the endpoint didn't count them. */
  usage: Usage | null;
  /** Set where all the text that came stands in the model's reasoning. */
  onlyReasoned?: true;
}

/** Why a call gave no answer. */
export interface Fault {
  /**
   * - `limited`: 429; costs no attempt.
   * - `busy`: 503, 529 or 498 that says so, by its words or a `Retry-After`, or a time-out in the
   *   endpoint's own queue; costs no attempt.
   * - `passing`: time-out, reset, 408, 409, 5xx, broken body; tried again.
   * - `filtered`: the endpoint's content filter took the prompt; the row ends here.
   * - `rejected`: this row can't be asked (another 400, such as a context too long); the row ends here.
   * - `stop`: no row can be asked (key refused, model or path not found, no credit): the run ends here.
   */
  kind: "limited" | "busy" | "passing" | "filtered" | "rejected" | "stop";
  /** One line for people: status, what the endpoint said, never a key. */
  reason: string;
  /** HTTP status; null where no response came. */
  status: number | null;
  /** What the endpoint said about when to come back, in milliseconds. */
  retryAfterMs: number | null;
}

/** What became of a request, and how many HTTP calls that took. */
export type Answer = ({ reply: Reply } | { fault: Fault }) & {
  calls: number;
  /** What the endpoint said of its limits; absent where it says nothing. */
  limits?: readonly Limit[];
};

/** What an endpoint says about one of its limits. */
export interface Limit {
  of: "requests" | "tokens";
  /** How much it allows in all; null where it doesn't say. */
  most: number | null;
  /** How much of that is left. */
  left: number;
  /** Milliseconds until all of it is there again; null where it doesn't say. */
  resetMs: number | null;
}

/**
 * Asks once; more often only where it learns which parameters the endpoint takes. Never throws but
 * for an abort.
 */
export type Call = (request: ChatRequest, options: { signal: AbortSignal }) => Promise<Answer>;

/** What became of one item after all its calls. Exactly one of `reply` and `fault` is set. */
export interface Asked<T> {
  item: T;
  reply: Reply | null;
  fault: Fault | null;
  /** Calls that were answered otherwise than by a 429. */
  attempts: number;
  /** All calls. */
  calls: number;
  /** Milliseconds that the last call took; of a batch, those until it was done. */
  ms: number;
  /** The id of the batch that it came in; absent: it was asked live. */
  batch?: string;
}
