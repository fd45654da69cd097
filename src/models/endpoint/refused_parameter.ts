import type OpenAI from "openai";

/** A parameter that an endpoint doesn't take, and the name that it asks for instead, if any. */
export interface RefusedParameter {
  name: string;
  replacement: string | null;
}

type APIError = InstanceType<typeof OpenAI.APIError>;

/** Parameters whose names are plain words: they count only where they stand as a name. */
const plainWords = new Set(["seed", "stop", "temperature"]);

/** A text that is too long speaks of tokens and caps as well; no parameter can mend it. */
const tooLong =
  /context[_ -]?(length|window|size)|maximum (context|sequence|input|prompt)|reduce (the|your) (length|prompt|input)|(prompt|input|messages?) (is|are) too long/i;

/** Characters of an error's texts that are looked at. */
const MOST_READ = 8_192;

/**
 * Which of the parameters that were sent a 400 or 422 is about; null where it is about something
 * else. Told by the error's `param`, by a validator's `loc`, or by its words, in which the name may
 * be written `like_this`, `likeThis` or in words: each endpoint says it differently.
 *
 * @param sent The names of the parameters that were sent, in any order.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import OpenAI from "openai";
 * import { refusedParameter } from "./refused_parameter.ts";
 * const error = new OpenAI.APIError(
 *   400,
 *   { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." },
 *   undefined,
 *   new Headers(),
 * );
 * assert(
 *   refusedParameter(error, ["seed", "max_tokens"])?.replacement === "max_completion_tokens",
 * );
 * ```
 */
export function refusedParameter(
  error: APIError,
  sent: readonly string[],
): RefusedParameter | null {
  if (!isInvalid(error) || isTooLong(error)) return null;
  const words = wordsOf(error);
  const places = placesIn(error);
  const name = sent.find((name) => places.some((place) => isName(place, name))) ??
    firstNamed(words, sent);
  if (name === undefined) return null;
  const instead = name === "max_tokens" && words.includes("max_completion_tokens");
  return { name, replacement: instead ? "max_completion_tokens" : null };
}

/**
 * Whether a 400 or 422 may be about a parameter that it doesn't name: it isn't about the length of
 * the text, and neither about the messages nor the model.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import OpenAI from "openai";
 * import { mayBeAboutParameters } from "./refused_parameter.ts";
 * const said = (message: string) =>
 *   new OpenAI.APIError(400, { message }, undefined, new Headers());
 * assert(mayBeAboutParameters(said("Bad request")));
 * assert(!mayBeAboutParameters(said("Your prompt is too long")));
 * ```
 */
export function mayBeAboutParameters(error: APIError): boolean {
  return isInvalid(error) && !isTooLong(error) &&
    !placesIn(error).some((place) => /^(messages|model)\b/.test(place));
}

/** All that an error says, but for what stands under `input`, where validators repeat the request. */
export function wordsOf(error: APIError): string {
  const texts: string[] = [];
  visit(error.error, (_, value) => {
    if (typeof value === "string") texts.push(value.slice(0, MOST_READ));
  });
  return (texts.join("\n") || error.message).slice(0, MOST_READ);
}

/** Whether an endpoint calls the request itself wrong. */
export function isInvalid({ status }: APIError): boolean {
  return status === 400 || status === 422;
}

function isTooLong(error: APIError): boolean {
  return error.code === "context_length_exceeded" || tooLong.test(wordsOf(error));
}

function firstNamed(words: string, sent: readonly string[]): string | undefined {
  let first: string | undefined;
  let firstAt = Infinity;
  for (const name of sent) {
    const at = words.search(namePattern(name));
    if (at >= 0 && at < firstAt) [first, firstAt] = [name, at];
  }
  if (first !== undefined) return first;
  // "Penalty is not enabled for …": there is one that this can mean.
  const penalties = sent.filter((name) => name.endsWith("_penalty"));
  const isAboutPenalty = /\bpenalty (is|isn't|are|was) (not )?\w+/i.test(words);
  return isAboutPenalty && penalties.length === 1 ? penalties[0] : undefined;
}

/** Finds the name of a parameter in words: `max_tokens`, `maxTokens`, "max tokens". */
function namePattern(name: string): RegExp {
  if (name === "response_format") return RESPONSE_FORMAT;
  const spelled = name.split("_").join("[_ -]?");
  if (!plainWords.has(name)) return new RegExp(`(?<![a-z0-9])${spelled}(?![a-z0-9])`, "i");
  // Only where it is quoted, called a parameter, given a value, or what isn't supported.
  return new RegExp(
    `['"\`]${spelled}['"\`]|\\b(parameter|argument|field|property|key):? ${spelled}\\b` +
      `|\\b${spelled} ?=|\\b(support|supports|unsupported|allow|allows|accept|accepts):? ${spelled}\\b` +
      `|\\b${spelled} (is|isn't|does|doesn't|must|should|cannot|can't) ` +
      `(not |be |only )?(support|allow|accept|enabled|available|permitted|1\\b)`,
    "i",
  );
}

/** Endpoints name what they can't do with a form of answers in many ways, and hardly any other thing so. */
const RESPONSE_FORMAT =
  /response[_ -]?format|json[_ -]?schema|json[_ -]?mode|structured[_ -]?(?:outputs?|generation)|guided[_ -]?(?:json|decoding|generation)|\bgrammars?\b|additionalProperties/i;

function isName(place: string, name: string): boolean {
  // A validator may name what is inside it: `response_format.type`.
  const [outermost = ""] = place.split(/[.[]/, 1);
  return outermost === name || outermost === camel(name);
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What an error's `param` names, and the names in a validator's `loc`, such as `["body", "seed"]`. */
function placesIn(error: APIError): string[] {
  const places: string[] = typeof error.param === "string" ? [error.param] : [];
  visit(error.error, (name, value) => {
    if (name !== "loc" || !Array.isArray(value)) return;
    for (const place of value) if (typeof place === "string") places.push(place);
  });
  return places;
}

/** Values of a body that are looked at. */
const MOST_VALUES = 2_000;

/** Sees the values of a body, those in a value right after it. */
function visit(body: unknown, see: (name: string, value: unknown) => void): void {
  const left: [name: string, value: unknown][] = [["", body]];
  for (let seen = 0; left.length > 0 && seen < MOST_VALUES; seen++) {
    const [name, value] = left.pop() ?? ["", null];
    if (name === "input") continue;
    see(name, value);
    if (typeof value !== "object" || value === null) continue;
    left.push(...Object.entries(value).slice(0, MOST_VALUES).reverse());
  }
}
