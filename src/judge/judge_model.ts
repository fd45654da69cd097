import type { Price, Settings } from "../config/types.ts";
import { UserError } from "../error.ts";
import { chooseModel, formOf } from "../models/choice.ts";
import type { Environment } from "../models/endpoint/environment.ts";
import { readEnvironment } from "../models/endpoint/env_files.ts";
import { type Model, modelOf } from "../models/model.ts";
import type { ModelChoice } from "../models/types.ts";
import { PROJECT } from "../project.ts";
import type { JudgeSource } from "./source.ts";

/** Which model judges, and with what. */
export interface JudgeModelOptions {
  /** `PROVIDER:NAME`; default: the model that wrote the texts. */
  model?: string | undefined;
  /** Default: the process's, and the `.env` files'. */
  env?: Environment | undefined;
  /** Seconds after which a call is given up; default: as settings say. */
  timeout?: number | undefined;
  /** USD per million tokens; default: what is known of the model. */
  price?: Price | undefined;
  /** The folder that a path to a local model's file counts from; default: the project's. */
  from?: string | undefined;
}

/**
 * The model that judges: the one that is named, else the one that wrote the texts.
 *
 * @throws {UserError} Exit 2 where it can't judge, or none is named for texts from elsewhere.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { judgeChoice } from "./judge_model.ts";
 * const source = { model: { name: "simulated:leaky" } };
 * assert.equal(judgeChoice(source, { env: {} }).name, "leaky");
 * assert.throws(() => judgeChoice(source, { model: "local:smollm2-135m", env: {} }), /can't judge/);
 * ```
 */
export function judgeChoice(
  source: { model: { name: string } | null; config?: { settings: { model?: string } } },
  options: { model?: string | undefined; env: Environment },
): ModelChoice {
  const flag = options.model ?? source.model?.name;
  const choice = chooseModel({ flag, env: options.env, settings: source.config?.settings ?? {} });
  // The smallest models need worked examples to write at all.
  if (formOf(choice) !== "few-shot") return choice;
  throw new UserError(
    `${choice.provider}:${choice.name} can't judge: it is too small to tell what a text is. Name ` +
      "another model with --model, such as openai:gpt-4.1-mini (OPENAI_API_KEY), or label texts " +
      "yourself: deno task label.",
  );
}

/**
 * Opens nothing yet: the judge with temperature 0 and without penalties.
 *
 * @throws {UserError} As {@linkcode judgeChoice} does.
 */
export function judgeModel(source: JudgeSource, options: JudgeModelOptions = {}): Model {
  const env = options.env ??
    readEnvironment({ typedIn: PROJECT, project: PROJECT, env: Deno.env.toObject() });
  const choice = judgeChoice(source, { model: options.model, env });
  const isAuthor = `${choice.provider}:${choice.name}` === source.model?.name;
  const { timeout = source.config.settings.timeout, from, price } = options;
  const settings: Settings = {
    ...source.config.settings,
    timeout,
    temperature: 0,
    frequency_penalty: null,
  };
  delete settings.top_p;
  // The settings' price is that of the model that writes.
  const known = price ?? (isAuthor ? settings.price : undefined);
  delete settings.price;
  return modelOf(choice, {
    env,
    project: PROJECT,
    settings: known === undefined ? settings : { ...settings, price: known },
    ...(from === undefined ? {} : { from }),
  });
}
