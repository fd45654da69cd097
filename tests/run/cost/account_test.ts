import assert from "node:assert/strict";
import type { ChatRequest } from "../../../src/models/types.ts";
import { openAccount, type Paid, type SpendingLimit } from "../../../src/run/cost/account.ts";
import type { SpentElsewhere } from "../../../src/run/cost/spent_elsewhere.ts";

/** One USD a million tokens of input live, half of that by batch. */
const price = {
  input: 1,
  output: 0,
  cachedInput: null,
  batch: { input: 0.5, output: 0 },
  origin: "this test",
};

/** So many tokens of input by so many answers that were counted, and others that weren't. */
function paid(tokens: number, counted: number, uncounted = { live: 0, batch: 0 }): Paid {
  return {
    cost: () => counted === 0 ? null : tokens / 1e6,
    usage: () => counted === 0 ? null : { input: tokens, output: 0 },
    counted: () => counted,
    uncounted: () => uncounted,
  };
}

/** A request of about so many tokens of input. */
function request(tokens: number): ChatRequest {
  const content = "x".repeat(3 * (tokens - 8));
  return { messages: [{ role: "user", content }], seed: 0, maxTokens: 0 };
}

function elsewhere(usd: number, fields: Partial<SpentElsewhere> = {}): SpentElsewhere {
  return { usd: () => usd, rowsOut: () => 0, tokens: () => null, close: () => {}, ...fields };
}

function limit(fields: Partial<SpendingLimit> = {}): SpendingLimit {
  return { maxCost: 1, price, elsewhere: null, firstRequests: () => [request(1000)], ...fields };
}

Deno.test("without a limit what is known is told, and nothing is assumed", () => {
  const account = openAccount(paid(500, 5, { live: 3, batch: 0 }), { price, limit: null });
  assert.deepEqual(account.spent(), {
    cost: 500e-6,
    costAssumed: undefined,
    costElsewhere: undefined,
  });
  assert.equal(account.openBudget("live"), null);
});

Deno.test("answers that aren't counted are taken for average ones, by batch at half the price", () => {
  const account = openAccount(paid(500, 5, { live: 3, batch: 2 }), { price, limit: limit() });
  assert.equal(account.spent().costAssumed, undefined, "nothing is known of them yet");
  const budget = account.openBudget("live");
  const assumed = 3 * 100e-6 + 2 * 50e-6;
  assert(Math.abs((account.spent().costAssumed ?? 0) - assumed) < 1e-12);
  assert(Math.abs((budget?.spent ?? 0) - (500e-6 + assumed)) < 1e-12);
  assert(Math.abs((budget?.expected ?? 0) - 100e-6) < 1e-12);
});

Deno.test("a call is expected to cost what answers have, else what they have elsewhere, else the first requests", () => {
  const expected = (of: Paid, fields: Partial<SpendingLimit>) =>
    Math.round(
      (openAccount(of, { price, limit: limit(fields) }).openBudget("live")?.expected ?? 0) *
        1e6,
    );
  const others = elsewhere(0, { tokens: () => ({ input: 200, output: 0 }) });
  assert.equal(expected(paid(500, 5), { elsewhere: others }), 100);
  assert.equal(expected(paid(0, 0), { elsewhere: others }), 200);
  assert.equal(expected(paid(0, 0), { elsewhere: elsewhere(0) }), 1000);
  // Of the first twenty requests, and no others.
  const requests = Array.from(
    { length: 21 },
    (_, row) => request(row < 10 ? 200 : row < 20 ? 400 : 30_000),
  );
  assert.equal(expected(paid(0, 0), { firstRequests: () => requests }), 300);
});

Deno.test("what is spent elsewhere is looked at before anything is expected of it", () => {
  let looked = false;
  const account = openAccount(paid(0, 0), {
    price,
    limit: limit({
      elsewhere: elsewhere(0, {
        usd: (_own, isDue) => {
          looked ||= isDue === true;
          return 0;
        },
        tokens: () => looked ? { input: 200, output: 0 } : null,
      }),
    }),
  });
  assert(Math.abs((account.openBudget("live")?.expected ?? 0) - 200e-6) < 1e-12);
});

Deno.test("a budget of batches goes by their price, and what others have in batches costs half of live calls", () => {
  const of = (way: "live" | "batch", rowsOut: number, maxCost: number) => {
    const budget = openAccount(paid(1e6 * 100e-6, 1), {
      price,
      limit: limit({ maxCost, elsewhere: elsewhere(0, { rowsOut: () => rowsOut }) }),
    }).openBudget(way);
    return budget;
  };
  assert(Math.abs((of("live", 0, 1)?.expected ?? 0) - 100e-6) < 1e-12);
  assert(Math.abs((of("batch", 0, 1)?.expected ?? 0) - 50e-6) < 1e-12);
  const message = (way: "live" | "batch") => of(way, 1000, 1)?.reached(1).message ?? "";
  // 1,000 rows in batches cost 0.05 USD, whoever looks at them.
  assert.match(message("live"), /\$0\.05 are expected of what they have in batches/);
  assert.match(message("batch"), /\$0\.05 are expected of what they have in batches/);
});

Deno.test("what was spent elsewhere is told after the end as it was then, and looked at no more", () => {
  let usd = 1;
  let closed = 0;
  const account = openAccount(paid(500, 5), {
    price,
    limit: limit({ elsewhere: elsewhere(0, { usd: () => usd, close: () => void closed++ }) }),
  });
  assert.equal(account.spent().costElsewhere, 1);
  usd = 2;
  account.close();
  usd = 3;
  account.close();
  assert.deepEqual([account.spent().costElsewhere, closed], [2, 1]);
});
