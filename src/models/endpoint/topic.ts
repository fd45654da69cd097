import { PROVIDERS } from "./providers.ts";
import type { Said } from "./said.ts";
import type { Provider } from "../types.ts";

/** What an error of an endpoint is about. */
export type Topic =
  /** The content filter took the prompt. */
  | "filter"
  | "credit"
  /** The key is missing, refused, or may not do this. */
  | "key"
  /** No such model, or for a provider that has them no such deployment. */
  | "model"
  /** The version of the provider's API is unknown, or the model needs another. */
  | "API version"
  /** The address has no chat endpoint at this path. */
  | "path"
  /** More calls came than are allowed. */
  | "limited"
  /** The endpoint has no room for the call now. */
  | "busy"
  /** The endpoint failed: the same call may be answered later. */
  | "passing"
  /** It won't take this call, for a reason of its own. */
  | "rejected";

/** An error as it was heard, and who said it. */
export interface HeardError {
  status: number;
  said: Said;
  /** It says when to come back. */
  comesBack: boolean;
  provider: Provider;
  /** The model's name as it was sent. */
  model: string;
}

/**
 * What an error is about: told by its status and by the codes and words of its body, since each
 * endpoint says the same in its own way. `generate` and `doctor` both go by it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { saidIn } from "./said.ts";
 * import { topicOf } from "./topic.ts";
 * const error = { comesBack: false, provider: "openai" as const, model: "m" };
 * const gone = saidIn({ error: { message: "The model `m` does not exist" } });
 * assert.equal(topicOf({ ...error, status: 400, said: gone }), "model");
 * const key = saidIn([{ error: { message: "API key not valid", code: 400 } }]);
 * assert.equal(topicOf({ ...error, status: 400, said: key }), "key");
 * ```
 */
export function topicOf(error: HeardError): Topic {
  const { status } = error;
  if (isFilter(error)) return "filter";
  if (isCredit(error)) return "credit";
  if (isVersion(error)) return "API version";
  if (isModel(error)) return "model";
  if (isKey(error)) return "key";
  if (status === 429) return "limited";
  if (isBusy(error)) return "busy";
  if (status === 404 || status === 405 || status < 400) return "path";
  return status === 408 || status === 409 || status >= 500 ? "passing" : "rejected";
}

// Each pattern is bounded between any two of its words, so that it is linear in a text's length.

const FILTER = /content_filter|content_policy_violation|ResponsibleAIPolicyViolation/;

function isFilter({ status, said }: HeardError): boolean {
  if (status !== 400 && status !== 403 && status !== 422) return false;
  const all = allIn(said);
  return FILTER.test(all) || (status === 403 && /\bflagged\b|\bmoderation\b/i.test(all));
}

const NO_CREDIT = /^(insufficient_(quota|balance|credits?|funds)|billing_\w+)$/;
const NO_CREDIT_WORDS =
  /\bcredit balance is too low\b|\binsufficient (balance|funds|credits?)\b|\bout of credits?\b/i;

function isCredit({ status, said }: HeardError): boolean {
  if (status === 402 || said.codes.some((code) => NO_CREDIT.test(code))) return true;
  // Of a 429 by code alone: some endpoints speak of quota and billing in a plain rate limit too.
  return (status === 400 || status === 401 || status === 403) && NO_CREDIT_WORDS.test(said.words);
}

const NO_MODEL_CODE = /^(model_not_found|model_not_supported|invalid_model|DeploymentNotFound)$/;

function isVersion({ status, said, provider }: HeardError): boolean {
  // Providers without versions have them in the names of their errors all the same.
  if (PROVIDERS[provider].remote?.variables.version === undefined) return false;
  // A rate limit and a refused key name the version that was asked.
  if (status !== 400 && status !== 404 && status !== 422) return false;
  if (said.param !== null && !/version/i.test(said.param)) return false;
  if (said.codes.some((code) => NO_MODEL_CODE.test(code))) return false;
  return /api[-_ ]?versions?\b/i.test(allIn(said));
}

