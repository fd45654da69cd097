import type { Batches } from "../../models/batch/types.ts";
import type { Sleep } from "../../models/pacing/waiting.ts";
import type { Asked, ChatRequest } from "../../models/types.ts";
import type { Budget } from "../cost/budget.ts";
import type { Ledger } from "../log/ledger.ts";
import type { BatchProgress } from "../progress.ts";

/** How large batches are made and how long is waited. */
export interface BatchLimits {
  /** Requests of one batch; default 50,000, the most that the API takes. */
  requests?: number | undefined;
  /**
   * Bytes of one file; default 8 MiB, some 4,000 rows: the API takes 200 MB, but a file is held more
   * than once while it is sent, and several batches cost no more than one.
   */
  bytes?: number | undefined;
  /** Milliseconds between two looks at the open batches: 5,000 at first, at last 60,000. */
  shortestWait?: number | undefined;
  longestWait?: number | undefined;
  /** Milliseconds after which a batch that may have been made stands in the endpoint's list; 10,000. */
  listedAfter?: number | undefined;
  sleep?: Sleep | undefined;
}

/** What items are asked with by batch. In ledgers and requests each goes by its number, its row. */
export interface BatchOptions<T> {
  /** The run's name, for people who look at the endpoint's own pages. */
  run: string;
  batches: Batches;
  ledger: Ledger;
  /** The items wanted, drawn once and in order; those in open batches may be among them. */
  wanted: Iterable<T>;
  numberOf: (item: T) => number;
  itemOf: (row: number) => T;
  request: (item: T) => ChatRequest;
  /** An item that is asked live before the first batch; null: none is. */
  first: AsyncIterable<Asked<T>> | null;
  /** Rows whose answers from these batches were kept already, by batch. */
  keptFrom: (ids: ReadonlySet<string>) => Promise<Map<string, Set<number>>>;
  /** Rows of the run that have an outcome. */
  done: () => number;
  /**
   * Plans a batch while no other shard of the run does, so that not both take the money that is left
   * for theirs.
   */
  inTurn: <R>(planning: () => Promise<R>) => Promise<R>;
  /** Opened before the first batch is made; null: no limit. */
  openBudget: () => Budget | null;
  /** Items that are wanted and have no outcome yet. */
  pending: () => number;
  /** Puts on the disk what was yielded and learned. */
  settle: () => Promise<void>;
  /** Asks for nothing new: open batches are cancelled, and what they answered is collected. */
  cancel: boolean;
  /** Tries in vain after which a row is given up. Default 4. */
  mostTries?: number | undefined;
  limits?: BatchLimits | undefined;
  /** Aborted: the open batches are left to the endpoint, to be collected by the next start. */
  signal: AbortSignal;
  /** Aborted: a batch that is just being made isn't waited for either. */
  cut: AbortSignal;
  note: (message: string) => void;
  onProgress: (progress: BatchProgress) => void;
  now: () => number;
}
