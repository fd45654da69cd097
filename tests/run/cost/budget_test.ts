import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { UserError } from "../../../src/error.ts";
import { openTokenCounter } from "../../../src/models/cost/tokens.ts";
import {
  type Budget,
  openBudget,
  priceForLimit,
  roughTokens,
} from "../../../src/run/cost/budget.ts";
import { uniform } from "../../../src/stats/random.ts";

/** One USD a million tokens of input: usage in millionths of a USD. */
const price = { input: 1, output: 0 };

function budgetOf(maxCost: number, expected: number, spent = 0): Budget {
  return openBudget({ maxCost, spent, price, expected: { input: expected * 1e6, output: 0 } });
}

function usage(cost: number): { input: number; output: number } {
  return { input: cost * 1e6, output: 0 };
}

interface Simulated {
  spent: number;
  asked: number;
  /** How much more the calls cost that were out when the last one was admitted than was expected then. */
  off: number;
  /** Whether it stopped for the limit and not for want of rows. */
  limited: boolean;
}

/**
 * Asks rows with such costs, at most `concurrency` at once; `next` says by its place which of the
 * calls in flight ends next.
 */
function simulate(
  budget: Budget,
  costs: number[],
  { concurrency, next }: {
    concurrency: number;
    next: (inFlight: number[], ended: number) => number;
  },
): Simulated {
  const inFlight: number[] = [];
  let asked = 0;
  let ended = 0;
  let off = 0;
  for (;;) {
    while (asked < costs.length && inFlight.length < concurrency) {
      if (!budget.admits(inFlight.length)) break;
      inFlight.push(costs[asked++]!);
      off = inFlight.reduce((sum, cost) => sum + cost - budget.expected, 0);
    }
    if (inFlight.length === 0) break;
    const [cost] = inFlight.splice(next(inFlight, ended++), 1);
    budget.add(usage(cost!));
  }
  return { spent: budget.spent, asked, off, limited: asked < costs.length };
}

Deno.test("the limit is passed by no more than the estimates were off", () => {
  const cost = fc.double({ min: 0, max: 0.1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(cost, { maxLength: 200 }),
      fc.double({ min: 0.001, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 0.1, noNaN: true }),
      fc.integer({ min: 1, max: 64 }),
      fc.integer(),
      (costs, maxCost, expected, concurrency, seed) => {
        const { spent, off } = simulate(budgetOf(maxCost, expected), costs, {
          concurrency,
          next: (inFlight, ended) => Math.floor(uniform(seed, ended) * inFlight.length),
        });
        assert(spent <= maxCost + Math.max(0, off) + 1e-9, `${spent} of ${maxCost}, off ${off}`);
      },
    ),
    { numRuns: 500 },
  );
});

/** Costs of .005 to .02 USD, right-skewed, .0085 on average. */
function unevenCosts(seed: number): number[] {
  return Array.from({ length: 500 }, (_, row) => 0.005 * 4 ** (uniform(seed, row) ** 2));
}

Deno.test("rows of uneven cost stay below the limit and use it up", () => {
  let passed = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { spent, limited } = simulate(budgetOf(2, 0.01), unevenCosts(seed), {
      concurrency: 64,
      next: () => 0,
    });
    assert(limited && spent > 1.97 && spent < 2.01, `${spent}`);
    if (spent > 2) passed += 1;
  }
  assert(passed <= 4, `${passed} of 200 passed the limit`);
});

Deno.test("the limit holds within a few calls where dear ones are out longest", () => {
  for (let seed = 0; seed < 100; seed++) {
    const { spent, limited } = simulate(budgetOf(2, 0.015), unevenCosts(seed), {
      concurrency: 64,
      // Of three calls the cheapest ends first.
      next: (inFlight, ended) =>
        [0, 1, 2].map((draw) => Math.floor(uniform(seed, ended, draw) * inFlight.length))
          .reduce((best, place) => inFlight[place]! < inFlight[best]! ? place : best),
    });
    assert(limited && spent > 1.97 && spent < 2.1, `${spent}`);
  }
});

