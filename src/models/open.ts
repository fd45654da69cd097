import type { Settings } from "../config/types.ts";
import { FEW_SHOT_STOP } from "../prompt/few_shot.ts";
import type { PromptForm } from "../prompt/types.ts";
import { type CountedCall, openCall } from "./call.ts";
import { type ClientOptions, openClient } from "./client.ts";
import { type Environment, LOCAL_ADDRESS } from "./environment.ts";
import { LOCAL_MODELS } from "./local/models.ts";
import { startLocalModel } from "./local_model.ts";
import { simulatedFetch } from "./simulated/fetch.ts";
import type { ModelChoice, ParameterNotes, Parameters, Provider } from "./types.ts";

/** A model that rows can be asked from. */
export interface OpenModel {
  /** `provider:name`. */
  name: string;
  /** Where it is asked, for people. */
  address: string;
  /** The form of the built-in prompt that suits it. */
  form: PromptForm;
  /** Calls in flight where nothing else is said. */
  concurrency: number;
  /** What goes with each call. */
  parameters: Parameters;
  /**
   * Opens the way to ask it, once the run is known. `notes` holds what an earlier start of the run
   * learned about parameters; what is learned now is added to it, and told to `onNote`.
   */
  open(
    notes: ParameterNotes,
    onNote?: (name: string, replacement: string | null) => void,
  ): CountedCall;
  /** Ends what was started for it. */
  close(): Promise<void>;
}

/** What a model is opened with. */
export interface OpenModelOptions {
  env: Environment;
  /** Sampling parameters and time limit. */
  settings: Settings;
  /** The project's folder: a local model's server is started from it. */
  project: string;
  /** The folder that a path to a local model's file counts from; default: the project's. */
  from?: string;
}

/** Calls in flight where neither flag nor settings say how many. */
const CONCURRENCY: Record<Provider, number> = {
  openai: 16,
  azure: 16,
  // It writes one row at a time: the second waits at its door.
  local: 2,
  simulated: 16,
};

/** The smallest local models need worked examples; all others follow instructions. */
export function formOf(choice: ModelChoice): PromptForm {
  return choice.provider === "local" ? LOCAL_MODELS[choice.name]?.promptForm ?? "full" : "full";
}

/**
 * Opens a chosen model. A local one gets a server of its own unless {@linkcode LOCAL_ADDRESS} tells
 * of one; `close` ends it. Nothing is asked yet.
 *
 * @throws {UserError} Where a variable is missing or wrong, a profile unknown, or the local model
 * can't be had.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openModel } from "./open.ts";
 * const model = await openModel(
 *   { provider: "simulated", name: "faithful", origin: "--model" },
 *   {
 *     env: {},
 *     project: ".",
 *     settings: { temperature: 0.9, frequency_penalty: null, seed: 1, sampling: "even", timeout: 60 },
 *   },
 * );
 * assert(model.name === "simulated:faithful");
 * await model.close();
 * ```
 */
export async function openModel(
  choice: ModelChoice,
  options: OpenModelOptions,
): Promise<OpenModel> {
  const { env, settings, project } = options;
  const client: ClientOptions = { env, timeoutSeconds: settings.timeout };
  let close = () => Promise.resolve();
  if (choice.provider === "simulated") client.fetch = simulatedFetch(choice.name);
  if (choice.provider === "local") {
    const running = env[LOCAL_ADDRESS];
    if (running !== undefined) client.localAddress = running;
    else {
      const server = await startLocalModel(choice.name, {
        env,
        project,
        from: options.from ?? project,
      });
      client.localAddress = server.address;
      close = server.close;
    }
  }
  const endpoint = openClient(choice, client);
  const form = formOf(choice);
  const parameters: Parameters = {
    temperature: settings.temperature,
    frequency_penalty: settings.frequency_penalty,
    top_p: settings.top_p ?? null,
    stop: form === "few-shot" ? FEW_SHOT_STOP : null,
  };
  return {
    name: `${choice.provider}:${choice.name}`,
    address: endpoint.address,
    form,
    concurrency: CONCURRENCY[choice.provider],
    parameters,
    open: (notes, onNote) =>
      openCall({ ...endpoint, parameters, notes, ...(onNote === undefined ? {} : { onNote }) }),
    close,
  };
}
