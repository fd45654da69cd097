import type { Usage } from "../models/types.ts";
import type { Spent } from "./cost/account.ts";
import type { RowCounts } from "./types.ts";

/** How far an asking is, whatever is asked. */
export interface AskingProgress {
  /** Items that this start has finished. */
  asked: number;
  /** Calls that are out. */
  inFlight: number;
  /** Calls of this start that the endpoint put off with a 429; default 0. */
  limited?: number | undefined;
  /** Until when no call is made because of a limit, where that is long; milliseconds since 1970. */
  heldUntil?: number | undefined;
  /** The open batches, where there are any. */
  batches?: BatchProgress | undefined;
}

/** How far a run is, and what it has cost. */
export interface GenerateProgress extends AskingProgress, Spent {
  /** Rows of the whole run, or of the shard. */
  counts: RowCounts;
  /** Tokens of its rows, earlier starts included; null where the endpoint doesn't count them. */
  usage?: Usage | null | undefined;
  /** `maxCost`, where there is one. */
  maxCost?: number | undefined;
}

/** How far the open batches are. */
export interface BatchProgress {
  /** Batches that the endpoint works on. */
  open: number;
  /** Their rows, and those that the endpoint says it is done with. */
  rows: number;
  answered: number;
  /** Until when the endpoint asks to be left alone, where that is long; milliseconds since 1970. */
  heldUntil?: number | undefined;
}
