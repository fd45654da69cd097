import { join, resolve } from "node:path";
import { UserError } from "../../error.ts";
import { plan } from "../../plan/plan.ts";
import { type RowNumbers, shardRows, shardText } from "../../plan/shard.ts";
import type { Plan, PlannedRow } from "../../plan/types.ts";
import { PROJECT } from "../../project.ts";
import { joinParts } from "./join_parts.ts";
import { type Label, labelsPath, readLabels } from "./labels.ts";
import { MANIFEST_FILE } from "./manifest.ts";
import { resolveRun } from "./name.ts";
import { type Part, readParts } from "./parts.ts";
import { readRecords, RECORDS_FILE } from "./records.ts";
import { badLinesText, grownLength, tallyLog } from "./tally.ts";
import { pendingRows, sumOfRows } from "../row_counts.ts";
import type { RowCounts, RowRecord, RunManifest } from "../types.ts";

/** A record as readers see it. */
export interface ReadRecord extends RowRecord {
  /** The part that it stands in, where a run's parts are read together: `shard-1-of-4`. */
  part?: string;
}

/** A run as readers see it, its parts as one: what was asked, and the newest record of each row. */
export interface Run {
  name: string;
  folder: string;
  manifest: RunManifest;
  /** Rows of a shard that isn't there are pending. */
  counts: RowCounts;
  /** The record that counts of each row, in the logs' order; may be gone through again. */
  rows(): AsyncGenerator<ReadRecord, void, undefined>;
  /** What each row without a record asks for, part after part; may be gone through again. */
  pending(): Generator<PlannedRow, void, undefined>;
  /** The logs, with their lengths in bytes when the reading began; 0: there is none yet. */
  files: { path: string; bytes: number }[];
  /** What was said of its texts since, part after part. */
  labels(): Promise<Label[]>;
  /** The files that these stand in, likewise; none where nothing was said. */
  labelFiles: { path: string; bytes: number }[];
}

/** Where a run is looked for and how broken lines are met. */
export interface ReadRunOptions {
  /** The folder of runs; a relative one counts from the project. Default `output`. */
  output?: string | undefined;
  /** The folder that a relative path to a run counts from; default: the project's. */
  from?: string | undefined;
  /** Counts lines that are no records instead of stopping at the first. */
  skipBadLines?: boolean | undefined;
  /** Told about lines that were skipped and shards that are missing. */
  warn?: ((message: string) => void) | undefined;
}

/**
 * Reads a run, or a part of one alone, by name or path. It goes through the logs twice and keeps
 * five bytes a row, never a text; nothing is changed, and a run that is being written can be read:
 * rows that come in later are left out.
 *
 * @throws {UserError} Exit 2 where there is no such run, where its parts don't agree, or at a line
 * that is no record.
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
  const parts = await readParts(folder);
  if (parts.length === 0) throw new UserError(`${folder} holds no ${MANIFEST_FILE}.`);
  const { manifest, missing, missingRows } = joinParts(folder, parts);
  if (missing.length > 0) {
    const more = missing.length - LISTED;
    const listed = missing.slice(0, LISTED).map(shardText).join(", ") +
      (more > 0 ? ` and ${more} more` : "");
    options.warn?.(
      `${name}: not there yet: shard ${listed}. ${missingRows} rows of it count as pending.`,
    );
  }
  const labelPaths = parts.map((part) => labelsPath(part.folder));
  const labelFiles = await Promise.all(
    labelPaths.map(async (path) => ({ path, bytes: await bytesOf(path) })),
  );
  const logs: PartLog[] = [];
  for (const part of parts) {
    const log = await readLog(part, options);
    logs.push(log);
  }
  return {
    name,
    folder,
    manifest,
    counts: sumOfRows([pendingRows(missingRows), ...logs.map((log) => log.counts)]),
    async *rows() {
      for (const log of logs) yield* log.rows();
    },
    *pending() {
      const { config, seed, sampling, count } = manifest;
      const planned = plan(config, { seed, sampling });
      for (const log of logs) yield* log.pendingRows(planned);
      for (const shard of missing) yield* rowsOf(shardRows(count, shard), planned);
    },
    files: logs.map(({ file }) => file),
    async labels() {
      const all = await Promise.all(labelPaths.map((path) => readLabels(path, options)));
      return all.flat();
    },
    labelFiles: labelFiles.filter(({ bytes }) => bytes > 0),
  };
}

function* rowsOf({ size, rowAt }: RowNumbers, planned: Plan): Generator<PlannedRow> {
  for (let place = 0; place < size; place++) yield planned(rowAt(place));
}

/** Shards named in a warning at most. */
const LISTED = 12;

/** What one log holds. */
interface PartLog extends Pick<Run, "counts" | "rows"> {
  pendingRows(planned: Plan): Generator<PlannedRow>;
  file: Run["files"][number];
}

async function readLog(
  { name, folder, rows }: Part,
  { skipBadLines = false, warn }: ReadRunOptions,
): Promise<PartLog> {
  const path = join(folder, RECORDS_FILE);
  // Before the reading: what comes in meanwhile makes the log longer than this.
  const bytes = await bytesOf(path);
  // By a row's place: the line of its newest record, from 1; 0 is none.
  let newest = new Uint32Array(Math.min(rows.size, 1024));
  const { tally, badLines, torn } = await tallyLog(path, {
    rows,
    skipBadLines,
    onRecord({ row }, line) {
      const place = rows.placeOf(row) ?? 0;
      if (place >= newest.length) {
        const larger = new Uint32Array(grownLength(newest.length, place, rows.size));
        larger.set(newest);
        newest = larger;
      }
      newest[place] = line;
    },
  });
  if (torn > 0) warn?.(`${path}: the last line is torn (${torn} bytes) and is left out.`);
  if (badLines > 0) warn?.(`${path}: ${badLinesText(badLines)} left out.`);
  return {
    counts: tally.counts(),
    async *rows() {
      for await (const { record, line } of readRecords(path, { rows, skipBadLines })) {
        if (newest[rows.placeOf(record.row) ?? 0] !== line) continue;
        yield name === null ? record : Object.assign(record, { part: name });
      }
    },
    *pendingRows(planned) {
      for (let place = 0; place < rows.size; place++) {
        if ((newest[place] ?? 0) === 0) yield planned(rows.rowAt(place));
      }
    },
    file: { path, bytes },
  };
}

async function bytesOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
