import { UserError } from "../error.ts";
import { type Environment, variable } from "./endpoint/environment.ts";
import type { ModelChoice, Provider } from "./types.ts";

/** The model of `openai:` without a name: cheap, quick, and it writes every language of the examples. */
export const defaultOpenAIModel = "gpt-4.1-mini";

/** The model of `local:` without a name. */
export const defaultLocalModel = "smollm2-135m";

/** The profile of `simulated:` without a name. */
export const defaultProfile = "faithful";

/** The origin of a choice that nothing made: the local model is what needs no set-up. */
export const NOTHING_CHOSEN = "no key and no endpoint set";

const providers: readonly Provider[] = ["openai", "azure", "local", "simulated"];

/**
 * Which model is asked: `flag` (the value of `--model`), else `PLUMBLINE_MODEL`, else
 * `settings.model`, each written `PROVIDER:NAME`; else what the set keys and addresses say; else
 * the small local model. Blank texts count as unset. A name may hold colons and slashes.
 *
 * @throws {UserError} Where the provider is unknown, or Azure's deployment isn't named.
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
  for (const name of ["OPENAI_API_KEY", "OPENAI_BASE_URL"] as const) {
    if (variable(env, name)) return named("openai", "", { origin: `${name} is set`, env });
  }
  if (variable(env, "AZURE_OPENAI_ENDPOINT")) {
    return named("azure", "", { origin: "AZURE_OPENAI_ENDPOINT is set", env });
  }
  return named("local", "", { origin: NOTHING_CHOSEN, env });
}

interface Origin {
  origin: string;
  env: Environment;
}

function parseModel(text: string, from: Origin): ModelChoice {
  const colon = text.indexOf(":");
  const provider = providers.find((name) => name === text.slice(0, colon));
  if (provider !== undefined) return named(provider, text.slice(colon + 1).trim(), from);
  const likely = providers.some((name) => name === text) ? `${text}:` : `openai:${text}`;
  throw new UserError(
    `${from.origin}: "${text}" names no provider: expected PROVIDER:NAME with openai, azure, ` +
      `local or simulated as PROVIDER.` + (colon < 0 ? ` Did you mean "${likely}"?` : ""),
  );
}

function named(provider: Provider, name: string, { origin, env }: Origin): ModelChoice {
  return { provider, name: name || defaultName(provider, { origin, env }), origin };
}

function defaultName(provider: Provider, { origin, env }: Origin): string {
  switch (provider) {
    case "openai":
      return defaultOpenAIModel;
    case "local":
      return defaultLocalModel;
    case "simulated":
      return defaultProfile;
    case "azure": {
      const deployment = variable(env, "AZURE_OPENAI_CHATMODEL");
      if (deployment !== undefined) return deployment;
      throw new UserError(
        `AZURE_OPENAI_CHATMODEL is not set: Azure is asked (${origin}), so it must name the ` +
          `deployment. Or name it by --model azure:DEPLOYMENT.`,
      );
    }
  }
}
