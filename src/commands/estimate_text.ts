import type { ModelPrice, PriceLookup } from "../models/cost/prices.ts";
import type { Preview, ValuePreview } from "../plan/preview.ts";
import type { Estimate } from "../run/cost/estimate.ts";
import type { Range } from "../run/cost/range.ts";
import { printable } from "../text/printable.ts";
import { amount, count, counted, money, share } from "../text/numbers.ts";

/** What a run will take, and all that has to be said with it. */
export interface EstimateFacts {
  estimate: Estimate;
  /** The model as people know it. */
  model: string;
  lookup: PriceLookup;
  /** Calls in flight. */
  concurrency: number;
  /** Whether the rows are asked through the Batch API; default false. */
  batch?: boolean;
  /** The shard that all of it is about, and the rows of the whole run; absent: it is about that. */
  part?: { shard: string; inAll: number };
  rarest: RarestValue | null;
}

/** The value that gets the fewest rows of all. */
export interface RarestValue extends ValuePreview {
  attribute: string;
}

/** Rows that `--probe` is recommended with. */
const PROBED = 20;

/**
 * The rarest value among those attributes that vary; null where none does.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rarestOf } from "./estimate_text.ts";
 * assert(rarestOf({ count: 20, attributes: [], length: null }) === null);
 * ```
 */
export function rarestOf(preview: Preview): RarestValue | null {
  return preview.attributes.filter(({ values }) => values > 1)
    .map(({ stem, rarest }) => ({ attribute: stem, ...rarest }))
    .reduce<RarestValue | null>(
      (least, each) => least === null || each.rows < least.rows ? each : least,
      null,
    );
}

/** The estimate in lines for people: what it takes, how sure that is, what the rows tell. */
export function estimateText(facts: EstimateFacts): string {
  const { estimate, model, lookup, rarest } = facts;
  const lines = [whatItTakes(facts)];
  if (estimate.done > 0) {
    lines.push(`${count(estimate.done)} of them are there already and counted in.`);
  }
  if (estimate.isLeast) {
    lines.push(
      `${model} thinks in hidden tokens, which cost as output and aren't in these figures: ` +
        `--probe ${PROBED} measures them.`,
    );
  }
  if (estimate.assumptions.length > 0) lines.push(`Assumed: ${estimate.assumptions.join("; ")}.`);
  if (estimate.measured > 0) {
    lines.push(
      `Measured on ${counted(estimate.measured, "row")} of this run, with 95 % intervals` +
        (estimate.seconds === null ? "." : "; a rate limit would draw the time out."),
    );
  }
  if (lookup.price === null) {
    lines.push(
      `The cost is not known: ${lookup.why}. "price" in settings.json sets it, in USD per million ` +
        "tokens.",
    );
  }
  if (rarest !== null) lines.push(rarestText(rarest));
  return lines.join("\n");
}

/** `2,000 rows ≈ 1.1 M tokens in, 58 k out ≈ $0.52 (0.44–0.61; gpt-4.1-mini, …) ≈ 1 min 10 s at 64 in flight`. */
function whatItTakes(facts: EstimateFacts): string {
  const { estimate, concurrency, lookup, model, part } = facts;
  const { tokens, cost, seconds } = estimate;
  const parts = [
    counted(estimate.rows, "row") +
    (part === undefined ? "" : ` (shard ${part.shard} of ${count(part.inAll)})`),
  ];
  if (cost === null || lookup.price === null) {
    parts.push(
      `${amount(tokens.input.estimate)} tokens in${spanOf(tokens.input, amount)}, ` +
        `${amount(tokens.output.estimate)} out${spanOf(tokens.output, amount)} (${model})`,
    );
  } else {
    parts.push(
      `${amount(tokens.input.estimate)} tokens in, ${amount(tokens.output.estimate)} out`,
      (estimate.isLeast ? "at least " : "") + costText(cost, { model, price: lookup.price }),
    );
  }
  if (seconds !== null) {
    parts.push(`${time(seconds.estimate)}${spanOf(seconds, time)} at ${concurrency} in flight`);
    return parts.join(" ≈ ");
  }
  const isOver = estimate.done >= estimate.rows;
  if (facts.batch && !isOver) return `${parts.join(" ≈ ")}; by batch within 24 hours`;
  return parts.join(" ≈ ") + (isOver ? "" : `; how long is not known without --probe`);
}

function costText(cost: Range, { model, price }: { model: string; price: ModelPrice }): string {
  const bare = (usd: number) => money(usd).slice(1);
  const span = spanText(cost, bare);
  const notes = [model, price.origin].join(", ");
  return `${money(cost.estimate)} (${span === "" ? "" : `${span}; `}${notes})`;
}

function spanOf(range: Range, text: (value: number) => string): string {
  const span = spanText(range, text);
  return span === "" ? "" : ` (${span})`;
}

/** `0.44–0.61`; nothing where both ends read as the estimate does. */
function spanText({ estimate, low, high }: Range, text: (value: number) => string): string {
  const [from, to] = [text(low), text(high)];
  return from === to && to === text(estimate) ? "" : `${from}–${to}`;
}

function rarestText({ attribute, value, rows, shareMargin, rateMargin }: RarestValue): string {
  const name = value === "" ? "asking for nothing" : `"${printable(value)}"`;
  const number = rows < 10 ? `${rows.toFixed(1)} rows` : counted(Math.round(rows), "row");
  return `The rarest value, ${
    printable(attribute)
  } = ${name}, gets ${number}: its share is known ` +
    `to ±${share(shareMargin)}, its refusal rate to ±${share(rateMargin)}.`;
}

/**
 * A time in two units at most: 0.8 s, 12 s, 1 min 10 s, 2 h 5 min.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { time } from "./estimate_text.ts";
 * assert.deepEqual([0.84, 12, 70, 7_500].map(time), ["0.8 s", "12 s", "1 min 10 s", "2 h 5 min"]);
 * ```
 */
export function time(seconds: number): string {
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (large: number, small: number, names: [string, string]) =>
    `${large} ${names[0]}${small === 0 ? "" : ` ${small} ${names[1]}`}`;
  if (whole < 3600) return two(Math.floor(whole / 60), whole % 60, ["min", "s"]);
  const minutes = Math.round(whole / 60);
  return two(Math.floor(minutes / 60), minutes % 60, ["h", "min"]);
}
