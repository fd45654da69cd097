import type { ChatRequest, Fault, Reply } from "../types.ts";
import type { Sent } from "../endpoint/wire.ts";

/** What a call for files or batches came to. */
export type Came<T> = { value: T } | { fault: Fault };

/** A batch as the endpoint tells of it. */
export interface BatchState {
  id: string;
  /** `open` while the endpoint works on it, also where it is being cancelled. */
  status: "open" | "completed" | "expired" | "failed" | "cancelled";
  /** The file of answers; null where there is none (yet). */
  outputFile: string | null;
  /** The file of requests that weren't answered; null likewise. */
  errorFile: string | null;
  /** Requests, those answered and those failed; null where the endpoint doesn't count them. */
  counts: { total: number; completed: number; failed: number } | null;
  /** Why the whole batch failed. */
  errors: BatchFailure[];
  /** Milliseconds from its making to its end by the endpoint's clock; 0 where it doesn't say. */
  ms: number;
}

/** One reason why a whole batch was not taken. */
export interface BatchFailure {
  code: string | null;
  message: string | null;
  param: string | null;
  /** Of the file, from 1. */
  line: number | null;
}

/** One line of a batch's output or error file. */
export interface ResultLine {
  /** As the request was named. */
  id: string;
  /**
   * The body of a 200, an error of the client for another status, or why the request was never
   * looked at: the batch's time was over, or it was cancelled.
   */
  came: { body: unknown } | { error: unknown } | { undone: "expired" | "cancelled" };
}

/** A file of requests on its way. */
export interface UploadOptions {
  name: string;
  signal: AbortSignal;
}

/** What a batch is made of. */
export interface NewBatch {
  /** An uploaded file of requests. */
  file: string;
  /** Unique to this batch: it is found again by it. */
  key: string;
  /** The run's name, for people who look at the endpoint's own pages. */
  run: string;
}

/** The endpoint's side of batches: nothing here waits or tries again. */
export interface Batches {
  /** Where it is, for people. */
  address: string;
  /** Whether the same model answers live calls for sure: Azure has deployments that take batches only. */
  answersLive: boolean;
  /** A line of the file of requests, without its line end; and what the request is sent with. */
  lineOf(id: string, request: ChatRequest): { line: string; sent: Sent };
  /** An earlier start of the run learned that caps have to be widened for hidden thoughts. */
  knowsToWait(): void;
  /** What a result means, learning from it. */
  answerOf(
    came: { body: unknown } | { error: unknown },
    sent: Sent,
  ): { reply: Reply } | { fault: Fault } | "again";
  /**
   * What it means that a batch failed as a whole: `again` where it taught how requests have to be
   * sent, `full` where it is too much for the endpoint now, else a fault.
   */
  failureOf(errors: readonly BatchFailure[], sent: Sent): { fault: Fault } | "again" | "full";
  /** Uploads a file of requests; gives its id. */
  upload(
    parts: readonly Uint8Array<ArrayBuffer>[],
    options: UploadOptions,
  ): Promise<Came<string>>;
  /** Whether an uploaded file can be used already. */
  isReady(file: string, signal: AbortSignal): Promise<Came<boolean>>;
  /** Makes a batch, which is paid from then on; `full` where that is too much for the endpoint now. */
  create(batch: NewBatch, signal: AbortSignal): Promise<Came<BatchState> | { full: string }>;
  /** The batch that was made with this key or from this file, if any. `since`: not made before. */
  find(
    batch: { file: string; key: string; since: number },
    signal: AbortSignal,
  ): Promise<Came<BatchState | null>>;
  retrieve(id: string, signal: AbortSignal): Promise<Came<BatchState>>;
  cancel(id: string, signal: AbortSignal): Promise<Came<BatchState>>;
  /** The lines of a result file as they come, null for one that is none; a fault ends them. */
  results(
    file: string,
    signal: AbortSignal,
  ): AsyncGenerator<ResultLine | null | { fault: Fault }, void, undefined>;
}
