import { z } from "zod";
import { UserError } from "../error.ts";
import type { Model } from "../models/model.ts";
import type { Asked, ChatRequest, ParameterNotes, Usage } from "../models/types.ts";
import { askItems } from "../run/asking/ask.ts";
import { type Account, openAccount, type Spent } from "../run/cost/account.ts";
import { priceForLimit } from "../run/cost/budget.ts";
import type { Label, LabelsPlace } from "../run/log/labels.ts";
import type { AskingProgress } from "../run/progress.ts";
import { labelsFrom } from "./answer.ts";
import { type DrawnRow, drawRows } from "./draw.ts";
import { itemsLeft, type JudgeItem, type JudgeWork } from "./items.ts";
import { openLabelLogs, placesOf } from "./label_logs.ts";
import { readLabelled } from "./labelled.ts";
import { openPaid, type PaidLabels } from "./paid.ts";
import { questionsAskedFor, questionsOf } from "./questions.ts";
import { judgeRequests } from "./request.ts";
import type { JudgeSource } from "./source.ts";
import { type Judged, type JudgedCounts, openJudged } from "./judged.ts";

/** Who judges which rows, and who is told. */
export interface JudgeOptions {
  /** Asked at temperature 0: see `judgeModel`. */
  model: Pick<Model, "name" | "concurrency" | "price" | "open">;
  /** Only these stems; default: all but languages and those that settings say to skip. */
  attributes?: readonly string[] | undefined;
  /** Rows to judge, at least 1. Default 600. */
  sample?: number | undefined;
  /** Asks each question by a call of its own; default: all of a row by one. */
  separately?: boolean | undefined;
  /** What is known of the model's parameters; what is learned is added. */
  notes?: ParameterNotes | undefined;
  /** Calls in flight at most; default: the model's. */
  concurrency?: number | undefined;
  /** USD that the labels of all judges of these rows may cost, earlier starts included, above 0. */
  maxCost?: number | undefined;
  /** The part of a limit that the endpoint states for all that is this process's, in (0, 1]. Default 1. */
  share?: number | undefined;
  /** Minutes without any answer after which it ends, above 0. Default 5. */
  patience?: number | undefined;
  /** Goes on where labels have lines that are none. */
  skipBadLines?: boolean | undefined;
  /** Aborted: nothing more is asked, the calls in flight end. */
  signal?: AbortSignal | undefined;
  /** Aborted: the calls in flight are left too. */
  cut?: AbortSignal | undefined;
  /** Told what is going to be asked, before anything is. */
  onPlanned?: ((planned: PlannedJudging) => void | Promise<void>) | undefined;
  /** Told after each answer, and four times a second while calls are out. */
  onProgress?: ((progress: JudgeProgress) => void) | undefined;
  /** Told in words what a person should know. */
  note?: ((message: string) => void) | undefined;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: (() => number) | undefined;
}

/** How far the judging of rows is, and what it has cost. */
export interface JudgeProgress extends AskingProgress, Spent {
  counts: JudgedCounts;
  usage: Usage | null;
  maxCost?: number | undefined;
}

/** What a start came to. */
export interface JudgeSummary extends Spent {
  /** The run's name, or the file's. */
  name: string;
  /** Who judged: `judge:` and the model. */
  by: string;
  /** Ok rows that were drawn from. */
  candidates: number;
  counts: JudgedCounts;
  /** Answers that this start has kept; 0 where there was nothing to do. */
  asked: number;
  usage: Usage | null;
  /** Milliseconds that this start took. */
  ms: number;
  /** Where the labels stand. */
  places: readonly LabelsPlace[];
  /** Why it ended before all was asked; null: it didn't. */
  stopped: "interrupted" | { exitCode: 3; message: string } | null;
}

/**
 * Has a model say what texts really are, blind to what was asked for, and appends a label for each
 * question to `labels.jsonl` of the row's folder. The same call again asks what is left; a larger
 * `sample` goes on. A kill at any moment loses at most the calls in flight.
 *
 * @throws {UserError} Exit 2 where there is nothing to judge, or the labels can't be written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadConfig } from "../config/load.ts";
 * import { generate } from "../run/generate.ts";
 * import { readRun } from "../run/log/read.ts";
 * import { judge } from "./judge.ts";
 * import { judgeModel } from "./judge_model.ts";
 * import { runToJudge } from "./source.ts";
 * const output = await Deno.makeTempDir();
 * const config = await loadConfig("config");
 * const { folder } = await generate(config, { model: "simulated:faithful", output, count: 5 });
 * const source = runToJudge(await readRun(folder));
 * const { counts } = await judge(source, { model: judgeModel(source) });
 * assert(counts.rows === 5 && counts.open === 0);
 * await Deno.remove(output, { recursive: true });
 * ```
 */
