import OpenAI from "openai";
import type { Endpoint } from "./client.ts";
import { waitOf } from "../pacing/limits.ts";
import { oneLine } from "./words.ts";
import type { Fault } from "../types.ts";

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
 * assert(fault.kind === "passing" && fault.reason === "503 busy");
 * ```
 */
export function faultOf(error: unknown, options: FaultOptions): Fault {
  if (!(error instanceof OpenAI.APIError)) return faultOfBody(error, options);
  if (error.status === undefined) return faultOfConnection(error, options);
  const said = oneLine(error.message, { secrets: options.secrets });
  const fault = {
    status: error.status,
    retryAfterMs: retryAfterOf(error.headers, options.now ?? Date.now()),
  };
  if (isFiltered(error)) return { ...fault, kind: "filtered", reason: said };
  const advice = adviceFor(error, options);
  if (advice !== null) {
    return { ...fault, kind: "stop", reason: `${advice} (${options.address} said: ${said})` };
  }
  const { status } = error;
  if (status === 429 || isQueueTimeOut(error)) return { ...fault, kind: "limited", reason: said };
  const passing = status === 408 || status === 409 || status >= 500;
  return { ...fault, kind: passing ? "passing" : "rejected", reason: said };
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

function isFiltered(error: APIError): boolean {
  if (error.status !== 400 && error.status !== 403 && error.status !== 422) return false;
  const words = `${error.code} ${error.type} ${JSON.stringify(error.error) ?? ""}`;
  return /content_filter|content_policy_violation|ResponsibleAIPolicyViolation/.test(words) ||
    (error.status === 403 && /\bflagged\b|\bmoderation\b/i.test(words));
}

/** The row wasn't looked at: it stood in the endpoint's own line for too long. */
function isQueueTimeOut({ status, message }: APIError): boolean {
  return (status === 408 || status === 503 || status === 504) &&
    /\bqueue\b.*\btime(d |-)?out\b|\btime(d |-)?out\b.*\bqueue\b|\bqueue (is )?full\b/i.test(
      message,
    );
}

/** What to do about a fault that no row can come past; null where it is another fault. */
function adviceFor(
  error: APIError,
  { provider, model, address, secrets }: FaultOptions,
): string | null {
  const { status } = error;
  const azure = provider === "azure";
  const key = azure ? "AZURE_OPENAI_API_KEY" : "OPENAI_API_KEY";
  if (isOutOfCredit(error)) {
    return `no credit is left at ${address}: add some, or use another ${key}`;
  }
  if (status === 401 || status === 403) {
    return secrets.length === 0
      ? `a key is needed: set ${key}`
      : `the key was refused: check ${key}`;
  }
  if (isUnknownModel(error)) {
    return azure
      ? `deployment "${model}" was not found: check --model azure:DEPLOYMENT or AZURE_OPENAI_CHATMODEL`
      : `model "${model}" was not found: check --model`;
  }
  if (status === 404 || status === 405 || (status !== undefined && status < 400)) {
    return azure
      ? "no chat endpoint is there: check AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_VERSION"
      : "no chat endpoint is there: check OPENAI_BASE_URL, which mostly ends in /v1";
  }
  return null;
}

// By code and not by words: some endpoints speak of quota and billing in a plain rate limit too.
function isOutOfCredit(error: APIError): boolean {
  if (error.status === 402) return true;
  return /^(insufficient_(quota|balance|credits?|funds)|billing_\w+)$/.test(error.code ?? "") ||
    /^(insufficient_(quota|balance|credits?|funds)|billing_\w+)$/.test(error.type ?? "");
}

function isUnknownModel(error: APIError): boolean {
  if (error.code === "model_not_found" || error.code === "DeploymentNotFound") return true;
  if (error.status === 404) return /\b(model|deployment)\b/i.test(error.message);
  return error.status === 400 &&
    (error.param === "model" || /not a valid model|invalid model/i.test(error.message));
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date; never below 0. */
function retryAfterOf(headers: Headers | undefined, now: number): number | null {
  const exact = headers?.get("retry-after-ms")?.trim();
  const milliseconds = exact ? Number(exact) : NaN;
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds);
  return waitOf(headers?.get("retry-after"), { now });
}
