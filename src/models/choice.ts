import { UserError } from "../error.ts";
import { type Environment, variable } from "./endpoint/environment.ts";
import { isProvider, PROVIDERS, providers } from "./endpoint/providers.ts";
import { LOCAL_MODELS } from "./local/models.ts";
import type { PromptForm } from "../prompt/types.ts";
import type { ModelChoice, Provider } from "./types.ts";

/** The origin of a choice that nothing made: the local model is what needs no set-up. */
export const NOTHING_CHOSEN = "no key and no endpoint set";

/**
 * Which model is asked: `flag` (the value of `--model`), else `PLUMBLINE_MODEL`, else
 * `settings.model`, each written `PROVIDER:NAME`; else what the set keys and addresses say; else
 * the small local model. Blank texts count as unset. A name may hold colons and slashes.
 *
 * @throws {UserError} Where the provider is unknown, or it has no default model and none is named.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chooseModel } from "./choice.ts";
 * const choice = chooseModel({ flag: "openai:qwen2.5:7b", env: {}, settings: {} });
 * assert(choice.provider === "openai" && choice.name === "qwen2.5:7b");
 * ```
 */
export function chooseModel(from: {
  flag?: string | undefined;
  env: Environment;
  settings: { readonly model?: string | undefined };
}): ModelChoice {
  const { flag, env, settings } = from;
  const asked = [
    { text: flag?.trim(), origin: "--model" },
    { text: variable(env, "PLUMBLINE_MODEL"), origin: "PLUMBLINE_MODEL" },
    { text: settings.model?.trim(), origin: "settings.json" },
  ];
  for (const { text, origin } of asked) {
    if (text) return parseModel(text, { origin, env });
  }
  for (const provider of providers) {
    for (const name of PROVIDERS[provider].remote?.chosenBy ?? []) {
      if (variable(env, name)) return named(provider, "", { origin: `${name} is set`, env });
    }
  }
  return named("local", "", { origin: NOTHING_CHOSEN, env });
}

interface Origin {
  origin: string;
  env: Environment;
}

function parseModel(text: string, from: Origin): ModelChoice {
  const colon = text.indexOf(":");
  const word = text.slice(0, Math.max(0, colon));
  if (isProvider(word)) return named(word, text.slice(colon + 1).trim(), from);
  const likely = isProvider(text) ? `${text}:` : `openai:${text}`;
  const known = `${providers.slice(0, -1).join(", ")} or ${providers.at(-1)}`;
  throw new UserError(
    `${from.origin}: "${text}" names no provider: expected PROVIDER:NAME with ${known} as PROVIDER.` +
      (colon < 0 ? ` Did you mean "${likely}"?` : ""),
  );
}

function named(provider: Provider, name: string, { origin, env }: Origin): ModelChoice {
  return { provider, name: name || defaultName(provider, { origin, env }), origin };
}

function defaultName(provider: Provider, { origin, env }: Origin): string {
  const { title, noun, form, remote, defaultName } = PROVIDERS[provider];
  const naming = remote?.variables.model;
  const name = naming === undefined ? undefined : variable(env, naming);
  if (name !== undefined) return name;
  if (defaultName !== null) return defaultName;
  throw new UserError(
    `${naming} is not set: ${title} is asked (${origin}), so it must name the ${noun[0]}. ` +
      `Or name it by --model ${form}.`,
  );
}

/** The smallest local models need worked examples; all others follow instructions. */
export function formOf(choice: ModelChoice): PromptForm {
  return choice.provider === "local" ? LOCAL_MODELS[choice.name]?.promptForm ?? "full" : "full";
}
