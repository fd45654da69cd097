import { join } from "node:path";
import type { Config, Sampling } from "../../config/types.ts";
import { UserError } from "../../error.ts";
import type { ParameterNotes } from "../../models/types.ts";
import { type RowNumbers, type Shard, shardRows, shardText } from "../../plan/shard.ts";
import { PROMPT_VERSION } from "../../prompt/prompt.ts";
import { counted } from "../../text/numbers.ts";
import { VERSION } from "../../version.ts";
import { readLedger } from "./ledger.ts";
import { differences } from "./differences.ts";
import { openLog, type RecordLog } from "./log.ts";
import { readManifest, writeManifest } from "./manifest.ts";
import { identityOf } from "./identity.ts";
import { checkRunName } from "./name.ts";
import { checkDivision, checkNoRecords, readParts, shardFolder } from "./parts.ts";
import { RECORDS_FILE } from "./records.ts";
import { badLinesText, type Tally, tallyLog } from "./tally.ts";
import type { Outcome, RunManifest } from "../types.ts";
import { runsWithOpenBatches, unfinishedRuns } from "./unfinished.ts";

/** Rows of a new run where nothing says how many. */
const DEFAULT_COUNT = 20;

/** What a run is opened with. */
export interface OpenRunOptions {
  /** The folder of runs. */
  output: string;
  /** The run's name; default: made from config folder, seed and hash. */
  run?: string | undefined;
  /** Rows of the whole run; default: those of an existing one, else `settings.count`, else 20. */
  count?: number | undefined;
  /** Whether a run of more rows than `count` keeps its own instead of being refused. */
  keepLarger: boolean;
  /** Null: all rows. */
  shard: Shard | null;
  seed: number;
  sampling: Sampling;
  /** `provider:name`. */
  model: string;
  parameters: Omit<RunManifest["parameters"], keyof ParameterNotes>;
  skipBadLines: boolean;
  /** Rows that ended so are to be asked again. */
  retry: ReadonlySet<Outcome>;
  /** Whether rows are asked, or collected, by batch: live calls aren't made beside open batches. */
  batching: boolean;
  /**
   * Whether its open batches are ended and nothing is asked: it has to be there, and goes by what it
   * was asked with, whatever the config says by now.
   */
  cancelling: boolean;
  note: (message: string) => void;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** A run, or a shard of one, that this process alone may write. */
export interface WritableRun {
  name: string;
  /** The shard's own where there is one. */
  folder: string;
  manifest: RunManifest;
  rows: RowNumbers;
  /** Whether it was there before. */
  existed: boolean;
  /** Rows that are to be asked. */
  left: number;
  /** Batches of it that are open at the endpoint. */
  openBatches: number;
  log: RecordLog;
  tally: Tally;
  /** Replaces the notes on parameters in `run.json`. */
  keepNotes(notes: ParameterNotes): Promise<void>;
}

/**
 * Opens a new run or goes on with the one of that name: locks it, mends its log, checks that it
 * asks for the same, extends it where more rows are wanted, and tallies what is there. A shard has
 * a folder of its own in the run's, so that other processes may write the others meanwhile. The
 * caller closes the log.
 *
 * @throws {UserError} Exit 2 where the run can't be written, asks for something else or for more
 * rows than `count`, is divided otherwise, has rows for live calls while a batch of it is open, or
 * where its log has a line that is no record. The run is as it was then.
 */
export async function openRun(config: Config, options: OpenRunOptions): Promise<WritableRun> {
  const { shard } = options;
  if (options.run !== undefined) checkRunName(options.run);
  const { name, configHash } = identityOf(config, options);
  const runFolder = join(options.output, name);
  const parts = await readParts(runFolder);
  checkDivision(parts, { run: name, shard });
  if (shard !== null) await checkNoRecords(runFolder);
  const folder = shard === null ? runFolder : join(runFolder, shardFolder(shard));
  if (options.cancelling && !parts.some((part) => part.folder === folder)) {
    throw await noRunError(name, { output: options.output, configFolder: config.folder, shard });
  }
  await makeFolder(folder);
  const log = await openLog(folder);
  try {
    // What this folder said before it was locked may be old.
    const others = parts.filter((part) => part.folder !== folder).map(({ manifest }) => manifest);
    return await openLocked(log, options, { config, configHash, name, folder, others });
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** A run's folder, of which this process alone is the writer now. */
interface LockedFolder {
  config: Config;
  configHash: string;
  name: string;
  folder: string;
  /** The run's other shards. */
  others: RunManifest[];
}

async function openLocked(
  log: RecordLog,
  options: OpenRunOptions,
  { config, configHash, name, folder, others }: LockedFolder,
): Promise<WritableRun> {
  const { shard, note } = options;
  const path = join(folder, RECORDS_FILE);
  if (log.cut > 0) note(`${path}: a torn last line (${log.cut} bytes) was cut off.`);
  const before = await readManifest(folder);
  if (before === null) await checkNoRecords(folder);
  const known = before === null ? others : [...others, before];
  const wanted = wantedManifest(config, options, { configHash, known });
  if (!options.cancelling) {
    for (const each of known) {
      const { open } = await readLedger(folder, shardRows(each.count, shard));
      checkSame(name, each, { wanted, openBatches: open.length });
    }
  }
  if (known.length === 0) {
    await tellUnfinished(options.output, { except: name, configFolder: config.folder, note });
  }
  let manifest = before === null ? wanted : { ...before, count: wanted.count };
  const rows = shardRows(manifest.count, shard);
  const { tally, badLines } = await tallyLog(path, { rows, skipBadLines: options.skipBadLines });
  if (badLines > 0) note(`${path}: ${badLinesText(badLines)} left out.`);
  const counts = tally.counts();
  let left = counts.pending;
  for (const outcome of options.retry) left += counts[outcome];
  const { open } = await readLedger(folder, rows);
  if (open.length > 0 && left > 0 && !options.batching) throw openBatchesError(name, open);
  if (manifest.count !== before?.count) await writeManifest(folder, manifest);
  return {
    name,
    folder,
    manifest,
    rows,
    existed: before !== null,
    left,
    openBatches: open.length,
    log,
    tally,
    async keepNotes({ dropped, replaced }) {
      manifest = { ...manifest, parameters: { ...manifest.parameters, dropped, replaced } };
      await writeManifest(folder, manifest);
    },
  };
}

/** What is asked for, of as many rows as the run has where nothing else is said. */
function wantedManifest(
  config: Config,
  options: OpenRunOptions,
  { configHash, known }: { configHash: string; known: readonly RunManifest[] },
): RunManifest {
  const { seed, sampling, shard, model } = options;
  return {
    config,
    configHash,
    seed,
    sampling,
    count: wantedCount(options, { known, fallback: config.settings.count ?? DEFAULT_COUNT }),
    shard: shard === null ? null : shardText(shard),
    model,
    parameters: { ...options.parameters, dropped: [], replaced: {} },
    versions: { plumbline: VERSION, deno: Deno.version.deno, prompt: PROMPT_VERSION },
    createdAt: new Date(options.now()).toISOString(),
  };
}

function wantedCount(
  { count, keepLarger, cancelling }: OpenRunOptions,
  { known, fallback }: { known: readonly RunManifest[]; fallback: number },
): number {
  // The run has as many rows as the shard that was asked for most.
  const largest = known.length === 0 ? undefined : Math.max(...known.map((each) => each.count));
  const keeps = cancelling || keepLarger && (largest ?? 0) > (count ?? 0);
  return (keeps ? largest : undefined) ?? count ?? largest ?? fallback;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      `${folder} can't be made: ${why}.\nChoose another folder of runs with --output.`,
      { cause },
    );
  }
}

function checkSame(
  name: string,
  before: RunManifest,
  { wanted, openBatches }: { wanted: RunManifest; openBatches: number },
): void {
  const lines = differences(before, wanted);
  if (lines.length > 0) {
    throw new UserError(
      `The run ${name} was asked for otherwise:\n` + lines.map((line) => `  ${line}\n`).join("") +
        "One run can't hold both. Leave --run out or give another name for a run of its own, " +
        "or put back what it was asked with to go on with it." +
        (openBatches === 0
          ? ""
          : `\nIt has ${
            counted(openBatches, "batch", "batches")
          } open at the endpoint. To end that ` +
            `and keep what is answered, as it was asked: --run ${name} --cancel-batch.`),
    );
  }
  if (wanted.count < before.count) {
    throw new UserError(
      `The run ${name} has ${before.count} rows planned; --count ${wanted.count} is fewer.\n` +
        "Leave --count out to finish it, or give another name with --run for a run of its own.",
    );
  }
}

function openBatchesError(run: string, open: readonly { batch: string | null }[]): UserError {
  const batches = counted(open.length, "batch", "batches");
  const where = open.some(({ batch }) => batch !== null)
    ? "open at the endpoint"
    : "that may have been submitted";
  return new UserError(
    `The run ${run} has ${batches} ${where}: asked live, ` +
      "their rows would be paid twice. Nothing was asked.\nTo wait for them and collect: the same " +
      "command with --batch. To cancel them and keep what they have answered: --cancel-batch.",
  );
}

async function noRunError(
  run: string,
  { output, configFolder, shard }: { output: string; configFolder: string; shard: Shard | null },
): Promise<UserError> {
  const open = await runsWithOpenBatches(output, configFolder);
  const what = shard === null ? `run ${run}` : `shard ${shardText(shard)} of a run ${run}`;
  return new UserError(
    `There is no ${what} in ${output}, so it has no batch to cancel. Nothing was made.\n` +
      (open.length === 0
        ? "No run of the same config folder there has a batch open."
        : `Of the same config folder there are batches open in: ${
          open.join(", ")
        }. Give what that ` +
          "run was made with: model, seed, --run, --shard."),
  );
}

async function tellUnfinished(
  output: string,
  { except, configFolder, note }: {
    except: string;
    configFolder: string;
    note: (message: string) => void;
  },
): Promise<void> {
  const open = (await runsWithOpenBatches(output, configFolder))
    .filter((name) => name !== except && !name.startsWith(`${except} (`));
  if (open.length > 0) {
    note(
      `Batches are open at the endpoint, to be paid as well, of: ${
        open.join(", ")
      }. To end one and ` +
        "keep what it has answered: --run NAME --cancel-batch.",
    );
  }
  // The other shards of this run may have been started meanwhile.
  const runs = (await unfinishedRuns(output, configFolder)).filter(({ name }) => name !== except);
  if (runs.length === 0) return;
  const names = runs.map(({ name, done, planned }) => `${name} (${done} of ${planned} rows)`);
  note(`This is a new run; of the same config folder there is unfinished: ${names.join(", ")}.`);
}
