import { type ModelVariable, providers, variablesOf } from "./providers.ts";

export type { ModelVariable };

/** Environment variables by name, as `Deno.env.toObject()` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable that says where answers come from. */
export const modelVariables: readonly ModelVariable[] = [
  "PLUMBLINE_MODEL",
  ...providers.flatMap(variablesOf),
];

/**
 * A variable's text without the spaces around it; undefined where it is unset or blank, since a
 * line `OPENAI_API_KEY=` in an `.env` file means: none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { variable } from "./environment.ts";
 * assert(variable({ OPENAI_API_KEY: " " }, "OPENAI_API_KEY") === undefined);
 * ```
 */
export function variable(env: Environment, name: ModelVariable): string | undefined {
  return env[name]?.trim() || undefined;
}

/** The variable by which the launcher tells of the local model's server that it started: a base URL. */
export const LOCAL_ADDRESS = "PLUMBLINE_LOCAL_ADDRESS";
