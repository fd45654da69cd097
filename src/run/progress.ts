import type { Usage } from "../models/types.ts";
import type { RowCounts } from "./types.ts";

/** How far a run is. */
export interface GenerateProgress {
  /** Rows of the whole run, or of the shard. */
  counts: RowCounts;
  /** Rows that this start has finished. */
  asked: number;
  /** Calls that are out. */
  inFlight: number;
  /** Calls of this start that the endpoint put off with a 429; default 0. */
  limited?: number;
  /** Until when no call is made because of a limit, where that is long; milliseconds since 1970. */
  heldUntil?: number;
  /** Tokens of those rows, earlier starts included; null where the endpoint doesn't count them. */
  usage?: Usage | null;
  /** USD for those rows, earlier starts included; null where the price isn't known. */
  cost: number | null;
  /** USD that answers whose tokens the endpoint didn't count are taken to have cost besides. */
  costAssumed?: number;
  /** `maxCost`, where there is one. */
  maxCost?: number;
  /** The open batches, where there are any. */
  batches?: BatchProgress;
  /** USD that the run's other shards have cost, as far as `maxCost` has looked. */
  costElsewhere?: number;
}

/** How far the open batches are. */
export interface BatchProgress {
  /** Batches that the endpoint works on. */
  open: number;
  /** Their rows, and those that the endpoint says it is done with. */
  rows: number;
  answered: number;
  /** Until when the endpoint asks to be left alone, where that is long; milliseconds since 1970. */
  heldUntil?: number;
}