export async function judge(source: JudgeSource, options: JudgeOptions): Promise<JudgeSummary> {
  const { now = Date.now, model } = options;
  const began = now();
  checkOptions(options);
  const price = options.maxCost === undefined ? null : priceForLimit(model.price);
  const planned = await planJudging(source, options);
  await options.onPlanned?.(planned);
  const { by, rows, work, candidates } = planned;
  const request = judgeRequests(source);
  const paid = openPaid();
  for (const label of planned.lines) paid.add(label);
  const account = openAccount(paid, {
    price: model.price.price,
    limit: price && {
      maxCost: options.maxCost ?? 0,
      price,
      elsewhere: null,
      firstRequests: () => [...work.first, ...work.again].map(request),
    },
  });
  const judged = openJudged({ ...planned, rows: rows.length, settled: work.settled });
  const ended = await keepAnswers(planned, { ...options, request, paid, account, judged });
  return {
    name: source.name,
    by,
    candidates,
    counts: judged.counts(),
    ...ended,
    ...account.spent(),
    usage: paid.usage(),
    ms: now() - began,
    places: placesOf(rows),
  };
}

/** What a judge is to be asked, before anything is asked. */
export interface PlannedJudging {
  /** `judge:` and the model. */
  by: string;
  rows: readonly DrawnRow[];
  /** Ok rows that they are drawn from. */
  candidates: number;
  /** What is asked of all of them, each question counted. */
  questions: number;
  work: JudgeWork;
  /** All that is said of the source's rows so far, by whomever. */
  lines: readonly Label[];
}

/** Draws the rows and sees what is left to ask. Nothing is asked and nothing written. */
export async function planJudging(
  source: JudgeSource,
  options: Pick<JudgeOptions, "attributes" | "sample" | "separately" | "skipBadLines" | "note"> & {
    model: Pick<Model, "name">;
  },
): Promise<PlannedJudging> {
  const { attributes, sample = SAMPLE, separately = false, skipBadLines, note } = options;
  const { name, config, seed } = source;
  const questions = questionsAskedFor(config, { name, attributes });
  const labelled = await readLabelled(source, { skipBadLines, warn: note });
  const drawn = await drawRows(source, {
    // The same rows whatever is asked about them, so that labels of attributes can be held together.
    questions: attributes === undefined ? questions : [...questionsOf(config), ...questions],
    labels: labelled.lines,
    size: sample,
  });
  if (drawn.candidates === 0) throw new UserError(`${name} has no ok row to judge.`);
  const by = `judge:${options.model.name}`;
  return {
    by,
    ...drawn,
    questions: drawn.rows.length * questions.length,
    work: itemsLeft(drawn.rows, { questions, seed, by, labelled, separately }),
    lines: labelled.lines,
  };
}

/** Rows to judge unless told. */
const SAMPLE = 600;

/** What answers are asked and kept with. */
interface Asking extends JudgeOptions {
  request: (item: JudgeItem) => ChatRequest;
  paid: PaidLabels;
  account: Account;
  judged: Judged;
}

/** Asks what is left, then once more what was answered by none of the answers, and keeps all. */
async function keepAnswers(
  planned: PlannedJudging,
  options: Asking,
): Promise<Pick<JudgeSummary, "asked" | "stopped">> {
  const { work, by } = planned;
  const { model, signal, cut, note = () => {}, now = Date.now, paid, judged } = options;
  if (work.first.length + work.again.length + work.raised.length === 0) {
    return { asked: 0, stopped: null };
  }
  const logs = await openLabelLogs(planned.rows, note);
  const again = [...work.again];
  let asked = 0;
  let left = work.first.length + work.again.length;

  function append(answer: Asked<JudgeItem>): Label[] {
    const at = new Date(now());
    const labels = labelsFrom(answer, { by, price: model.price.price, at });
    const { row, posed } = answer.item;
    for (const [i, label] of labels.entries()) {
      logs.append(row, label);
      paid.add(label);
      judged.add(label);
      if (label.why === "outside") again.push({ row, posed: [posed[i]!], isAgain: true });
    }
    asked += 1;
    left -= 1;
    return labels;
  }

  const told = (progress: AskingProgress) =>
    options.onProgress?.({
      ...progress,
      counts: judged.counts(),
      usage: paid.usage(),
      ...options.account.spent(),
      maxCost: options.maxCost,
    });
  const ask = (items: readonly JudgeItem[]) =>
    askItems(() => items, {
      ...options,
      log: { append, flush: logs.flush },
      learning: {
        notes: options.notes ?? { dropped: [], replaced: {} },
        keep: () => Promise.resolve(),
      },
      left: () => left,
      answeredBefore: work.settled.length + asked,
      note,
      now,
      onProgress: told,
    });
  let stopped: JudgeSummary["stopped"] = null;
  try {
    for (const { row, label } of work.raised) logs.append(row, label);
    for await (const { progress } of ask(work.first)) told(progress);
    left = again.length;
    if (!signal?.aborted && !cut?.aborted && left > 0) {
      for await (const { progress } of ask(again)) told(progress);
    }
    if ((signal?.aborted || cut?.aborted) && left > 0) stopped = "interrupted";
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 3) throw error;
    stopped = { exitCode: 3, message: error.message };
  } finally {
    options.account.close();
    await logs.close();
  }
  return { asked, stopped };
}

/** What a script asks for; the command line checks its own flags first. */
const optionsSchema = z.object({
  sample: z.int().min(1).optional(),
  concurrency: z.int().min(1).optional(),
  maxCost: z.number().positive().optional(),
  share: z.number().positive().max(1).optional(),
  patience: z.number().positive().optional(),
});

function checkOptions(options: JudgeOptions): void {
  const checked = optionsSchema.safeParse(options);
  if (checked.success) return;
  const faults = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new UserError(`judge can't take these options:\n${faults.join("\n")}`);
}
