import { dirname, resolve } from "node:path";
import { z } from "zod";
import type { Config, Price, Sampling } from "../config/types.ts";
import { UserError } from "../error.ts";
import { askAll } from "../models/pacing/ask.ts";
import { noBatchesError } from "../models/batch/offered.ts";
import { chooseModel } from "../models/choice.ts";
import { readEnvironment } from "../models/endpoint/env_files.ts";
import { type Model, modelOf, type OpenModel } from "../models/model.ts";
import { maxTokensFor } from "../models/endpoint/parameters.ts";
import { costOf } from "../models/cost/prices.ts";
import type { Call, ChatRequest, ParameterNotes } from "../models/types.ts";
import { plan } from "../plan/plan.ts";
import { rowSeed } from "../plan/row_seed.ts";
import { parseShard, type Shard } from "../plan/shard.ts";
import type { PlannedRow } from "../plan/types.ts";
import { prompter, stopTexts } from "../prompt/prompt.ts";
import { PROJECT } from "../project.ts";
import type { BatchLimits } from "./batch/types.ts";
import { readLedger } from "./log/ledger.ts";
import { askRunInBatches } from "./batch/run.ts";
import { type Budget, openBudget, priceForLimit, roughTokens } from "./cost/budget.ts";
import { openRun } from "./log/open.ts";
import { recordOf } from "./log/record.ts";
import type { BatchProgress, GenerateProgress } from "./progress.ts";
import { openSpentElsewhere } from "./cost/spent_elsewhere.ts";
import { inTurn } from "./log/turn.ts";
import { type Outcome, OUTCOMES, type RowCounts, type RowRecord } from "./types.ts";

/** What is asked for beside the config, from whom, and who is told. */
export interface GenerateOptions {
  /**
   * `PROVIDER:NAME`, or a model of your own; default: `PLUMBLINE_MODEL`, else `settings.model`, else
   * what the environment's keys and addresses say, else the small local model.
   */
  model?: string | Model;
  /** Rows in all; default: those of an existing run, else `settings.count`, else 20. */
  count?: number;
  /** Whether a run of more rows than `count` keeps its own instead of being refused; default false. */
  keepLarger?: boolean;
  /**
   * `i/n`: only the rows of this shard, of n, into a folder of its own in the run's. The shards may
   * be made by several processes at once; together they are the same rows as one run.
   */
  shard?: string;
  /** Default: `settings.seed`. */
  seed?: number;
  /** Default: `settings.sampling`. */
  sampling?: Sampling;
  /** The run's name; default: made from config folder, seed and what is asked. */
  run?: string;
  /** The folder of runs; a relative one counts from the project. Default `output`. */
  output?: string;
  /** Calls in flight at most; default: `settings.concurrency`, else the model's. */
  concurrency?: number;
  /** Rows that ended so are asked again. */
  retry?: readonly Outcome[];
  /**
   * USD that the run may cost, earlier starts and other shards included, above 0: `stopped` tells
   * where it is reached. Answers whose tokens the endpoint doesn't count are taken for average ones. Calls in flight count with what they are expected to cost, those of other
   * processes when they are answered.
   */
  maxCost?: number;
  /** The part of a limit that the endpoint states for all that is this process's, in (0, 1]. Default 1. */
  share?: number;
  /**
   * Asks through the endpoint's Batch API: half the price, up to 24 hours. A run may be gone on with
   * either way, but not live while a batch of it is open.
   */
  batch?: boolean;
  /**
   * Asks nothing: cancels the open batches of the run, which has to be there, and collects what they
   * have answered.
   */
  cancelBatch?: boolean;
  /** How large batches are made and how long is waited between two looks at them. */
  batchLimits?: BatchLimits;
  /** Goes on where the log has lines that are no records. */
  skipBadLines?: boolean;
  /** Aborted: nothing more is asked, the calls in flight end. */
  signal?: AbortSignal;
  /** Aborted: the calls in flight are left too; their rows stay pending. */
  cut?: AbortSignal;
  /** Told about each record after it was written. */
  onRecord?: (record: RowRecord, progress: GenerateProgress) => void;
  /** Told before the first call, after each record, and four times a second while calls are out. */
  onProgress?: (progress: GenerateProgress) => void;
  /** Told in words what a person should know. */
  note?: (message: string) => void;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: () => number;
}

