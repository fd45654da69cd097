import { costOf, type ModelPrice } from "../../models/cost/prices.ts";
import type { ChatRequest, Usage } from "../../models/types.ts";
import { type Budget, openBudget, roughTokens } from "./budget.ts";
import type { SpentElsewhere } from "./spent_elsewhere.ts";

/** What the answers that are kept have cost in sum, earlier starts included: a log's tally. */
export interface Paid {
  /** USD; answers without a cost of their own at `price`; null where none is known. */
  cost(price?: ModelPrice | null): number | null;
  /** Tokens of those that the endpoint counted; null where there are none. */
  usage(): Usage | null;
  /** How many it counted. */
  counted(): number;
  /** How many it didn't count: they were paid all the same. */
  uncounted(): { live: number; batch: number };
}

/** What is spent, as it is told. */
export interface Spent {
  /** USD for all answers, earlier starts included; null where the price isn't known. */
  cost: number | null;
  /**
   * USD that answers are taken to have cost besides whose tokens the endpoint didn't count; absent
   * where there are none or no limit counts them.
   */
  costAssumed?: number | undefined;
  /** USD that the run's other shards have cost, as far as was looked; absent where no limit counts them. */
  costElsewhere?: number | undefined;
}

/** A limit on what is spent, and what it goes by. */
export interface SpendingLimit {
  /** USD, above 0. */
  maxCost: number;
  price: ModelPrice;
  /** What other processes spend of it; null: there are none. */
  elsewhere: SpentElsewhere | null;
  /**
   * The first requests, whatever became of them: they are guessed from where nothing is counted yet,
   * and each start has to guess the same.
   */
  firstRequests: () => Iterable<ChatRequest>;
}

/** All that is spent: known, assumed, elsewhere, and what is left of the limit. */
export interface Account {
  spent(): Spent;
  /** Opens the budget of what is asked from now on; null: no limit. */
  openBudget(way: "live" | "batch"): Budget | null;
  /** Looks a last time at what is spent elsewhere. */
  close(): void;
}

/** Tokens of a row are guessed from so many requests where the endpoint has counted none. */
const ROUGH_ROWS = 20;

/** A live call costs what so many do by batch. */
const LIVE_BY_BATCH = 2;

/**
 * Opens the account of an asking. What was answered tells what the next answers will cost, and what
 * those have whose tokens the endpoint didn't count; else other shards' answers do, else the first
 * requests.
 *
 * @param options `price`: of answers that were kept without a cost. `limit`: null: none is set.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shardRows } from "../../plan/shard.ts";
 * import { openTally } from "../log/tally.ts";
 * import { openAccount } from "./account.ts";
 * const paid = openTally(shardRows(3, null));
 * const account = openAccount(paid, { price: null, limit: null });
 * assert.equal(account.spent().cost, null);
 * assert.equal(account.openBudget("live"), null);
 * ```
 */
export function openAccount(
  paid: Paid,
  { price, limit }: { price: ModelPrice | null; limit: SpendingLimit | null },
): Account {
  /** Tokens of an answer that isn't counted; null until anything is asked. */
  let assumed: Usage | null = null;
  /** What was spent elsewhere when it was closed; null: it is open. */
  let elsewhereAtEnd: number | undefined | null = null;

  function costAssumed(): number | undefined {
    const { live, batch } = paid.uncounted();
    if (limit === null || live + batch === 0) return undefined;
    const usd = live * (costOf(assumed, limit.price) ?? 0) +
      batch * (costOf(assumed, limit.price, { batch: true }) ?? 0);
    return usd === 0 ? undefined : usd;
  }

  function costElsewhere(): number | undefined {
    return elsewhereAtEnd === null ? limit?.elsewhere?.usd(paid.cost(price) ?? 0) : elsewhereAtEnd;
  }

  function meanTokens(limit: SpendingLimit): Usage {
    const usage = paid.usage();
    if (usage === null) return limit.elsewhere?.tokens() ?? roughMean(limit.firstRequests());
    const counted = paid.counted();
    return { input: usage.input / counted, output: usage.output / counted };
  }

  return {
    spent: () => ({
      cost: paid.cost(price),
      costAssumed: costAssumed(),
      costElsewhere: costElsewhere(),
    }),
    openBudget(way) {
      if (limit === null) return null;
      const { maxCost, elsewhere } = limit;
      // What others have counted is known only after a look.
      elsewhere?.usd(paid.cost(price) ?? 0, true);
      assumed = meanTokens(limit);
      return openBudget({
        maxCost,
        spent: (paid.cost(price) ?? 0) + (costAssumed() ?? 0),
        price: way === "batch" ? limit.price.batch ?? limit.price : limit.price,
        elsewhere: elsewhere?.usd,
        outElsewhere: elsewhere === null
          ? undefined
          : () => elsewhere.rowsOut() / (way === "live" ? LIVE_BY_BATCH : 1),
        expected: assumed,
      });
    },
    close() {
      if (elsewhereAtEnd !== null) return;
      elsewhereAtEnd = costElsewhere();
      limit?.elsewhere?.close();
    },
  };
}

/** Tokens of one of the first requests in the mean. */
function roughMean(requests: Iterable<ChatRequest>): Usage {
  const first = Iterator.from(requests).take(ROUGH_ROWS).map(roughTokens).toArray();
  const sum = { input: 0, output: 0 };
  for (const { input, output } of first) {
    sum.input += input / first.length;
    sum.output += output / first.length;
  }
  return sum;
}
