import { join } from "node:path";
import { configHash } from "../config/hash.ts";
import type { Config, Sampling } from "../config/types.ts";
import { PROMPT_VERSION } from "../prompt/prompt.ts";
import { readManifest } from "./manifest.ts";
import { runName } from "./name.ts";
import { RECORDS_FILE } from "./records.ts";
import { tallyLog } from "./tally.ts";
import type { Outcome } from "./types.ts";

/** What is asked for, as `generate` takes it. */
export interface Wanted {
  output: string;
  run?: string | undefined;
  count?: number | undefined;
  seed?: number | undefined;
  sampling?: Sampling | undefined;
  /** `provider:name`. */
  model: string;
  retry?: readonly Outcome[] | undefined;
}

/**
 * Whether `generate` would find nothing to ask: then no model has to be fetched or started. What
 * can't be told, such as a log with a broken line, is left to `generate`: false.
 */
export async function isFinished(config: Config, wanted: Wanted): Promise<boolean> {
  const { seed = config.settings.seed, sampling = config.settings.sampling, model } = wanted;
  const hash = configHash(config, { model, seed, sampling, promptVersion: PROMPT_VERSION });
  const name = wanted.run ?? runName({ folder: config.folder, seed, configHash: hash });
  const folder = join(wanted.output, name);
  try {
    const manifest = await readManifest(folder);
    if (manifest?.configHash !== hash || (wanted.count ?? 0) > manifest.count) return false;
    const { tally } = await tallyLog(join(folder, RECORDS_FILE), { planned: manifest.count });
    const counts = tally.counts();
    return counts.pending === 0 && (wanted.retry ?? []).every((outcome) => counts[outcome] === 0);
  } catch {
    return false;
  }
}
