import { join } from "node:path";
import { shardText } from "../../plan/shard.ts";
import { readLedger } from "./ledger.ts";
import { listRuns } from "./name.ts";
import { readParts } from "./parts.ts";
import { RECORDS_FILE } from "./records.ts";

/** A run that has rows pending. */
export interface UnfinishedRun {
  name: string;
  /** Rows that were asked for. */
  planned: number;
  /** Rows that have a record. */
  done: number;
}

/**
 * The runs of one config folder that have rows pending, by name. It counts lines and parses none,
 * so a run with rows that were asked twice may be missed.
 *
 * @param output The folder of runs.
 * @param configFolder As `Config` names it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { unfinishedRuns } from "./unfinished.ts";
 * assert((await unfinishedRuns("no/such/folder", "config")).length === 0);
 * ```
 */
export async function unfinishedRuns(
  output: string,
  configFolder: string,
): Promise<UnfinishedRun[]> {
  const unfinished: UnfinishedRun[] = [];
  for (const name of await listRuns(output)) {
    // A run that can't be understood is told to those who ask for it.
    const parts = await readParts(join(output, name)).catch(() => []);
    if (parts[0]?.manifest.config.folder !== configFolder) continue;
    // The rows of shards that aren't there yet are planned as well.
    const planned = parts[0].name === null ? parts[0].rows.size : parts[0].manifest.count;
    let done = 0;
    for (const { folder, rows } of parts) {
      done += Math.min(rows.size, await countLines(join(folder, RECORDS_FILE), rows.size));
    }
    if (done > 0 && done < planned) unfinished.push({ name, planned, done });
  }
  return unfinished;
}

/**
 * The runs of one config folder that have a batch open at the endpoint, by name; a shard's as
 * `NAME (shard 2/4)`. What can't be read is left out.
 *
 * @param output The folder of runs.
 * @param configFolder As `Config` names it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { runsWithOpenBatches } from "./unfinished.ts";
 * assert((await runsWithOpenBatches("no/such/folder", "config")).length === 0);
 * ```
 */
export async function runsWithOpenBatches(
  output: string,
  configFolder: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const name of await listRuns(output)) {
    for (const part of await readParts(join(output, name)).catch(() => [])) {
      if (part.manifest.config.folder !== configFolder) continue;
      const ledger = await readLedger(part.folder, part.rows).catch(() => null);
      if (ledger === null || ledger.open.length === 0) continue;
      found.push(part.shard === null ? name : `${name} (shard ${shardText(part.shard)})`);
    }
  }
  return found;
}

const LINE_FEED = 10;

/** Line ends in a file, counted no further than `enough`. */
async function countLines(path: string, enough: number): Promise<number> {
  let lines = 0;
  try {
    using file = await Deno.open(path, { read: true });
    const chunk = new Uint8Array(256 * 1024);
    for (let read = await file.read(chunk); read !== null; read = await file.read(chunk)) {
      const bytes = chunk.subarray(0, read);
      for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
        lines += 1;
      }
      if (lines >= enough) return lines;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return lines;
}