/** Milliseconds after which progress is told where nothing else tells of it. */
const TICK_MS = 250;

/** A limit that holds all calls for less than so many milliseconds isn't told. */
const LONG_HOLD_MS = 2000;

/** Tokens of a row are guessed from so many requests where the endpoint has counted none. */
const ROUGH_ROWS = 20;

/** What a start of a run came to. planned = ok + refused + … + pending, always. */
export interface GenerateSummary {
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
  /** USD for those rows, earlier starts included; null where the price isn't known. */
  cost: number | null;
  /**
   * USD that answers are taken to have cost besides whose tokens the endpoint didn't count; absent
   * where there are none or no `maxCost` counts them.
   */
  costAssumed?: number;
  /** USD that the run's other shards had cost; absent where no `maxCost` counts them. */
  costElsewhere?: number;
  /** Tokens of those rows, likewise; null where the endpoint didn't count them. */
  usage: { input: number; output: number } | null;
  /** Milliseconds that this start took. */
  ms: number;
  /** Batches that are left to the endpoint, to be collected by the next start; absent: none. */
  openBatches?: string[];
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
  const { now = Date.now, note = () => {} } = options;
  const model = typeof options.model === "object"
    ? options.model
    : chosenModel(options.model, config);
  const began = now();
  checkOptions(options);
  const batching = options.batch === true || options.cancelBatch === true;
  if (batching && !model.mayBatch) throw noBatchesError(model.name);
  const { price } = model.price;
  // Before anything is made: a limit that can't be watched is a fault of the call.
  const limitPrice = options.maxCost === undefined
    ? null
    : priceForLimit(model.price, { batch: batching });
  const seed = options.seed ?? config.settings.seed;
  const sampling = options.sampling ?? config.settings.sampling;
  const retry = new Set<Outcome>(options.retry ?? []);
  let asked = 0;
  let inFlight = 0;
  let limited = 0;
  let heldUntil: number | null = null;
  let batchProgress: BatchProgress | null = null;

  const run = await openRun(config, {
    output: resolve(PROJECT, options.output ?? "output"),
    ...(options.run === undefined ? {} : { run: options.run }),
    ...(options.count === undefined ? {} : { count: options.count }),
    keepLarger: options.keepLarger ?? false,
    shard: shardAsked(options.shard),
    seed,
    sampling,
    model: model.name,
    parameters: { ...model.parameters, max_tokens: config.settings.max_tokens ?? null },
    skipBadLines: options.skipBadLines ?? false,
    retry,
    batching,
    cancelling: options.cancelBatch ?? false,
    note,
    now,
  });

  let { left } = run;

  const shard = shardAsked(options.shard);
  const elsewhere = limitPrice === null || options.maxCost === undefined || shard === null
    ? null
    : openSpentElsewhere(dirname(run.folder), {
      shard,
      price: limitPrice,
      maxCost: options.maxCost,
    });

  function costNow(): number | null {
    return run.tally.cost(price);
  }

  function progressNow(): GenerateProgress {
    return {
      counts: run.tally.counts(),
      asked,
      inFlight,
      limited,
      ...(heldUntil === null ? {} : { heldUntil }),
      usage: run.tally.usage(),
      cost: costNow(),
      ...costAssumed(),
      ...(options.maxCost === undefined ? {} : { maxCost: options.maxCost }),
      ...(batchProgress === null || batchProgress.open === 0 ? {} : { batches: batchProgress }),
      ...costElsewhere(),
    };
  }

  function costElsewhere(): { costElsewhere?: number } {
    return elsewhere === null ? {} : { costElsewhere: elsewhere.usd(costNow() ?? 0) };
  }

  /** What is known of the tokens of an answer that wasn't counted; null until anything is asked. */
  let assumed: { input: number; output: number } | null = null;

