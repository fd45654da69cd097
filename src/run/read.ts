import { join, resolve } from "node:path";
import { UserError } from "../error.ts";
import { PROJECT } from "../project.ts";
import { MANIFEST_FILE, readManifest } from "./manifest.ts";
import { resolveRun } from "./name.ts";
import { readRecords, RECORDS_FILE } from "./records.ts";
import { badLinesText, grownLength, tallyLog } from "./tally.ts";
import type { RowCounts, RowRecord, RunManifest } from "./types.ts";

/** A run as readers see it: what was asked, and the newest record of each row. */
export interface Run {
  name: string;
  folder: string;
  manifest: RunManifest;
  counts: RowCounts;
  /** The record that counts of each row, in the log's order; may be gone through again. */
  rows(): AsyncGenerator<RowRecord, void, undefined>;
}

/** Where a run is looked for and how broken lines are met. */
export interface ReadRunOptions {
  /** The folder of runs; a relative one counts from the project. Default `output`. */
  output?: string;
  /** The folder that a relative path to a run counts from; default: the project's. */
  from?: string;
  /** Counts lines that are no records instead of stopping at the first. */
  skipBadLines?: boolean;
  /** Told about lines that were skipped. */
  warn?: (message: string) => void;
}

/**
 * Reads a run by name or path. It goes through the log twice and keeps five bytes a row, never a
 * text; nothing is changed, and a run that is being written can be read: rows that come in later
 * are left out.
 *
 * @throws {UserError} Exit 2 where there is no such run, or at a line that is no record.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readRun } from "./read.ts";
 * const run = await readRun("metro-1-91bc04").catch(() => null);
 * if (run !== null) {
 *   for await (const record of run.rows()) assert(record.row < run.counts.planned);
 * }
 * ```
 */
export async function readRun(run: string, options: ReadRunOptions = {}): Promise<Run> {
  const { name, folder } = await resolveRun(run, {
    output: resolve(PROJECT, options.output ?? "output"),
    from: options.from ?? PROJECT,
  });
  const manifest = await readManifest(folder);
  if (manifest === null) throw new UserError(`${folder} holds no ${MANIFEST_FILE}.`);
  const path = join(folder, RECORDS_FILE);
  const planned = manifest.count;
  const skipBadLines = options.skipBadLines ?? false;

  // The line of each row's newest record, from 1; 0 is none.
  let newest = new Uint32Array(Math.min(planned, 1024));
  const { tally, badLines, torn } = await tallyLog(path, {
    planned,
    skipBadLines,
    onRecord({ row }, line) {
      if (row >= newest.length) {
        const larger = new Uint32Array(grownLength(newest.length, row, planned));
        larger.set(newest);
        newest = larger;
      }
      newest[row] = line;
    },
  });
  if (torn > 0) options.warn?.(`${path}: the last line is torn (${torn} bytes) and is left out.`);
  if (badLines > 0) options.warn?.(`${path}: ${badLinesText(badLines)} left out.`);

  return {
    name,
    folder,
    manifest,
    counts: tally.counts(),
    async *rows() {
      for await (const { record, line } of readRecords(path, { count: planned, skipBadLines })) {
        if (newest[record.row] === line) yield record;
      }
    },
  };
}
