import type { Config } from "../config/types.ts";
import { maxTokensFor } from "../models/endpoint/parameters.ts";
import type { ChatRequest } from "../models/types.ts";
import { rowSeed } from "../plan/row_seed.ts";
import type { PlannedRow } from "../plan/types.ts";
import { prompter, type PromptOptions, stopTexts } from "../prompt/prompt.ts";

/**
 * Makes the function from a planned row to what a model is asked for it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadConfig } from "../config/load.ts";
 * import { plan } from "../plan/plan.ts";
 * import { rowRequests } from "./row_request.ts";
 * const config = await loadConfig("config");
 * const row = plan(config, { seed: 1, sampling: "even" })(0);
 * const { messages } = rowRequests(config, { form: "full", seed: 1 })(row);
 * assert.deepEqual(messages.map(({ role }) => role), ["system", "user"]);
 * ```
 */
export function rowRequests(
  config: Config,
  options: PromptOptions,
): (row: PlannedRow) => ChatRequest {
  const messagesOf = prompter(config, options);
  const stop = stopTexts(config, options.form);
  return (row) => ({
    messages: messagesOf(row),
    seed: rowSeed(options.seed, row.row),
    maxTokens: maxTokensFor(row.requestedWords, config.settings),
    ...(stop === null ? {} : { stop }),
  });
}
