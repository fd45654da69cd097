import { UserError } from "../../error.ts";
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
  return provider === "openai" || provider === "azure";
}

/** What a call for batches comes to where there are none. */
export function noBatchesError(model: string): UserError {
  return new UserError(
    `${model} has no batches: the Batch API is OpenAI's and Azure's.\n` +
      "Leave --batch out, or choose --model openai:NAME or azure:DEPLOYMENT. Nothing was asked.",
  );
}
