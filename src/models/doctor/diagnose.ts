import { jsonIn, saidIn } from "../endpoint/said.ts";
import { topicOf } from "../endpoint/topic.ts";
import type { Heard } from "./trial.ts";
import type { Fault, Provider } from "../types.ts";

/** What is wrong where a call gave no answer. */
export type Ailment =
  /** It wants a key and none was sent. */
  | "no key"
  | "key refused"
  | "no credit"
  /** The address has no chat endpoint at this path. */
  | "path"
  /** It sends calls on to another address. */
  | "redirect"
  /** No such model, or for Azure no such deployment. */
  | "model"
  /** Azure doesn't know the version of its API, or the model needs another. */
  | "API version"
  /** A proxy stands between, and the call did not come through it. */
  | "proxy"
  /** No machine has the host's name. */
  | "unknown host"
  /** The machine is there, nothing listens at the port. */
  | "nothing listens"
  /** Its TLS certificate is not trusted. */
  | "certificate"
  /** It is asked by https and speaks http. */
  | "no TLS"
  /** No answer came in time. */
  | "late"
  | "limited"
  /** It is there, but has no room for the call now. */
  | "busy"
  /** It answers with a fault of its own, or the connection broke off. */
  | "failing"
  /** It won't take the request, for a reason of its own. */
  | "rejected";

/** What is known about the call beside its answer. */
export interface Circumstances {
  provider: Provider;
  /** The model's name as it was sent. */
  model: string;
  hasKey: boolean;
  /** The call went through a proxy. */
  proxied: boolean;
  /** The address is this machine's own. */
  loopback: boolean;
}

/** The set-up is wrong: 2. It is right as far as can be told, but the endpoint doesn't answer: 3. */
export function exitCodeOf(ailment: Ailment): 2 | 3 {
  return UNANSWERED.includes(ailment) ? 3 : 2;
}

const UNANSWERED: readonly Ailment[] = [
  "unknown host",
  "nothing listens",
  "late",
  "limited",
  "busy",
  "failing",
];

/**
 * What is wrong where a call gave no answer; null where the prompt met a content filter, which
 * shows that all else is right.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ailmentOf } from "./diagnose.ts";
 * const fault = { kind: "stop" as const, reason: "404 …", status: 404, retryAfterMs: null };
 * const body = JSON.stringify({ error: { code: "DeploymentNotFound", message: "…" } });
 * const ailment = ailmentOf(
 *   { fault, heard: { status: 404, body, redirectedTo: null, error: null } },
 *   { provider: "azure", model: "m", hasKey: true, proxied: false, loopback: false },
 * );
 * assert(ailment === "model");
 * ```
 */
export function ailmentOf(
  { fault, heard }: { fault: Fault; heard: Heard },
  circumstances: Circumstances,
): Ailment | null {
  if (fault.kind === "filtered") return null;
  if (blamesProxy({ fault, heard }, circumstances)) return "proxy";
  if (heard.status === null) return connectionAilment(heard.error ?? "");
  if (heard.redirectedTo !== null) return "redirect";
  // Some routers wrap a fault in a success: the fault tells its status, the response doesn't.
  const status = fault.status ?? heard.status;
  if (status >= 300 && status < 400) return "redirect";
  // It answered, but with no chat completion, or not to the end.
  if (fault.status === 200) return "path";
  if (fault.status === null) return heard.error === null ? "failing" : "late";
  const topic = topicOf({
    status,
    said: saidIn(jsonIn(heard.body) ?? (heard.body || fault.reason)),
    comesBack: fault.retryAfterMs !== null,
    provider: circumstances.provider,
    model: circumstances.model,
  });
  switch (topic) {
    case "filter":
      return null;
    case "credit":
      return "no credit";
    case "key":
      return circumstances.hasKey ? "key refused" : "no key";
    case "passing":
      return heard.error === null ? "failing" : "late";
    default:
      return topic;
  }
}

function connectionAilment(words: string): Ailment {
  if (/^(AbortError|TimeoutError)\b/.test(words)) return "late";
  if (/^NotCapable\b/.test(words)) return "redirect";
  if (/dns error/i.test(words)) return "unknown host";
  if (/certificate|UnknownIssuer/i.test(words)) return "certificate";
  if (/InvalidContentType|corrupt message/i.test(words)) return "no TLS";
  // Unix's words, and the number by which Windows says it.
  if (/connection refused|os error 10061\b/i.test(words)) return "nothing listens";
  return "failing";
}

function blamesProxy(
  { fault, heard }: { fault: Fault; heard: Heard },
  { proxied, loopback }: Circumstances,
): boolean {
  if (!proxied) return false;
  if (heard.status === null) return !/^NotCapable\b/.test(heard.error ?? "");
  if (heard.status === 407) return true;
  // A proxy can't know what this machine calls 127.0.0.1; its own pages are no JSON.
  const own = heard.status >= 400 && !isObject(jsonIn(heard.body));
  return own && (loopback || heard.status >= 502 || fault.status === 403);
}

function isObject(json: unknown): boolean {
  return typeof json === "object" && json !== null;
}
