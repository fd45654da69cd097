import { UserError } from "../../error.ts";

/** What ends an asking that can go on later; `what`: what happened, where, what to do. */
export function stoppedBy(what: string): UserError {
  return new UserError(
    `${what}\nRows without an answer stay pending: the same command goes on with them.`,
    { exitCode: 3 },
  );
}
