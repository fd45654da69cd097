import type { Price } from "../../config/types.ts";
import { costOf } from "../../models/cost/prices.ts";
import type { Measured, RunningMean } from "./measured.ts";
import type { OfflineTokens } from "./offline_tokens.ts";
import { marginOf, type Range } from "./range.ts";

/** What a run will take. */
export interface Estimate {
  /** Rows of the whole run, and those of them that are done. */
  rows: number;
  done: number;
  /** Of the whole run. */
  tokens: { input: Range; output: Range };
  /** USD of the whole run, what is spent included; null where the price isn't known. */
  cost: Range | null;
  /** Seconds that the rows still to come take; null where no row was asked yet. */
  seconds: Range | null;
  /** Rows that were asked and counted; 0: all is reckoned offline. */
  measured: number;
  /** The model thinks in hidden tokens, which cost as output and aren't in these figures. */
  isLeast: boolean;
  assumptions: string[];
}

/** Rows from which intervals are made: with two the interval is wide, with one there is none. */
export const FEWEST_MEASURED = 2;

/**
 * What a run will take. From {@linkcode FEWEST_MEASURED} measured rows on, their means are laid on
 * the rows to come, with 95 % intervals; the price of tokens is never guessed.
 *
 * @param options `count`: rows of the whole run. `concurrency`: calls in flight.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { estimateRun } from "./estimate.ts";
 * const offline = {
 *   input: { estimate: 500, low: 500, high: 500 },
 *   output: { estimate: 30, low: 20, high: 40 },
 *   assumptions: [],
 * };
 * const price = { input: 0.4, output: 1.6 };
 * const { cost } = estimateRun(offline, { count: 1000, price, measured: null, concurrency: 16 });
 * assert(cost?.estimate === 0.248 && cost.low === 0.232 && cost.high === 0.264);
 * ```
 */
export function estimateRun(
  offline: OfflineTokens,
  options: {
    count: number;
    price: Price | null;
    measured: Measured | null;
    concurrency: number;
    /** Whether the model is known to think in hidden tokens. */
    thinks?: boolean | undefined;
  },
): Estimate {
  const { count, price, measured, concurrency } = options;
  // Fewer rows than the run has are no part of it: they are only asked alike.
  const isPart = measured !== null && count >= measured.planned;
  const done = isPart ? measured.done : 0;
  const rest = count - done;
  const total = (mean: RunningMean) => totalOf(mean, { rest, spent: isPart ? mean.sum : 0 });
  const known = (mean: RunningMean) => mean.n >= FEWEST_MEASURED;
  const both = { rows: count, done };

  const seconds = measured !== null && known(measured.seconds)
    ? timeFor(measured.seconds, { rest, concurrency })
    : null;
  if (measured !== null && known(measured.input)) {
    return {
      ...both,
      tokens: { input: whole(total(measured.input)), output: whole(total(measured.output)) },
      cost: price === null
        ? null
        : totalOf(measured.cost, { rest, spent: isPart ? measured.spent : 0 }),
      seconds,
      measured: measured.input.n,
      isLeast: false,
      assumptions: [],
    };
  }
  const tokens = {
    input: whole(times(offline.input, count)),
    output: whole(times(offline.output, count)),
  };
  const usd = (end: keyof Range) =>
    costOf({ input: tokens.input[end], output: tokens.output[end] }, price) ?? 0;
  return {
    ...both,
    tokens,
    cost: price === null ? null : { estimate: usd("estimate"), low: usd("low"), high: usd("high") },
    seconds,
    measured: 0,
    isLeast: options.thinks ?? false,
    assumptions: offline.assumptions,
  };
}

/** What is spent, and the mean again for each row to come. */
function totalOf(mean: RunningMean, { rest, spent }: { rest: number; spent: number }): Range {
  const estimate = spent + rest * mean.mean;
  const margin = rest * marginOf(mean, rest);
  return { estimate, low: Math.max(spent, estimate - margin), high: estimate + margin };
}

function timeFor(
  mean: RunningMean,
  { rest, concurrency }: { rest: number; concurrency: number },
): Range {
  // The last rows don't get quicker for want of others.
  const rounds = rest === 0 ? 0 : Math.max(1, rest / concurrency);
  const margin = rest === 0 ? 0 : marginOf(mean, rest);
  return {
    estimate: rounds * mean.mean,
    low: rounds * Math.max(0, mean.mean - margin),
    high: rounds * (mean.mean + margin),
  };
}

/** There are no parts of tokens. */
function whole({ estimate, low, high }: Range): Range {
  return { estimate: Math.round(estimate), low: Math.round(low), high: Math.round(high) };
}

function times({ estimate, low, high }: Range, rows: number): Range {
  return { estimate: estimate * rows, low: low * rows, high: high * rows };
}
