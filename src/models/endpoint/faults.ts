import OpenAI from "openai";
import type { Endpoint } from "./client.ts";
import { waitOf } from "../pacing/limits.ts";
import { PROVIDERS } from "./providers.ts";
import { saidIn } from "./said.ts";
import { type Topic, topicOf } from "./topic.ts";
import { oneLine } from "./words.ts";
import type { Fault, Provider } from "../types.ts";

/** What a fault's reason may name, and what it must not show. */
export type FaultOptions = Pick<Endpoint, "provider" | "model" | "address" | "secrets"> & {
  /** Milliseconds since 1970, for a `Retry-After` that is a date; the clock's unless told. */
  now?: number;
};

type APIError = InstanceType<typeof OpenAI.APIError>;

/**
 * What an error thrown by the client means for the row and for the run. See `Fault` for the kinds.
 *
 * @param error What the client threw; an abort by the caller must be told apart before.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import OpenAI from "openai";
 * import { faultOf } from "./faults.ts";
 * const error = new OpenAI.APIError(503, { message: "busy" }, undefined, new Headers());
 * const fault = faultOf(error, {
 *   provider: "openai",
 *   model: "m",
 *   address: "http://127.0.0.1:8000/v1",
 *   secrets: [],
 * });
 * assert(fault.kind === "busy" && fault.reason === "503 busy");
 * ```
 */
export function faultOf(error: unknown, options: FaultOptions): Fault {
  if (!(error instanceof OpenAI.APIError)) return faultOfBody(error, options);
  if (error.status === undefined) return faultOfConnection(error, options);
  const { status } = error;
  const { provider, model, address, secrets } = options;
  const retryAfterMs = retryAfterOf(error.headers, options.now ?? Date.now());
  const told = error.message.replace(/^\d{3} /, "");
  const said = saidIn(error.error ?? told);
  const comesBack = retryAfterMs !== null;
  const topic = topicOf({ status, said, comesBack, provider, model });
  const words = oneLine(`${status} ${said.text || told}`, { secrets });
  const advice = ADVICE[topic]?.(options) ?? null;
  return {
    kind: KINDS[topic],
    reason: advice === null ? words : `${advice} (${address} said: ${words})`,
    status,
    retryAfterMs,
  };
}

const KINDS: Record<Topic, Fault["kind"]> = {
  "filter": "filtered",
  "credit": "stop",
  "key": "stop",
  "model": "stop",
  "API version": "stop",
  "path": "stop",
  "limited": "limited",
  "busy": "busy",
  "passing": "passing",
  "rejected": "rejected",
};

/** What to do about a fault that no row can come past. */
const ADVICE: Partial<Record<Topic, (options: FaultOptions) => string>> = {
  "credit": ({ address, provider }) =>
    `no credit is left at ${address}: add some, or use another ${variableOf(provider, "key")}`,
  "key": ({ secrets, provider }) =>
    secrets.length === 0
      ? `a key is needed: set ${variableOf(provider, "key")}`
      : `the key was refused: check ${variableOf(provider, "key")}`,
  "model": ({ provider, model }) => {
    const { noun, form, remote } = PROVIDERS[provider];
    const naming = remote?.variables.model;
    return `${noun[0]} "${model}" was not found: check --model` +
      (naming === undefined ? "" : ` ${form} or ${naming}`);
  },
  "API version": ({ provider }) =>
    `the API version doesn't suit: check ${variableOf(provider, "version")}`,
  "path": ({ provider }) =>
    `no chat endpoint is there: check ${PROVIDERS[provider].remote?.texts.checkPath ?? "--model"}`,
};

/** A provider's variable by what it holds. */
function variableOf(provider: Provider, holds: "key" | "version"): string {
  return PROVIDERS[provider].remote?.variables[holds] ?? `the ${holds}`;
}

/** The answer began and can't be read to its end or as what it says it is. */
function faultOfBody(error: unknown, { secrets }: FaultOptions): Fault {
  const words = error instanceof Error ? error.message : String(error);
  const what = error instanceof SyntaxError
    ? "the answer is no whole JSON"
    : "the answer broke off";
  const reason = oneLine(`${what}: ${words}`, { secrets });
  return { kind: "passing", reason, status: null, retryAfterMs: null };
}

function faultOfConnection(error: APIError, options: FaultOptions): Fault {
  const { address, secrets } = options;
  const fault = { status: null, retryAfterMs: null };
  if (error instanceof OpenAI.APIConnectionTimeoutError) {
    return { ...fault, kind: "passing", reason: `no answer in time from ${address}` };
  }
  const cause = rootOf(error);
  if (cause instanceof Deno.errors.NotCapable) {
    const reason = `no permission to ask ${address}: ${oneLine(cause.message, { secrets })}`;
    return { ...fault, kind: "stop", reason };
  }
  // Deno puts the addresses of both ends before what happened.
  const words = cause.message.replace(/^.*client error \(\w+\): /s, "");
  const reason = `no connection to ${address}: ${oneLine(words, { secrets, length: 120 })}`;
  return { ...fault, kind: "passing", reason };
}

function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

/** However long an endpoint says to stay away: a day later it is asked again. */
const LONGEST_WAIT = 24 * 3_600_000;

/** `retry-after-ms`, or `Retry-After` in seconds or as a date: from 0 to a day; null for no time. */
function retryAfterOf(headers: Headers | undefined, now: number): number | null {
  const exact = headers?.get("retry-after-ms")?.trim();
  const milliseconds = exact ? Number(exact) : NaN;
  const wait = Number.isFinite(milliseconds)
    ? milliseconds
    : waitOf(headers?.get("retry-after"), { now });
  return wait === null || Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), LONGEST_WAIT);
}