Deno.test("a wide limit holds nothing back, a free model never meets one", () => {
  const costs = Array.from({ length: 300 }, (_, row) => 0.01 * uniform("cost", row));
  const wide = simulate(budgetOf(100, 0.01), costs, { concurrency: 64, next: () => 0 });
  assert.deepEqual([wide.asked, wide.limited], [300, false]);
  const free = openBudget({
    maxCost: 1e-6,
    spent: 0,
    price: { input: 0, output: 0 },
    expected: { input: 500, output: 50 },
  });
  free.add({ input: 1e9, output: 1e9 });
  assert(free.admits(1000));
});

Deno.test("earlier starts count, and a limit that is used up admits nothing", () => {
  const budget = budgetOf(1, 0.1, 0.95);
  assert.equal(budget.spent, 0.95);
  assert(!budget.admits(0));
  assert(!budgetOf(1, 0.001, 1.2).admits(0));
});

Deno.test("an answer whose tokens weren't counted is taken for what was expected", () => {
  const budget = budgetOf(1, 0.1);
  budget.add(null);
  assert(Math.abs(budget.spent - 0.1) < 1e-12);
  assert(Math.abs(budget.expected - 0.1) < 1e-12);
});

Deno.test("what answers cost corrects what is expected, and the projection", () => {
  const budget = budgetOf(10, 0.1);
  for (let row = 0; row < 1000; row++) budget.add(usage(0.001));
  assert(budget.expected < 0.002);
  assert(Math.abs(budget.projected(500) - (1 + 500 * budget.expected)) < 1e-9);
});

Deno.test("rough tokens are rather too many than too few, in any script", async () => {
  const counter = await openTokenCounter({ provider: "openai", name: "gpt-4o", origin: "test" });
  const contents = [
    "Where is my card? I lost it on the train to Aarhus.",
    "Får jag öka bolånet när räntan går ner?",
    "Здравствуйте, вчера вечером я потерял карту.",
    "你好，我昨天晚上把卡弄丢了，想要挂失。",
    "สวัสดีครับ เมื่อคืนผมทำบัตรหาย",
    "",
  ];
  for (const content of contents) {
    const messages = [{ role: "system" as const, content }, { role: "user" as const, content }];
    const { input, output } = roughTokens({ messages, maxTokens: 176 });
    assert(input >= counter.messages(messages), content);
    assert.equal(output, 176);
  }
  assert(roughTokens({ messages: [], maxTokens: null }).output >= 1024);
});

Deno.test("a reached limit is exit 3 and says how to go on; an unknown price is exit 2", () => {
  const reached = budgetOf(1, 0.02, 0.99).reached(730);
  assert(reached instanceof UserError);
  assert.equal(reached.exitCode, 3);
  assert.match(reached.message, /--max-cost 1: \$0\.99 are spent.*\$0\.04.*stay pending\./);
  assert.match(reached.message, /higher --max-cost.*\$15\.59/);
  assert.throws(
    () => priceForLimit({ price: null, why: "azure:chat is a deployment's name" }),
    (error) =>
      error instanceof UserError && error.exitCode === 2 &&
      /--max-cost needs a price, and azure:chat .*\n.*settings\.json/.test(error.message),
  );
});

Deno.test("batches are admitted by what they cost in sum, ever nearer the limit as that is known", () => {
  const budget = budgetOf(100, 1);
  const most = () => {
    let rows = 0;
    while (budget.admitsAll(rows + 1)) rows++;
    return rows;
  };
  // One that is merely expected may be half as dear again.
  const first = most();
  assert(first > 40 && first < 75, `${first}`);
  for (let row = 0; row < 50; row++) budget.add(usage(1));
  const then = most();
  assert(then >= 40 && then <= 50, `${then}`);
  for (let row = 0; row < 50; row++) budget.add(usage(1));
  assert(!budget.admitsAll(1));
});

Deno.test("a limit for batches needs a price of batches", () => {
  const lookup = {
    price: { input: 1, output: 2, cachedInput: null, batch: null, origin: "prices of 2026-07" },
  };
  assert.equal(priceForLimit(lookup), lookup.price);
  assert.throws(
    () => priceForLimit(lookup, { batch: true }),
    (error) => error instanceof UserError && error.exitCode === 2 && /by batch/.test(error.message),
  );
});
