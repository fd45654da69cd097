import { UserError } from "../../error.ts";
import { PROVIDERS, providers } from "../endpoint/providers.ts";
import type { ModelChoice } from "../types.ts";

// This file is read at every start, before anything is asked: it must not import the client.

/**
 * Whether a model's provider has a Batch API: models on this machine are asked live only.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { hasBatches } from "./offered.ts";
 * assert(!hasBatches({ provider: "simulated", name: "faithful", origin: "--model" }));
 * ```
 */
export function hasBatches({ provider }: ModelChoice): boolean {
  return PROVIDERS[provider].batches;
}

/** What a call for batches comes to where there are none. */
export function noBatchesError(model: string): UserError {
  const those = providers.map((provider) => PROVIDERS[provider]).filter(({ batches }) => batches);
  return new UserError(
    `${model} has no batches: the Batch API is ${
      those.map(({ title }) => `${title}'s`).join(" and ")
    }.\nLeave --batch out, or choose --model ${those.map(({ form }) => form).join(" or ")}. ` +
      "Nothing was asked.",
  );
}
