import { createHash } from "node:crypto";
import type { AttributeValue, Config, Sampling } from "./types.ts";

/** Settings that are sent with each call, so that a text depends on them. */
export const SENT_SETTINGS = ["temperature", "frequency_penalty", "top_p", "max_tokens"] as const;

/** What a text depends on beside the config folder. */
export interface HashedChoices {
  /** Provider and name, such as `openai:gpt-4.1-mini`. */
  model: string;
  seed: number;
  sampling: Sampling;
  /** Version of the built-in prompt. */
  promptVersion: string | number;
}

/**
 * A fingerprint of all that can change a text: context, attributes, lengths, prompt, avoid-list,
 * sampling parameters, model, seed, sampling and the built-in prompt's version. Never of how much
 * is asked for, how fast, at which price, or where the folder lies.
 *
 * @param config The config as read.
 * @returns SHA-256 in hex: 64 digits.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { configHash } from "./hash.ts";
 * import { loadConfig } from "./load.ts";
 * const config = await loadConfig("config");
 * const choices = { model: "local:x", seed: 1, sampling: "even", promptVersion: 1 } as const;
 * assert(configHash(config, choices) !== configHash(config, { ...choices, seed: 2 }));
 * ```
 */
export function configHash(config: Config, choices: HashedChoices): string {
  const { context, attributes, length, prompt, avoid, settings } = config;
  const { model, seed, sampling, promptVersion } = choices;
  const content = {
    context,
    attributes: shownToModel(attributes),
    length,
    prompt,
    avoid,
    model,
    seed,
    sampling,
    promptVersion,
    ...Object.fromEntries(SENT_SETTINGS.map((name) => [name, settings[name]])),
    // Left out and null both mean that it isn't sent; of max_tokens only null means that.
    top_p: settings.top_p ?? null,
  };
  return createHash("sha256").update(JSON.stringify(keySorted(content))).digest("hex");
}

/** The attributes without what only a judge is told. */
export function shownToModel(
  attributes: Config["attributes"],
): Record<string, Omit<AttributeValue, "description">[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([stem, values]) => [
      stem,
      values.map(({ description: _, ...value }) => value),
    ]),
  );
}

/** The same value with the keys of all objects in code-unit order; lists keep theirs. */
function keySorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keySorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1)
      .map(([key, inner]) => [key, keySorted(inner)]),
  );
}
