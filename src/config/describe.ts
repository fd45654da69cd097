import type { Config } from "./types.ts";

/** A longer first line is taken for text. */
const LONGEST_TITLE = 60;

/**
 * The title of a config: the first line of its context where that is short and no sentence, with
 * the sign of a heading taken off.
 *
 * @returns null where the context starts with running text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { titleOf } from "./describe.ts";
 * assert(titleOf({ context: "# Viking Bank\n\nViking Bank is a bank." }) === "Viking Bank");
 * assert(titleOf({ context: "You answer the customers of a bank." }) === null);
 * ```
 */
export function titleOf(config: Pick<Config, "context">): string | null {
  const title = (config.context.split("\n")[0] ?? "").replace(/^#+\s+/, "").trim();
  const short = title !== "" && Array.from(title).length <= LONGEST_TITLE;
  return short && !/[.,:;!?…]$/.test(title) ? title : null;
}