  function costAssumed(): { costAssumed?: number } {
    const { live, batch } = run.tally.uncounted();
    if (limitPrice === null || live + batch === 0) return {};
    const usd = live * (costOf(assumed, limitPrice) ?? 0) +
      batch * (costOf(assumed, limitPrice, { batch: true }) ?? 0);
    return usd === 0 ? {} : { costAssumed: usd };
  }

  // The same as the config's, but where only a batch of an earlier one is ended.
  const draw = plan(run.manifest.config, run.manifest);

  // What is asked is drawn row by row; nothing is kept of a row that is over.
  function* wantedRows(): Generator<PlannedRow> {
    for (let place = 0; place < run.rows.size; place++) {
      const row = run.rows.rowAt(place);
      const outcome = run.tally.outcomeOf(row);
      if (outcome !== null && !retry.has(outcome)) continue;
      yield draw(row);
    }
  }

  /** Of the run's first rows, whatever became of them: each start has to assume the same. */
  function roughMean(requestOf: (row: PlannedRow) => ChatRequest) {
    const rows = Math.min(ROUGH_ROWS, run.rows.size);
    const sum = { input: 0, output: 0 };
    for (let place = 0; place < rows; place++) {
      const { input, output } = roughTokens(requestOf(draw(run.rows.rowAt(place))));
      sum.input += input / rows;
      sum.output += output / rows;
    }
    return sum;
  }

  /**
   * What rows of this run have cost tells what the next ones will, and what those have whose tokens
   * the endpoint didn't count; else its first requests do.
   */
  function openRunBudget(
    limitPrice: Price,
    requestOf: (row: PlannedRow) => ChatRequest,
  ): Budget {
    const usage = run.tally.usage();
    const counted = run.tally.counted();
    assumed = usage === null
      ? elsewhere?.tokens() ?? roughMean(requestOf)
      : { input: usage.input / counted, output: usage.output / counted };
    return openBudget({
      maxCost: options.maxCost ?? Infinity,
      spent: (costNow() ?? 0) + (costAssumed().costAssumed ?? 0),
      price: limitPrice,
      ...(elsewhere === null ? {} : {
        elsewhere: elsewhere.usd,
        // A live call costs what two by batch do.
        outElsewhere: () => elsewhere.rowsOut() / (limitPrice === price ? 2 : 1),
      }),
      expected: assumed,
    });
  }

