import type OpenAI from "openai";
import type { ParameterNotes } from "../types.ts";
import { mayBeAboutParameters } from "./refused_parameter.ts";

/** Those come first that endpoints refuse most often. */
const ORDER = ["response_format", "frequency_penalty", "seed", "top_p", "temperature", "stop"];

/** Searches of a run that find nothing: rows may be rejected for what they say. */
const MOST_FRUITLESS = 2;

/**
 * Whether a request is taken without these parameters; null where that can't be told now, such as
 * for a rate limit.
 */
export type Accepts = (without: readonly string[]) => Promise<boolean | null>;

/**
 * Finds which parameters an endpoint refuses without naming them. First the request is tried without
 * all of them; where that helps, one after the other is left out until the rest is taken, and then
 * each that may have been left out for nothing is put back.
 *
 * @param names Parameters that the refused request was sent with.
 * @returns Empty where it isn't about them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findRefused } from "./search.ts";
 * const accepts = (without: readonly string[]) => Promise.resolve(without.includes("seed"));
 * assert.deepEqual(await findRefused(["temperature", "seed"], accepts), ["seed"]);
 * ```
 */
export async function findRefused(
  names: readonly string[],
  accepts: Accepts,
): Promise<string[] | "unclear"> {
  const order = [
    ...ORDER.filter((name) => names.includes(name)),
    ...names.filter((name) => !ORDER.includes(name)),
  ];
  const helps = await accepts(order);
  if (helps !== true) return helps === null ? "unclear" : [];
  let refused: string[] = [];
  for (const name of order) {
    refused.push(name);
    // That all of them help is known.
    const taken = refused.length === order.length || await accepts(refused);
    if (taken === null) return "unclear";
    if (taken) break;
  }
  for (const name of refused.slice(0, -1)) {
    const others = refused.filter((other) => other !== name);
    const taken = await accepts(others);
    if (taken === null) return "unclear";
    if (taken) refused = others;
  }
  return refused;
}

/** What a run knows of parameters that may be refused without being named. */
export interface Search {
  /** A request with these parameters was answered: they are taken. */
  answered(parameters: readonly string[]): void;
  /**
   * Searches once for all requests that are out. False: it isn't about parameters, or enough was
   * searched. "unclear": it couldn't be told now.
   */
  learn(
    error: InstanceType<typeof OpenAI.APIError>,
    sent: readonly string[],
    accepts: Accepts,
  ): Promise<boolean | "unclear">;
}

/** Starts with nothing searched; what is found is added to `notes` and told. */
export function openSearch({ notes, onNote, isOptional }: {
  notes: ParameterNotes;
  onNote: (said: string) => void;
  /** Whether a request can be sent without this. */
  isOptional: (name: string) => boolean;
}): Search {
  const taken = new Set<string>();
  let fruitless = 0;
  let running: Promise<boolean | "unclear" | "left"> | null = null;
  /** What is known of a search that a limit broke off: the next one goes on with it. */
  const known = new Map<string, boolean>();

  async function search(sent: readonly string[], accepts: Accepts): Promise<boolean | "unclear"> {
    const refused = await findRefused(sent.filter(isOptional), async (without) => {
      const key = without.join();
      const found = known.get(key) ?? await accepts(without);
      if (found !== null) known.set(key, found);
      return found;
    });
    if (refused === "unclear") return refused;
    known.clear();
    if (refused.length === 0) {
      fruitless++;
      return false;
    }
    for (const name of refused) {
      notes.dropped.push(name);
      onNote(`doesn't take ${name}: it is left out.`);
    }
    return true;
  }

  return {
    answered(parameters) {
      taken.add(parameters.join());
    },
    async learn(error, sent, accepts) {
      if (!sent.some(isOptional) || !mayBeAboutParameters(error)) return false;
      for (;;) {
        // Found while this request was out.
        if (
          sent.some((name) => notes.dropped.includes(name) || Object.hasOwn(notes.replaced, name))
        ) {
          return true;
        }
        if (taken.has(sent.join())) return false;
        if (running !== null) {
          const found = await running;
          // What is found is for all that wait; where it was left, the next one searches.
          if (found === true || found === "left") continue;
          return found;
        }
        if (fruitless >= MOST_FRUITLESS) return false;
        const mine = search(sent, accepts);
        running = mine.catch(() => "left" as const);
        try {
          return await mine;
        } finally {
          running = null;
        }
      }
    },
  };
}
