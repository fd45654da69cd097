import { dirname, resolve } from "node:path";
import { z } from "zod";
import { type Config, type Sampling, SAMPLINGS } from "../config/types.ts";
import { UserError } from "../error.ts";
import { noBatchesError } from "../models/batch/offered.ts";
import { chooseModel } from "../models/choice.ts";
import { readEnvironment } from "../models/endpoint/env_files.ts";
import { type Model, modelOf } from "../models/model.ts";
import type { Asked, Usage } from "../models/types.ts";
import { plan } from "../plan/plan.ts";
import { parseShard, type Shard } from "../plan/shard.ts";
import type { PlannedRow } from "../plan/types.ts";
import { PROJECT } from "../project.ts";
import { type AskingOptions, askItems } from "./asking/ask.ts";
import { recordOf } from "./asking/record.ts";
import type { BatchRun } from "./batch/run.ts";
import type { BatchLimits } from "./batch/types.ts";
import { openAccount, type SpendingLimit, type Spent } from "./cost/account.ts";
import { priceForLimit } from "./cost/budget.ts";
import { openSpentElsewhere } from "./cost/spent_elsewhere.ts";
import { rowsFromBatches } from "./log/from_batches.ts";
import { readLedger } from "./log/ledger.ts";
import { openRun, type WritableRun } from "./log/open.ts";
import { inTurn } from "./log/turn.ts";
import type { AskingProgress, GenerateProgress } from "./progress.ts";
import { rowRequests } from "./row_request.ts";
import { type Outcome, OUTCOMES, type RowCounts, type RowRecord } from "./types.ts";

/** What is asked for beside the config, from whom, and who is told. */
export interface GenerateOptions {
  /**
   * `PROVIDER:NAME`, or a model of your own; default: `PLUMBLINE_MODEL`, else `settings.model`, else
   * what the environment's keys and addresses say, else the small local model.
   */
  model?: string | Model | undefined;
  /** Rows in all; default: those of an existing run, else `settings.count`, else 20. */
  count?: number | undefined;
  /** Whether a run of more rows than `count` keeps its own instead of being refused; default false. */
  keepLarger?: boolean | undefined;
  /**
   * `i/n`: only the rows of this shard, of n, into a folder of its own in the run's. The shards may
   * be made by several processes at once; together they are the same rows as one run.
   */
  shard?: string | undefined;
  /** Default: `settings.seed`. */
  seed?: number | undefined;
  /** Default: `settings.sampling`. */
  sampling?: Sampling | undefined;
  /** The run's name; default: made from config folder, seed and what is asked. */
  run?: string | undefined;
  /** The folder of runs; a relative one counts from the project. Default `output`. */
  output?: string | undefined;
  /** Calls in flight at most; default: `settings.concurrency`, else the model's. */
  concurrency?: number | undefined;
  /** Rows that ended so are asked again. */
  retry?: readonly Outcome[] | undefined;
  /**
   * USD that the run may cost, earlier starts and other shards included, above 0: `stopped` tells
   * where it is reached. Answers whose tokens the endpoint doesn't count are taken for average ones.
   * Calls in flight count with what they are expected to cost, those of other processes when they
   * are answered.
   */
  maxCost?: number | undefined;
  /** The part of a limit that the endpoint states for all that is this process's, in (0, 1]. Default 1. */
  share?: number | undefined;
  /** Minutes without any answer after which the run ends with its rows pending, above 0. Default 5. */
  patience?: number | undefined;
  /**
   * Asks through the endpoint's Batch API: half the price, up to 24 hours. A run may be gone on with
   * either way, but not live while a batch of it is open.
   */
  batch?: boolean | undefined;
  /**
   * Asks nothing: cancels the open batches of the run, which has to be there, and collects what they
   * have answered.
   */
  cancelBatch?: boolean | undefined;
  /** How large batches are made and how long is waited between two looks at them. */
  batchLimits?: BatchLimits | undefined;
  /** Goes on where the log has lines that are no records. */
  skipBadLines?: boolean | undefined;
  /** Aborted: nothing more is asked, the calls in flight end. */
  signal?: AbortSignal | undefined;
  /** Aborted: the calls in flight are left too; their rows stay pending. */
  cut?: AbortSignal | undefined;
  /** Told about each record after it was written. */
  onRecord?: ((record: RowRecord, progress: GenerateProgress) => void) | undefined;
  /** Told before the first call, after each record, and four times a second while calls are out. */
  onProgress?: ((progress: GenerateProgress) => void) | undefined;
  /** Told in words what a person should know. */
  note?: ((message: string) => void) | undefined;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: (() => number) | undefined;
}

