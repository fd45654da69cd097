import type { Settings } from "../config/types.ts";
import type { PromptForm } from "../prompt/types.ts";
import { openBatches } from "./batch/endpoint.ts";
import { hasBatches } from "./batch/offered.ts";
import type { Batches } from "./batch/types.ts";
import { formOf } from "./choice.ts";
import { openCall } from "./endpoint/call.ts";
import { openClient } from "./endpoint/client.ts";
import { type Environment, LOCAL_ADDRESS } from "./endpoint/environment.ts";
import { PROVIDERS } from "./endpoint/providers.ts";
import { type PriceLookup, priceOf } from "./cost/prices.ts";
import type { Call, ModelChoice, ParameterNotes, Parameters } from "./types.ts";
import { openWire } from "./endpoint/wire.ts";

/** A model as it is before anything was started or asked for it. */
export interface Model {
  /** `provider:name`. */
  name: string;
  /** The form of the built-in prompt that suits it. */
  form: PromptForm;
  /** Calls in flight where nothing else is said. */
  concurrency: number;
  /** What goes with each call. */
  parameters: Parameters;
  /** What it costs, and where that is from; or why that isn't known. */
  price: PriceLookup;
  /** Whether its provider has a Batch API at all; default false. */
  mayBatch?: boolean;
  /**
   * Opens the way to ask it: a local model gets a server of its own, unless
   * {@linkcode LOCAL_ADDRESS} tells of one. Nothing is asked yet.
   *
   * @param notes What an earlier start of the run learned about parameters; what is learned from
   *   now on is added to it, and told to `onNote`, as what the model does: "doesn't take seed: …".
   * @throws {UserError} Where a variable is missing or wrong, a profile unknown, or the local model
   *   can't be had.
   */
  open(
    notes: ParameterNotes,
    onNote?: (said: string) => void,
  ): Promise<OpenModel>;
}

/** A model that can be asked. */
export interface OpenModel {
  call: Call;
  /** The endpoint's Batch API, where its provider has one. */
  batches?: Batches;
  /** Where it is asked, for people. */
  address: string;
  /** Ends what was started for it. */
  close(): Promise<void>;
}

/** What a model is made with. */
export interface ModelOptions {
  env: Environment;
  /** Sampling parameters and time limit. */
  settings: Settings;
  /** The project's folder: a local model's server is started from it. */
  project: string;
  /** The folder that a path to a local model's file counts from; default: the project's. */
  from?: string;
}

/**
 * The model that was chosen, ready to be opened.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { modelOf } from "./model.ts";
 * const model = modelOf(
 *   { provider: "simulated", name: "faithful", origin: "--model" },
 *   {
 *     env: {},
 *     project: ".",
 *     settings: { temperature: 0.9, frequency_penalty: null, seed: 1, sampling: "even", timeout: 60 },
 *   },
 * );
 * assert.equal(model.name, "simulated:faithful");
 * const { close } = await model.open({ dropped: [], replaced: {} });
 * await close();
 * ```
 */
export function modelOf(choice: ModelChoice, options: ModelOptions): Model {
  const { settings } = options;
  const form = formOf(choice);
  const parameters: Parameters = {
    temperature: settings.temperature,
    frequency_penalty: settings.frequency_penalty,
    top_p: settings.top_p ?? null,
  };
  return {
    name: `${choice.provider}:${choice.name}`,
    form,
    concurrency: PROVIDERS[choice.provider].concurrency,
    parameters,
    price: priceOf(choice, options),
    mayBatch: hasBatches(choice),
    async open(notes, onNote = () => {}) {
      const { fetch, localAddress, close } = await startUp(choice, options);
      const endpoint = openClient(choice, {
        env: options.env,
        timeoutSeconds: settings.timeout,
        ...(fetch === undefined ? {} : { fetch }),
        ...(localAddress === undefined ? {} : { localAddress }),
      });
      const wire = openWire({ model: endpoint.model, parameters, notes, onNote });
      const call = openCall({ ...endpoint, parameters, notes, onNote, wire });
      return {
        call,
        address: endpoint.address,
        close() {
          wire.end();
          return close();
        },
        ...(hasBatches(choice) ? { batches: openBatches(endpoint, { wire }) } : {}),
      };
    },
  };
}

/** What has to be there before a client can be opened. */
async function startUp(
  choice: ModelChoice,
  { env, project, from = project }: ModelOptions,
): Promise<{ fetch?: typeof globalThis.fetch; localAddress?: string; close(): Promise<void> }> {
  const close = () => Promise.resolve();
  // What only they need isn't loaded for the others.
  if (choice.provider === "simulated") {
    const { simulatedFetch } = await import("./simulated/fetch.ts");
    return { fetch: simulatedFetch(choice.name), close };
  }
  if (choice.provider !== "local") return { close };
  const running = env[LOCAL_ADDRESS];
  if (running !== undefined) return { localAddress: running, close };
  const { startLocalModel } = await import("./local_model.ts");
  const server = await startLocalModel(choice.name, { env, project, from });
  return { localAddress: server.address, close: server.close };
}
