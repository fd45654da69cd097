import type { Price, Settings } from "../../config/types.ts";
import { type Environment, variable } from "../endpoint/environment.ts";
import { PROVIDERS, type RemoteFacts } from "../endpoint/providers.ts";
import type { ModelChoice, Reply } from "../types.ts";

/** What a model costs, in USD per million tokens. */
export interface ModelPrice extends Price {
  /** Of input that the endpoint has in its cache; null: not known to be cheaper. */
  cachedInput: number | null;
  /** Through the Batch API, half of the above; null: not offered. */
  batch: Price | null;
  /** Where it comes from, for people: "settings.json", "prices of 2026-07". */
  origin: string;
}

/** A price, or why none is known. */
export type PriceLookup = { price: ModelPrice } | { price: null; why: string };

/** When the list below was read. */
export const PRICES_DATE = "2026-07";

/**
 * What a million tokens of this model cost. `settings.price` comes first: the price of a live call,
 * of which the Batch API takes half. `local:` and `simulated:` cost nothing. The list holds for
 * OpenAI's own address only: another one may sell a model of the same name for another price, and a
 * deployment is named as its owner likes. Nothing is guessed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { priceOf } from "./prices.ts";
 * const choice = { provider: "openai" as const, name: "gpt-4.1-mini-2025-04-14", origin: "--model" };
 * assert(priceOf(choice, { settings: {}, env: {} }).price?.input === 0.4);
 * const elsewhere = { OPENAI_BASE_URL: "http://127.0.0.1:8000/v1" };
 * assert(priceOf(choice, { settings: {}, env: elsewhere }).price === null);
 * ```
 */
export function priceOf(
  choice: ModelChoice,
  from: { settings: Pick<Settings, "price">; env: Environment },
): PriceLookup {
  const { provider, name } = choice;
  const given = from.settings.price;
  if (given !== undefined) {
    const { input, output } = given;
    return {
      price: {
        input,
        output,
        cachedInput: null,
        batch: half(given),
        origin: "price from settings.json",
      },
    };
  }
  const { remote, vendorNames, noun } = PROVIDERS[provider];
  if (remote === null) {
    const nothing = { input: 0, output: 0 };
    const origin = "it runs on this machine";
    return { price: { ...nothing, cachedInput: null, batch: nothing, origin } };
  }
  if (!vendorNames) {
    return { price: null, why: `${provider}:${name} is a ${noun[0]}'s name, which tells no price` };
  }
  if (!asksTheVendor(remote, from.env)) {
    const { address } = remote.variables;
    return { price: null, why: `what ${address}'s server takes for ${name} is not known` };
  }
  const listed = listedUnder(name);
  if (listed === null) return { price: null, why: `no price of ${name} is known` };
  const { input, cachedInput, output, batch } = listed;
  const origin = `prices of ${PRICES_DATE}`;
  return { price: { input, output, cachedInput, batch: batch ? half(listed) : null, origin } };
}

/**
 * The same through the Batch API.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { byBatch } from "./prices.ts";
 * const batch = { input: 0.2, output: 0.8 };
 * const price = { input: 0.4, output: 1.6, cachedInput: null, batch, origin: "prices of 2026-07" };
 * const { price: half } = byBatch({ price });
 * assert(half?.input === 0.2 && half.origin === "half of prices of 2026-07");
 * ```
 */
export function byBatch(lookup: PriceLookup): PriceLookup {
  if (lookup.price === null) return lookup;
  const { batch, origin } = lookup.price;
  if (batch === null) return { price: null, why: `by the ${origin} it isn't offered by batch` };
  return { price: { ...batch, cachedInput: null, batch, origin: `half of ${origin}` } };
}

/**
 * Whether the model is known to think in tokens that nobody sees and that are billed as output. Of
 * models that aren't listed nothing is known.
 */
export function isKnownToThink(choice: ModelChoice): boolean {
  return PROVIDERS[choice.provider].remote !== null && listedUnder(choice.name)?.thinks === true;
}

/** What the Batch API takes of a price. */
function half({ input, output }: Price): Price {
  return { input: input / 2, output: output / 2 };
}