/** What a start of a run came to. planned = ok + refused + … + pending, always. */
export interface GenerateSummary extends Spent {
  run: string;
  /** The run's, or that of the shard. */
  folder: string;
  /** `i/n`; null: all rows. */
  shard: string | null;
  /** `provider:name`. */
  model: string;
  /** Whether it was there before. */
  existed: boolean;
  /** Rows of the whole run, or of the shard. */
  counts: RowCounts;
  /** Rows that this start has finished; 0 where there was nothing to do. */
  asked: number;
  /** Tokens of its rows, earlier starts included; null where the endpoint didn't count them. */
  usage: Usage | null;
  /** Milliseconds that this start took. */
  ms: number;
  /** Batches that are left to the endpoint, to be collected by the next start; absent: none. */
  openBatches?: string[] | undefined;
  /** Why it ended before all was asked: the signal, or a fault that stops every row. Null: it didn't. */
  stopped: "interrupted" | { exitCode: 3; message: string } | null;
}

/**
 * Asks a model for the rows of a run that have no record yet and appends a record for each. The
 * same call again finishes the run, with a larger `count` it extends it. A kill at any moment loses
 * at most the calls in flight. Memory doesn't grow with the number of rows but for one byte each.
 *
 * An endpoint that stops answering and a full disk end it early with `stopped`; the rows that
 * weren't asked stay pending.
 *
 * @throws {UserError} Exit 2 where the run can't be written, is being written by another process,
 * or was asked for otherwise. Nothing was asked then.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadConfig } from "../config/load.ts";
 * import { generate } from "./generate.ts";
 * const config = await loadConfig("config");
 * const output = await Deno.makeTempDir();
 * const { counts } = await generate(config, { model: "simulated:faithful", output, count: 3 });
 * assert(counts.planned === 3 && counts.pending === 0);
 * await Deno.remove(output, { recursive: true });
 * ```
 */
export async function generate(
  config: Config,
  options: GenerateOptions,
): Promise<GenerateSummary> {
  const { now = Date.now } = options;
  const model = typeof options.model === "object"
    ? options.model
    : chosenModel(options.model, config);
  const began = now();
  checkOptions(options);
  if (isByBatch(options) && !model.mayBatch) throw noBatchesError(model.name);
  const shard = shardAsked(options.shard);
  const seed = options.seed ?? config.settings.seed;
  // Before anything is made: a limit that can't be watched is a fault of the call.
  const limit = limitOf(model, options);
  const request = rowRequests(config, { form: model.form, seed });
  const run = await openRun(config, {
    output: resolve(PROJECT, options.output ?? "output"),
    run: options.run,
    count: options.count,
    keepLarger: options.keepLarger ?? false,
    shard,
    seed,
    sampling: options.sampling ?? config.settings.sampling,
    model: model.name,
    parameters: { ...model.parameters, max_tokens: config.settings.max_tokens ?? null },
    skipBadLines: options.skipBadLines ?? false,
    retry: new Set(options.retry),
    batching: isByBatch(options),
    cancelling: options.cancelBatch ?? false,
    note: options.note ?? (() => {}),
    now,
  });
  const rows = rowsOf(run, options);
  const account = openAccount(run.tally, {
    price: model.price.price,
    limit: limit && {
      ...limit,
      elsewhere: shard && openSpentElsewhere(dirname(run.folder), { ...limit, shard }),
      firstRequests: () => rows.all().map(request),
    },
  });
  const concurrency = options.concurrency ?? config.settings.concurrency;
  const ended = await askRows(run, { ...options, concurrency }, { model, request, rows, account });
  const { open } = await readLedger(run.folder, run.rows);
  // Rows that are asked again have an outcome already: they aren't left.
  const isLeft = ended.stopped === null && open.length > 0 && options.signal?.aborted;
  return {
    run: run.name,
    folder: run.folder,
    shard: run.manifest.shard,
    model: model.name,
    existed: run.existed,
    counts: run.tally.counts(),
    asked: ended.asked,
    ...account.spent(),
    usage: run.tally.usage(),
    ms: now() - began,
    openBatches: open.length === 0 ? undefined : open.map(({ batch, key }) => batch ?? key),
    stopped: isLeft ? "interrupted" : ended.stopped,
  };
}

/** What a run may cost; null: no limit. */
function limitOf(model: Model, options: GenerateOptions): Omit<SpendingLimit, Later> | null {
  const { maxCost } = options;
  if (maxCost === undefined) return null;
  return { maxCost, price: priceForLimit(model.price, { batch: isByBatch(options) }) };
}

/** What of a limit only an open run tells. */
type Later = "elsewhere" | "firstRequests";

/** What the rows of an open run are asked with. */
interface RowAsking extends Pick<AskingOptions<PlannedRow, RowRecord>, "request" | "account"> {
  model: Model;
  rows: RunRows;
}

