import { configHash } from "../../config/hash.ts";
import type { Config, Sampling } from "../../config/types.ts";
import { PROMPT_VERSION } from "../../prompt/prompt.ts";
import { runName } from "./name.ts";

/** What is asked beside the config, and the run's name where it is given. */
export interface WantedRun {
  run?: string | undefined;
  seed: number;
  sampling: Sampling;
  /** `provider:name`. */
  model: string;
}

/** What a run is found and known by. */
export interface RunIdentity {
  /** As given, else made from the config's folder, seed and hash. */
  name: string;
  /** Of all that can change a text. */
  configHash: string;
}

/**
 * The name and hash of the run in which this is asked for: the same ones for every command.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadConfig } from "../../config/load.ts";
 * import { identityOf } from "./identity.ts";
 * const config = await loadConfig("config");
 * const asked = { seed: 1, sampling: "even", model: "simulated:faithful" } as const;
 * const { name, configHash } = identityOf(config, asked);
 * assert(name === `config-1-${configHash.slice(0, 6)}`);
 * assert(identityOf(config, { ...asked, run: "first" }).name === "first");
 * ```
 */
export function identityOf(config: Config, asked: WantedRun): RunIdentity {
  const { run, seed, sampling, model } = asked;
  const hash = configHash(config, { model, seed, sampling, promptVersion: PROMPT_VERSION });
  const name = run ?? runName({ folder: config.folder, seed, configHash: hash });
  return { name, configHash: hash };
}