/**
 * USD of so many tokens; null where the tokens or the price are unknown.
 *
 * @param options `batch`: they came through the Batch API, whose price is `price.batch`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { costOf } from "./prices.ts";
 * const usage = { input: 412, output: 22 };
 * const price = { input: 0.4, output: 1.6, batch: { input: 0.2, output: 0.8 } };
 * assert(costOf(usage, price) === 0.0002 && costOf(usage, price, { batch: true }) === 0.0001);
 * ```
 */
export function costOf(
  usage: Reply["usage"],
  price: (Price & { batch?: Price | null }) | null,
  options: { batch?: boolean } = {},
): number | null {
  const paid = options.batch ? price?.batch ?? null : price;
  if (usage === null || paid === null) return null;
  const usd = (usage.input * paid.input + usage.output * paid.output) / 1e6;
  // Twelve significant digits: what floating point adds beyond them is noise in the log.
  return Number(usd.toPrecision(12));
}

function asksTheVendor({ address, variables }: RemoteFacts, env: Environment): boolean {
  const set = variable(env, variables.address);
  return set === undefined || address.hosts.test(URL.parse(set)?.hostname ?? "");
}

interface Listed {
  input: number;
  cachedInput: number | null;
  output: number;
  batch: boolean;
  thinks: boolean;
}

/** A name may have the date of its version after it, as in gpt-4.1-mini-2025-04-14. */
function listedUnder(name: string): Listed | null {
  const base = name.replace(/-20\d\d-\d\d-\d\d$/, "");
  const found = [name, base].find((each) => Object.hasOwn(LIST, each));
  const row = found === undefined ? undefined : LIST[found];
  if (row === undefined) return null;
  const [input, cachedInput, output, ...traits] = row;
  const has = (trait: Trait) => traits.includes(trait);
  return { input, cachedInput, output, batch: has("batch"), thinks: has("thinks") };
}

/** `batch`: the Batch API takes it, at half the price. `thinks`: hidden tokens are billed as output. */
type Trait = "batch" | "thinks";

/**
 * OpenAI's chat models by the name without a date: USD per million tokens of input, of cached input
 * (null: not cheaper) and of output, from the vendor's public price list.
 */
// deno-fmt-ignore
const LIST: Readonly<Record<string, [number, number | null, number, ...Trait[]]>> = {
  "gpt-3.5-turbo":         [0.5, null, 1.5, "batch"],
  "gpt-4":                 [30, null, 60, "batch"],
  "gpt-4-turbo":           [10, null, 30, "batch"],
  "gpt-4o-2024-05-13":     [5, null, 15, "batch"],
  "gpt-4o":                [2.5, 1.25, 10, "batch"],
  "gpt-4o-mini":           [0.15, 0.075, 0.6, "batch"],
  "gpt-4.1":               [2, 0.5, 8, "batch"],
  "gpt-4.1-mini":          [0.4, 0.1, 1.6, "batch"],
  "gpt-4.1-nano":          [0.1, 0.025, 0.4, "batch"],
  "gpt-5":                 [1.25, 0.125, 10, "batch", "thinks"],
  "gpt-5-mini":            [0.25, 0.025, 2, "batch", "thinks"],
  "gpt-5-nano":            [0.05, 0.005, 0.4, "batch", "thinks"],
  "gpt-5-chat-latest":     [1.25, 0.125, 10],
  "gpt-5.1":               [1.25, 0.125, 10, "batch", "thinks"],
  "gpt-5.1-chat-latest":   [1.25, 0.125, 10],
  "gpt-5.2":               [1.75, 0.175, 14, "batch", "thinks"],
  "gpt-5.2-chat-latest":   [1.75, 0.175, 14],
  "gpt-5.3-chat-latest":   [1.75, 0.175, 14],
  "gpt-5.4":               [2.5, 0.25, 15, "batch", "thinks"],
  "gpt-5.4-mini":          [0.75, 0.075, 4.5, "batch", "thinks"],
  "gpt-5.4-nano":          [0.2, 0.02, 1.25, "batch", "thinks"],
  "gpt-5.5":               [5, 0.5, 30, "batch", "thinks"],
  "o1":                    [15, 7.5, 60, "batch", "thinks"],
  "o3":                    [2, 0.5, 8, "batch", "thinks"],
  "o3-mini":               [1.1, 0.55, 4.4, "batch", "thinks"],
  "o4-mini":               [1.1, 0.275, 4.4, "batch", "thinks"],
};
