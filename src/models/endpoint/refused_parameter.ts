import type OpenAI from "openai";

/** A parameter that an endpoint doesn't take, and the name that it asks for instead, if any. */
export interface RefusedParameter {
  name: string;
  replacement: string | null;
}

/** Parameters whose names are plain words: they count only where they stand as a name. */
const plainWords = new Set(["seed", "stop", "temperature"]);

/** A text that is too long speaks of tokens and caps as well; no parameter can mend it. */
const tooLong =
  /context[_ -]?(length|window|size)|maximum (context|sequence|input|prompt)|reduce (the|your) (length|prompt|input)|(prompt|input|messages?) (is|are) too long/i;

/**
 * Which of the parameters that were sent a 400 or 422 is about; null where it is about something
 * else. Told by the error's `param`, by a validator's `loc`, or by its words: OpenAI, Azure, vLLM
 * and Mistral all say it differently.
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
  error: InstanceType<typeof OpenAI.APIError>,
  sent: readonly string[],
): RefusedParameter | null {
  if (error.status !== 400 && error.status !== 422) return null;
  const words = textsIn(error.error).join("\n") || error.message;
  if (error.code === "context_length_exceeded" || tooLong.test(words)) return null;
  const name = sent.find((name) => name === error.param) ??
    sent.find((name) => placesIn(error.error).has(name)) ??
    firstNamed(words, sent);
  if (name === undefined) return null;
  const instead = name === "max_tokens" && words.includes("max_completion_tokens");
  return { name, replacement: instead ? "max_completion_tokens" : null };
}

function firstNamed(words: string, sent: readonly string[]): string | undefined {
  let first: string | undefined;
  let firstAt = Infinity;
  for (const name of sent) {
    const at = words.search(
      plainWords.has(name)
        ? new RegExp(`['"\`]${name}['"\`]|\\b(parameter|argument|field|property|key):? ${name}\\b`)
        : new RegExp(`\\b${name}\\b`),
    );
    if (at >= 0 && at < firstAt) [first, firstAt] = [name, at];
  }
  return first;
}

/** The names in a validator's `loc`, such as `["body", "seed"]`. */
function placesIn(body: unknown): Set<unknown> {
  const places = new Set<unknown>();
  visit(body, (name, value) => {
    if (name === "loc" && Array.isArray(value)) value.forEach((place) => places.add(place));
  });
  return places;
}

/**
 * The texts of a body but those under `input`, where validators repeat the whole request: every
 * parameter's name stands there.
 */
function textsIn(body: unknown): string[] {
  const texts: string[] = [];
  visit(body, (_, value) => {
    if (typeof value === "string") texts.push(value);
  });
  return texts;
}

function visit(value: unknown, see: (name: string, value: unknown) => void, name = ""): void {
  if (name === "input") return;
  see(name, value);
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) visit(inner, see, key);
}