  async function askWanted(): Promise<void> {
    const messagesOf = prompter(config, { form: model.form, seed });
    const stop = stopTexts(config, model.form);
    const { dropped, replaced } = run.manifest.parameters;
    const notes: ParameterNotes = { dropped: [...dropped], replaced: { ...replaced } };
    let learned = false;
    const opened = await unlessStopped(
      model.open(notes, (said) => {
        learned = true;
        note(`${model.name} ${said}`);
      }),
      options.signal,
    );
    if (opened === null) return;
    const requestOf = (row: PlannedRow): ChatRequest => ({
      messages: messagesOf(row),
      seed: rowSeed(seed, row.row),
      maxTokens: maxTokensFor(row.requestedWords, config.settings),
      ...(stop === null ? {} : { stop }),
    });
    const budget = limitPrice === null ? null : openRunBudget(limitPrice, requestOf);
    const call: Call = async (request, callOptions) => {
      inFlight += 1;
      try {
        const answer = await opened.call(request, callOptions);
        if ("reply" in answer) budget?.add(answer.reply.usage);
        else if (answer.fault.kind === "limited") limited += 1;
        return answer;
      } finally {
        inFlight -= 1;
      }
    };
    const { planned, pending, failed } = run.tally.counts();
    const answeredBefore = planned - pending - failed;
    const askLive = (rows: Iterable<PlannedRow>) =>
      askAll(rows, {
        request: requestOf,
        call,
        address: opened.address,
        concurrency: options.concurrency ?? config.settings.concurrency ?? model.concurrency,
        ...(budget === null
          ? {}
          : { limit: { admits: budget.admits, reached: () => budget.reached(left) } }),
        ...(options.share === undefined ? {} : { share: options.share }),
        answeredBefore,
        onHeld(milliseconds) {
          heldUntil = milliseconds < LONG_HOLD_MS ? null : now() + milliseconds;
        },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.cut === undefined ? {} : { cut: options.cut }),
      });
    const keepLearned = async () => {
      if (!learned) return;
      learned = false;
      // What can't be kept is learned again at the next start.
      await run.keepNotes(notes).catch(() => {});
    };
    const answers = batching
      ? askRunInBatches(run, {
        batches: opened.batches ?? raise(noBatchesError(model.name)),
        wanted: wantedRows(),
        numberOf: ({ row }) => row,
        itemOf: draw,
        request: requestOf,
        askLive: () => askLive(wantedRows().take(1)),
        openBudget: () =>
          limitPrice === null ? null : openRunBudget(limitPrice.batch ?? limitPrice, requestOf),
        pending: () => left,
        inTurn: (planning) =>
          elsewhere === null ? planning() : inTurn(dirname(run.folder), planning),
        settle: keepLearned,
        cancel: options.cancelBatch ?? false,
        limits: options.batchLimits ?? {},
        stops: [options.signal, options.cut],
        note,
        now,
        onProgress(progress) {
          batchProgress = progress;
          heldUntil = progress.heldUntil ?? null;
          options.onProgress?.(progressNow());
        },
      })
      : askLive(wantedRows());
    // Where nothing comes for a while, that has to be told as well.
    const ticking = setInterval(() => options.onProgress?.(progressNow()), TICK_MS);
    try {
      for await (const answer of answers) {
        const record = recordOf(answer, { model: model.name, price, at: new Date(now()) });
        run.log.append(record);
        run.tally.add(record);
        asked += 1;
        left -= 1;
        await keepLearned();
        const progress = progressNow();
        options.onRecord?.(record, progress);
        options.onProgress?.(progress);
      }
    } finally {
      clearInterval(ticking);
      await opened.close();
    }
  }

  let stopped: GenerateSummary["stopped"] = null;
  let spentElsewhere = costElsewhere();
  try {
    try {
      options.onProgress?.(progressNow());
      const isAsked = left > 0 && !options.cancelBatch;
      if (isAsked || (batching && run.openBatches > 0)) await askWanted();
      spentElsewhere = costElsewhere();
    } finally {
      elsewhere?.close();
      await run.log.close();
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 3) throw error;
    stopped = { exitCode: 3, message: error.message };
  }
  if (stopped === null && left > 0 && !options.cancelBatch) {
    if (!options.signal?.aborted && !options.cut?.aborted) {
      throw new Error(`Cannot end a run with ${left} rows that were neither asked nor given up`);
    }
    stopped = "interrupted";
  }

  const { open } = await readLedger(run.folder, run.rows);
  // Rows that are asked again have an outcome already: left doesn't count them.
  if (stopped === null && open.length > 0 && options.signal?.aborted) stopped = "interrupted";
  return {
    run: run.name,
    folder: run.folder,
    shard: run.manifest.shard,
    model: model.name,
    existed: run.existed,
    counts: run.tally.counts(),
    asked,
    cost: costNow(),
    ...costAssumed(),
    ...spentElsewhere,
    usage: run.tally.usage(),
    ms: now() - began,
    ...(open.length === 0 ? {} : { openBatches: open.map(({ batch, key }) => batch ?? key) }),
    stopped,
  };
}

function raise(error: Error): never {
  throw error;
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
  sampling: z.enum(["even", "independent"]).optional(),
  concurrency: z.int().min(1).optional(),
  batchLimits: z.object({
    requests: z.int().min(1).optional(),
    bytes: z.int().min(1).optional(),
  }).optional(),
  maxCost: z.number().positive().optional(),
  share: z.number().positive().max(1).optional(),
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

/** A local model may take minutes to fetch; a stop doesn't wait for it. Null: stopped. */
async function unlessStopped(
  opening: Promise<OpenModel>,
  signal: AbortSignal | undefined,
): Promise<OpenModel | null> {
  if (signal === undefined) return await opening;
  const given = Promise.withResolvers<null>();
  const stop = () => given.resolve(null);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const opened = await Promise.race([opening, given.promise]);
  signal.removeEventListener("abort", stop);
  if (opened === null) opening.then((late) => late.close(), () => {});
  return opened;
}
