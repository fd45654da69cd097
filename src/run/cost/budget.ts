import { Buffer } from "node:buffer";
import type { Price } from "../../config/types.ts";
import { UserError } from "../../error.ts";
import { costOf, type ModelPrice, type PriceLookup } from "../../models/cost/prices.ts";
import type { ChatRequest, Reply, Usage } from "../../models/types.ts";

/** What is spent of a limit, and whether one more call fits under it. */
export interface Budget {
  /** USD so far, earlier starts of the run, or of this shard of it, included. */
  readonly spent: number;
  /** USD expected of one call. */
  readonly expected: number;
  /**
   * Whether one more call may be made while `inFlight` are out: what is spent and what these calls
   * and one more are expected to cost stay within the limit, each taken for a dear one (mean and two
   * standard deviations). Where they don't and calls are out, wait: their answers tell what they
   * really cost.
   */
  admits(inFlight: number): boolean;
  /**
   * Whether so many rows may be out at once in batches: what they are expected to cost in sum, taken
   * for dear ones as a whole (mean and two standard deviations of that sum). What the other shards
   * have in batches counts with them.
   */
  admitsAll(rows: number): boolean;
  /** Looks now at what the other shards have spent and have in batches. */
  look(): void;
  /**
   * An answer came and is paid, whatever its outcome. Without usage, where the endpoint didn't count,
   * what was expected counts as spent.
   */
  add(usage: Reply["usage"]): void;
  /** USD that the run comes to with so many rows still to end, those in flight included. */
  projected(pending: number): number;
  /** What ends the run where nothing is in flight and no more is admitted. */
  reached(pending: number): UserError;
}

/** What a budget starts from. */
export interface BudgetOptions {
  /** USD, above 0. */
  maxCost: number;
  /** USD of earlier starts. */
  spent: number;
  price: Price;
  /** USD of the run's other shards, for what this one has spent; default: there are none. */
  elsewhere?: ((spent: number, isDue?: boolean) => number) | undefined;
  /** Calls that they have out in batches, as calls of this budget's price; default: none. */
  outElsewhere?: (() => number) | undefined;
  /** Tokens expected of a row, rather too many than too few: the first answers correct them. */
  expected: Usage;
}

/** What was expected weighs as much as this many answers. */
const WEIGHT = 5;

/** Tokens that frame a message, and open the answer. */
const FRAME = 4;

/** Tokens of an answer that no cap is sent for. */
const UNCAPPED = 1024;

/** Expected costs of the first calls are trusted to within this share of them. */
const TRUST = 0.5;

/**
 * Opens the account of a run with a limit. It holds no calls and no clock: who asks calls `admits`
 * before each call and `add` after each answer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openBudget } from "./budget.ts";
 * const price = { input: 1, output: 2 };
 * const expected = { input: 1e5, output: 0 };
 * const budget = openBudget({ maxCost: 1, spent: 0.5, price, expected });
 * assert(budget.expected === 0.1 && budget.admits(0) && !budget.admits(4));
 * budget.add({ input: 4e5, output: 5e4 });
 * assert(budget.spent === 1 && !budget.admits(0));
 * ```
 */
export function openBudget(options: BudgetOptions): Budget {
  const { maxCost, price, elsewhere = () => 0, outElsewhere = () => 0 } = options;
  const first = costOf(options.expected, price) ?? 0;
  let { spent } = options;
  let weight = WEIGHT;
  let mean = first;
  let squares = WEIGHT * (TRUST * first) ** 2;
  // Calls that are out for long are mostly the dear ones, so each of them is taken for a dear one.
  // Near the limit fewer calls are out at once therefore; the answers tell how much is left.
  const dear = () => mean + 2 * Math.sqrt(squares / weight * (1 + 1 / weight));
  return {
    get spent() {
      return spent;
    },
    get expected() {
      return mean;
    },
    admitsAll(rows) {
      const others = elsewhere(spent);
      const out = rows + outElsewhere();
      const off = 2 * Math.sqrt(squares / weight * out * (1 + out / weight));
      return spent + others + out * mean + off <= maxCost;
    },
    look: () => void elsewhere(spent, true),
    admits(inFlight) {
      const others = elsewhere(spent) + outElsewhere() * mean;
      return spent + others + (inFlight + 1) * dear() <= maxCost;
    },
    add(usage) {
      const cost = costOf(usage, price);
      spent += cost ?? mean;
      if (cost === null) return;
      weight += 1;
      const off = cost - mean;
      mean += off / weight;
      squares += off * (cost - mean);
    },
    projected: (pending) => spent + pending * mean,
    reached(pending) {
      const others = elsewhere(spent);
      const out = outElsewhere() * mean;
      return new UserError(
        `--max-cost ${Number(maxCost.toPrecision(6))}: ${usd(spent + others)} are spent` +
          (others === 0 ? "" : ` (${usd(others)} of it by other shards)`) +
          (out === 0 ? "" : `, ${usd(out)} are expected of what they have in batches`) +
          `, and one more call may cost ${usd(dear())}. Rows that weren't asked stay pending.\n` +
          "To go on: the same command with a higher --max-cost. " +
          (others + out === 0
            ? `The whole run is expected to come to ${usd(spent + pending * mean)}.`
            : `This shard is expected to take ${usd(pending * mean)} more.`),
        { exitCode: 3 },
      );
    },
  };
}

/**
 * Tokens of a request, rather too many than too few and without a vocabulary: one for three bytes of
 * the prompt, and the whole of the answer's cap.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { roughTokens } from "./budget.ts";
 * const messages = [{ role: "user" as const, content: "Where is my card?" }];
 * assert(roughTokens({ messages, maxTokens: 64 }).input === 14);
 * ```
 */
export function roughTokens(
  request: Pick<ChatRequest, "messages" | "maxTokens">,
): Usage {
  const bytes = request.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return {
    input: Math.ceil(bytes / 3) + FRAME * (request.messages.length + 1),
    output: request.maxTokens ?? UNCAPPED,
  };
}

/**
 * The price that a limit is counted at.
 *
 * @param options `batch`: rows are asked through the Batch API.
 * @throws {UserError} Exit 2 where none is known: a limit that can't be watched is no limit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { priceForLimit } from "./budget.ts";
 * const lookup = { price: null, why: "no price of m is known" };
 * assert.throws(() => priceForLimit(lookup), /--max-cost needs a price/);
 * ```
 */
export function priceForLimit(
  lookup: PriceLookup,
  options: { batch?: boolean | undefined } = {},
): ModelPrice {
  if (lookup.price !== null && options.batch && lookup.price.batch === null) {
    throw new UserError(
      "--max-cost needs a price, and this model isn't offered by batch in the list of prices.\n" +
        'Put "price" into settings.json, of which batches take half, or leave --max-cost out.',
    );
  }
  if (lookup.price !== null) return lookup.price;
  throw new UserError(
    `--max-cost needs a price, and ${lookup.why}.\nPut it into settings.json, in USD per million ` +
      'tokens, such as "price": {"input": 0.4, "output": 1.6}, or leave --max-cost out.',
  );
}

function usd(value: number): string {
  return value >= 0.01 || value === 0 ? `$${value.toFixed(2)}` : `$${value.toPrecision(2)}`;
}
