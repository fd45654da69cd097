import { costOf } from "../models/cost/prices.ts";
import type { Usage } from "../models/types.ts";
import type { Paid } from "../run/cost/account.ts";
import type { Label } from "../run/log/labels.ts";

/** What judging has cost, as labels tell it. */
export interface PaidLabels extends Paid {
  /** Takes the next line. */
  add(label: Label): void;
}

/**
 * Sums what the labels of judges have cost; only the first one of each call tells.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openPaid } from "./paid.ts";
 * const label = {
 *   row: 1, attribute: "tone", label: "Calm", by: "judge:m", sample: "random" as const, p: 1, at: "",
 * };
 * const paid = openPaid();
 * paid.add({ ...label, usage: { input: 9, output: 1 }, cost: 0.25, calls: 1 });
 * paid.add({ ...label, attribute: "topic" });
 * assert.equal(paid.cost(), 0.25);
 * ```
 */
export function openPaid(): PaidLabels {
  let known: number | null = null;
  let usage: Usage | null = null;
  /** Tokens of calls without a cost. */
  const uncosted: Usage = { input: 0, output: 0 };
  let counted = 0;
  let uncounted = 0;
  return {
    add(label) {
      if (label.calls === undefined) return;
      const { cost = null, usage: tokens = null } = label;
      if (cost !== null) known = (known ?? 0) + cost;
      if (tokens === null) {
        uncounted++;
        return;
      }
      counted++;
      usage = plus(usage ?? { input: 0, output: 0 }, tokens);
      if (cost === null) Object.assign(uncosted, plus(uncosted, tokens));
    },
    cost(price = null) {
      const all = [known, usage === null ? null : costOf(uncosted, price)]
        .filter((usd) => usd !== null);
      return all.length === 0
        ? null
        : Number(all.reduce((sum, usd) => sum + usd, 0).toPrecision(12));
    },
    usage: () => usage === null ? null : { ...usage },
    counted: () => counted,
    uncounted: () => ({ live: uncounted, batch: 0 }),
  };
}

function plus(a: Usage, b: Usage): Usage {
  return { input: a.input + b.input, output: a.output + b.output };
}
