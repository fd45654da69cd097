import type { Run } from "../../run/log/read.ts";
import type { Source } from "./rows.ts";

/**
 * The rows of a run to analyse, with the targets of its own config.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readRun } from "../../run/log/read.ts";
 * import { runSource } from "./run_source.ts";
 * const run = await readRun("metro-1-91bc04").catch(() => null);
 * if (run !== null) assert(runSource(run).name === "metro-1-91bc04");
 * ```
 */
export function runSource(run: Run): Source {
  const { config, seed, sampling } = run.manifest;
  return {
    name: run.name,
    counts: run.counts,
    rows: () => run.rows(),
    pending: () => run.pending(),
    config,
    drawn: { seed, sampling },
    labels: () => run.labels(),
    files: [...run.files, ...run.labelFiles],
  };
}