/** "The model `x` does not exist", "Model Not Exist", "model: x is not found", "models/x is not available". */
const NO_MODEL =
  /\b(?:model|deployment)s?(?: name| id)?[\s:=/]{1,3}(?:["'`“][^"'`”\n]{1,200}["'`”][\s,]{1,2}|[^\s"'`]{1,200}\s)?(?:(?:you|that|requested|specified|is|was|has|does|do|could|currently|been)\s){0,4}(?:not?|cannot|doesn't|isn't)\s(?:be\s)?(?:exist|found|available|valid|supported|recogni[sz]ed|loaded|deployed)/i;
const NO_MODEL_FAR = /\bmodel\b[^.\n]{0,120}\bnot (exist|found)\b/i;
const WRONG_MODEL =
  /\bnot a valid (?:model|deployment)\b|\b(?:invalid|unknown|unsupported|unrecogni[sz]ed|no such) (?:model|deployment)\b(?! (?:param|arg|opt|set|in|out|req|conf|field|val))|\bmodel(?: identifier| id| name)? is (?:invalid|unknown)\b/i;

/** A 400 that names one of these is about it, and is learned from. */
const PARAMETER =
  /\b(?:temperature|top_?p|seed|stop|(?:frequency_?|presence_?)?penalty|max_?(?:completion_?)?tokens|max_?output_?tokens|system (?:role|message|prompt|instruction)s?)\b/i;

function isModel({ status, said, model }: HeardError): boolean {
  if (said.codes.some((code) => NO_MODEL_CODE.test(code))) return true;
  const { words, param } = said;
  if (status === 404 || status === 410) {
    // A web page may have any words.
    if (/^\s{0,9}</.test(words)) return false;
    return /\b(model|deployment)\b/i.test(words) || NO_MODEL.test(words) || names(words, model);
  }
  if (status === 403) return /\baccess to (the |this )?model\b/i.test(words);
  if (status !== 400 && status !== 422) return false;
  if (param !== null && param !== "") return param === "model";
  if (PARAMETER.test(model.length > 2 ? words.replaceAll(model, "") : words)) return false;
  return NO_MODEL.test(words) || NO_MODEL_FAR.test(words) || WRONG_MODEL.test(words);
}

/** Whether a text has a name as a word of its own. */
function names(words: string, name: string): boolean {
  const at = words.indexOf(name);
  const around = `${words[at - 1] ?? " "}${words[at + name.length] ?? " "}`;
  return at >= 0 && name.length > 2 && !/[\p{L}\p{N}]/u.test(around);
}

const KEY_CODE =
  /^(API_KEY_INVALID|invalid_?api_?key|invalid_authentication(_error)?|authentication_error|UNAUTHENTICATED|unauthorized)$/i;
const KEY_WORDS =
  /\bapi[-_ ]?key\b[^.\n]{0,60}?\b(?:not valid|invalid|incorrect|expired|revoked|disabled|missing|required|not found)\b|\b(?:invalid|incorrect|wrong|missing|expired|unknown|no|valid)(?: x)?[- ]api[-_ ]?key\b|\bapi_key_invalid\b/i;

function isKey({ status, said }: HeardError): boolean {
  if (status === 401 || status === 403) return true;
  if (status !== 400 && status !== 404 && status !== 422) return false;
  return said.codes.some((code) => KEY_CODE.test(code)) || KEY_WORDS.test(said.words);
}

const BUSY = /\b(?:busy|overloaded|queued?|capacity)\b/i;
const TIMED_OUT = /\btime(?:d[ -]|-)?out\b/i;

function isBusy({ status, said, comesBack }: HeardError): boolean {
  const says = () => BUSY.test(allIn(said).replaceAll("_", " "));
  if (status === 503 || status === 529 || status === 498) return comesBack || says();
  // The row wasn't looked at: it stood in the endpoint's own line for too long.
  if (status !== 408 && status !== 504) return false;
  return /\bqueue\b/i.test(said.words) && TIMED_OUT.test(said.words) ||
    /\bqueue (?:is )?full\b/i.test(said.words);
}

function allIn({ codes, words }: Said): string {
  return `${codes.join(" ")} ${words}`;
}