/** Asks for the rows that are left, tells of each, and closes the run's log. */
async function askRows(
  run: WritableRun,
  options: GenerateOptions,
  { model, request, rows, account }: RowAsking,
): Promise<Pick<GenerateSummary, "asked" | "stopped">> {
  const { note = () => {}, now = Date.now, onRecord, onProgress } = options;
  const { concurrency, share, patience, maxCost, signal, cut } = options;
  const { planned, pending, failed } = run.tally.counts();
  let { left } = run;
  let asked = 0;

  function told(progress: AskingProgress): GenerateProgress {
    const { tally } = run;
    return {
      ...progress,
      counts: tally.counts(),
      usage: tally.usage(),
      ...account.spent(),
      maxCost,
    };
  }

  function append(answer: Asked<PlannedRow>): RowRecord {
    const at = new Date(now());
    const record = recordOf(answer, { model: model.name, price: model.price.price, at });
    run.log.append(record);
    run.tally.add(record);
    asked += 1;
    left -= 1;
    return record;
  }

  const records = askItems(rows.wanted, {
    model,
    request,
    log: { append, flush: () => run.log.flush() },
    learning: { notes: run.manifest.parameters, keep: (notes) => run.keepNotes(notes) },
    account,
    left: () => left,
    answeredBefore: planned - pending - failed,
    batch: isByBatch(options) ? batchRunOf(run, options, rows) : undefined,
    concurrency,
    share,
    patience,
    signal,
    cut,
    note,
    now,
    onProgress: (progress) => onProgress?.(told(progress)),
  });
  let stopped: GenerateSummary["stopped"] = null;
  try {
    try {
      onProgress?.(told({ asked, inFlight: 0, limited: 0 }));
      const isAsked = left > 0 && !options.cancelBatch;
      if (isAsked || (isByBatch(options) && run.openBatches > 0)) {
        for await (const { kept, progress } of records) {
          const state = told(progress);
          onRecord?.(kept, state);
          onProgress?.(state);
        }
      }
    } finally {
      account.close();
      await run.log.close();
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 3) throw error;
    stopped = { exitCode: 3, message: error.message };
  }
  if (stopped === null && left > 0 && !options.cancelBatch) {
    if (!signal?.aborted && !cut?.aborted) {
      throw new Error(`Cannot end a run with ${left} rows that were neither asked nor given up`);
    }
    stopped = "interrupted";
  }
  return { asked, stopped };
}

/** A run as those see it who ask its rows by batch. */
function batchRunOf(
  run: WritableRun,
  { maxCost, cancelBatch = false, batchLimits }: GenerateOptions,
  rows: RunRows,
): BatchRun<PlannedRow> {
  const isShared = run.manifest.shard !== null && maxCost !== undefined;
  return {
    run: run.name,
    folder: run.folder,
    rows: run.rows,
    numberOf: ({ row }) => row,
    itemOf: rows.draw,
    keptFrom: (ids) => rowsFromBatches(run.folder, ids),
    done() {
      const { planned, pending } = run.tally.counts();
      return planned - pending;
    },
    inTurn: (planning) => isShared ? inTurn(dirname(run.folder), planning) : planning(),
    cancel: cancelBatch,
    limits: batchLimits,
  };
}

function isByBatch({ batch, cancelBatch }: GenerateOptions): boolean {
  return batch === true || cancelBatch === true;
}

/** The rows of a run, drawn one by one. */
interface RunRows {
  draw(row: number): PlannedRow;
  all(): IteratorObject<PlannedRow, undefined>;
  /** Those that have no outcome yet, or one that is asked again. */
  wanted(): IteratorObject<PlannedRow, undefined>;
}

function rowsOf(run: WritableRun, { retry = [] }: GenerateOptions): RunRows {
  // The same as the config's, but where only a batch of an earlier one is ended.
  const draw = plan(run.manifest.config, run.manifest);
  function* numbers(): Generator<number, undefined> {
    for (let place = 0; place < run.rows.size; place++) yield run.rows.rowAt(place);
  }
  function isWanted(row: number): boolean {
    const outcome = run.tally.outcomeOf(row);
    return outcome === null || retry.includes(outcome);
  }
  return {
    draw,
    all: () => numbers().map(draw),
    wanted: () => numbers().filter(isWanted).map(draw),
  };
}

function shardAsked(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const shard = parseShard(text);
  if (shard !== null) return shard;
  throw new UserError(`shard ${JSON.stringify(text)}: expected i/n, from 1/n to n/n, such as 1/4.`);
}

/** What a script asks for; the command line checks its own flags first. */
const optionsSchema = z.object({
  count: z.int().min(1).optional(),
  seed: z.int().min(0).optional(),
  sampling: z.enum(SAMPLINGS).optional(),
  concurrency: z.int().min(1).optional(),
  batchLimits: z.object({
    requests: z.int().min(1).optional(),
    bytes: z.int().min(1).optional(),
  }).optional(),
  maxCost: z.number().positive().optional(),
  share: z.number().positive().max(1).optional(),
  patience: z.number().positive().optional(),
  retry: z.array(z.enum(OUTCOMES)).optional(),
});

function checkOptions(options: GenerateOptions): void {
  const checked = optionsSchema.safeParse(options);
  if (checked.success) return;
  const faults = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new UserError(`generate can't take these options:\n${faults.join("\n")}`);
}

function chosenModel(flag: string | undefined, config: Config): Model {
  const env = readEnvironment({ typedIn: PROJECT, project: PROJECT, env: Deno.env.toObject() });
  const choice = chooseModel({ flag, env, settings: config.settings });
  return modelOf(choice, { env, settings: config.settings, project: PROJECT });
}
