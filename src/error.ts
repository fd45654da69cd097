/**
 * What went wrong in words for the person at the keyboard, and the exit code that it ends a command
 * with: 2 for usage, config or a run that can't be written, 3 for a run that stopped early and can
 * go on. Anything else that is thrown is a bug and shows its stack.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { UserError } from "./error.ts";
 * const error = new UserError("No run named \"metro-1\" in output", { exitCode: 2 });
 * assert(error.exitCode === 2);
 * ```
 */
export class UserError extends Error {
  /** The exit code of a command that ends with this error. */
  readonly exitCode: 2 | 3;

  /** @param message One or more lines: what happened, where, what was expected, what to do. */
  constructor(message: string, options: { exitCode?: 2 | 3; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "UserError";
    this.exitCode = options.exitCode ?? 2;
  }
}

/** Whether a path couldn't be opened because nothing stands there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
