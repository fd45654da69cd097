import { join } from "node:path";
import type { Config, Sampling } from "../../config/types.ts";
import { identityOf } from "./identity.ts";
import { readParts } from "./parts.ts";
import { RECORDS_FILE } from "./records.ts";
import { tallyLog } from "./tally.ts";
import type { Outcome } from "../types.ts";

/** What is asked for, as `generate` takes it. */
export interface Wanted {
  output: string;
  run?: string | undefined;
  count?: number | undefined;
  /** `i/n`. */
  shard?: string | undefined;
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
  const { seed = config.settings.seed, sampling = config.settings.sampling } = wanted;
  const { name, configHash } = identityOf(config, { ...wanted, seed, sampling });
  try {
    const parts = await readParts(join(wanted.output, name));
    const part = parts.find(({ manifest }) => manifest.shard === (wanted.shard ?? null));
    if (part === undefined || parts.some(({ manifest }) => manifest.configHash !== configHash)) {
      return false;
    }
    // The count of the run is that of the shard that was asked for most.
    const count = Math.max(wanted.count ?? 0, ...parts.map(({ manifest }) => manifest.count));
    if (count > part.manifest.count) return false;
    const { tally } = await tallyLog(join(part.folder, RECORDS_FILE), { rows: part.rows });
    const counts = tally.counts();
    return counts.pending === 0 && (wanted.retry ?? []).every((outcome) => counts[outcome] === 0);
  } catch {
    return false;
  }
}
