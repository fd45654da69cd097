import { noBatchesError } from "../../models/batch/offered.ts";
import type { Model } from "../../models/model.ts";
import { askAll } from "../../models/pacing/ask.ts";
import type { Asked, ChatRequest } from "../../models/types.ts";
import { askRunInBatches, type BatchRun } from "../batch/run.ts";
import type { Account } from "../cost/account.ts";
import type { AskingProgress } from "../progress.ts";
import { type Learning, type Opened, openToAsk } from "./opening.ts";
import { type ProgressWatch, watchProgress } from "./progress.ts";

/** Where answers are kept. */
export interface AnswerLog<T, R> {
  /** Keeps what became of an item; it is told only afterwards. */
  append(asked: Asked<T>): R;
  /** Puts on the disk what was appended. */
  flush(): Promise<void>;
}

/** What items are asked with: the same for rows and for labels. */
export interface AskingOptions<T, R> {
  model: Pick<Model, "name" | "concurrency" | "open">;
  /** What is asked for an item; called once for it, just before its first call. */
  request: (item: T) => ChatRequest;
  log: AnswerLog<T, R>;
  /** What is known of the model's parameters, and what it teaches. */
  learning: Learning;
  /** What is spent, and how much may be. */
  account: Account;
  /** Items that have no outcome yet. */
  left: () => number;
  /** Items that earlier starts had answers for. */
  answeredBefore: number;
  /** Calls in flight at most; default: the model's. */
  concurrency?: number | undefined;
  /** The part of a limit that the endpoint states for all that is ours, in (0, 1]. Default 1. */
  share?: number | undefined;
  /** Minutes without any answer after which the asking ends. Default 5. */
  patience?: number | undefined;
  /** Asks through the Batch API; default: live. */
  batch?: BatchRun<T> | undefined;
  /** Aborted: nothing more is asked, the calls in flight end. */
  signal?: AbortSignal | undefined;
  /** Aborted: the calls in flight are left too; their items stay pending. */
  cut?: AbortSignal | undefined;
  /** Told in words what a person should know. */
  note: (message: string) => void;
  /** Told between answers: four times a second while calls are out, and when batches move on. */
  onProgress: (progress: AskingProgress) => void;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** What was kept of an answer, and how far the asking was then. */
export interface Kept<R> {
  kept: R;
  progress: AskingProgress;
}

/** Minutes. */
const PATIENCE = 5;

/** Milliseconds after which progress is told where nothing else tells of it. */
const TICK_MS = 250;

/**
 * Asks a model for items and yields what was kept of each answer, after it was appended to the log:
 * with pace, retries and a limit of money, live or by batch. An asking that is ended at any moment
 * loses at most the calls in flight. Nothing is held of an item that is over.
 *
 * @param items Draws the items that have no answer yet; called once, and before the first batch of a
 * run once more, for the one item that is asked live.
 * @throws {UserError} Exit 3 where no more can be asked: the endpoint refuses or is down, the money
 * is spent, or the log can't be written. What was answered is kept.
 */
export async function* askItems<T, R>(
  items: () => Iterable<T>,
  options: AskingOptions<T, R>,
): AsyncGenerator<Kept<R>, void, undefined> {
  const { model, log, onProgress } = options;
  const opened = await openToAsk(model, options);
  if (opened === null) return;
  const watch = watchProgress(options.now);
  // Where nothing comes for a while, that has to be told as well.
  const ticking = setInterval(() => onProgress(watch.now()), TICK_MS);
  try {
    for await (const asked of answersTo(items, options, { opened, watch })) {
      const kept = log.append(asked);
      watch.kept();
      await opened.keepLearned();
      yield { kept, progress: watch.now() };
    }
  } finally {
    clearInterval(ticking);
    await opened.close();
  }
}

function answersTo<T, R>(
  items: () => Iterable<T>,
  options: AskingOptions<T, R>,
  { opened, watch }: { opened: Opened; watch: ProgressWatch },
): AsyncIterable<Asked<T>> {
  const { account, batch, log, note, signal, cut } = options;
  const live = liveAsking(options, { opened, watch });
  if (batch === undefined) return live(items());
  if (opened.batches === undefined) throw noBatchesError(options.model.name);
  return askRunInBatches(batch, {
    batches: opened.batches,
    wanted: items(),
    request: options.request,
    askLive: () => live(Iterator.from(items()).take(1)),
    openBudget: () => account.openBudget("batch"),
    pending: options.left,
    async settle() {
      await opened.keepLearned();
      await log.flush();
    },
    stops: { signal, cut },
    note,
    now: options.now,
    onProgress(progress) {
      watch.batches(progress);
      options.onProgress(watch.now());
    },
  });
}

/** Makes the function that asks items by live calls, all within one budget. */
function liveAsking<T, R>(
  options: AskingOptions<T, R>,
  { opened, watch }: { opened: Opened; watch: ProgressWatch },
): (items: Iterable<T>) => AsyncIterable<Asked<T>> {
  const { model, left } = options;
  const budget = options.account.openBudget("live");
  return (items) =>
    askAll(items, {
      request: options.request,
      async call(request, callOptions) {
        const answer = await watch.call(opened.call(request, callOptions));
        if ("reply" in answer) budget?.add(answer.reply.usage);
        return answer;
      },
      address: opened.address,
      concurrency: options.concurrency ?? model.concurrency,
      limit: budget === null
        ? undefined
        : { admits: budget.admits, reached: () => budget.reached(left()) },
      share: options.share ?? 1,
      answeredBefore: options.answeredBefore,
      onHeld: watch.held,
      patienceMs: (options.patience ?? PATIENCE) * 60_000,
      note: options.note,
      signal: options.signal,
      cut: options.cut,
    });
}
