import { UserError } from "../../error.ts";
import type { Fault } from "../../models/types.ts";
import type { LedgerBatch } from "../log/ledger.ts";

/** What ends the asking where a file or a batch can't be made, or not be asked for. */
export function refused(address: string, { reason, status, kind }: Fault): UserError {
  const absent = status === 404 || status === 405 || status === 501;
  const message = absent
    ? `${address} offers no batches: it said ${reason}\nLeave --batch out to ask it live, or use an ` +
      "endpoint that has OpenAI's Batch API."
    : `${address} ${kind === "passing" ? "takes no batch now" : "can't be asked"}: ${reason}\n` +
      "Rows without an answer stay pending, and nothing is lost: the same command goes on with them.";
  return new UserError(message, { exitCode: 3 });
}

/** What ends the asking where a batch may have been made and its endpoint doesn't tell. */
export function unknownWhether(
  address: string,
  { entry, fault }: { entry: LedgerBatch; fault: Fault },
): UserError {
  return new UserError(
    `Whether the batch of file ${entry.file} was made isn't known, and the list of batches at ` +
      `${address} doesn't tell: ${fault.reason}\nIts rows stay pending: the same command looks ` +
      "again. To give the batch up, which asks its rows anew: the same command with --cancel-batch.",
    { exitCode: 3 },
  );
}

/** What ends the asking where a batch may have been made at another address. */
export function elsewhereError(address: string, entry: LedgerBatch): UserError {
  return new UserError(
    `Whether the batch of file ${entry.file} was made isn't known, and only ${entry.address}, where ` +
      `it was submitted, can tell: this is ${address}.\nIts rows stay pending. To collect it: the ` +
      "same command with that address. To give it up, which asks its rows anew: the same command " +
      "with --cancel-batch.",
    { exitCode: 3 },
  );
}

/** What ends the asking where the endpoint doesn't know a batch that was made. */
export function unknownBatch(
  address: string,
  { entry, id, fault }: { entry: LedgerBatch; id: string; fault: Fault },
): UserError {
  const where = entry.address === address ? "" : `, which was submitted at ${entry.address}`;
  return new UserError(
    `${address} doesn't know batch ${id}${where}: ${fault.reason}\n` +
      "Its rows stay pending. Is the key of the same project, and the address the same? To give " +
      "the batch up, which asks its rows anew: the same command with --cancel-batch.",
    { exitCode: 3 },
  );
}

/** What ends the asking where a batch counts answers and names no file of them. */
export function withoutFile(address: string, id: string): UserError {
  return new UserError(
    `Batch ${id} has ended and counts answers, but ${address} names no file of them.\n` +
      "Its rows stay pending: the same command looks again. To give its answers up, which asks its " +
      "rows anew: the same command with --cancel-batch.",
    { exitCode: 3 },
  );
}

/** What ends the asking where the endpoint's line has no room for one row. */
export function fullError(address: string): UserError {
  return new UserError(
    `${address} takes no batch of even one row: its line is full of other batches.\n` +
      "Rows without an answer stay pending: the same command goes on when those have ended.",
    { exitCode: 3 },
  );
}

/** What ends the asking where a batch was cancelled elsewhere. */
export function cancelledError(id: string): UserError {
  return new UserError(
    `Batch ${id} was cancelled at the endpoint. Its rows without an answer stay pending.\n` +
      "To submit them again: the same command.",
    { exitCode: 3 },
  );
}

/** What ends the asking where a batch was refused as a whole. */
export function notTaken(
  address: string,
  { id, fault }: { id: string; fault: Fault },
): UserError {
  return new UserError(
    `${address} didn't take batch ${id}: ${fault.reason}\n` +
      "Its rows stay pending: the same command goes on with them.",
    { exitCode: 3 },
  );
}

/** What ends the asking where results tell that no further rows can be asked. */
export function stopped(what: string): UserError {
  return new UserError(
    `${what}\nRows without an answer stay pending: the same command goes on with them.`,
    { exitCode: 3 },
  );
}

/** What ends the collecting of a batch whose results can't be had. */
export function resultsGone(
  address: string,
  { id, fault }: { id: string; fault: Fault },
): UserError {
  return new UserError(
    `The results of batch ${id} can't be had from ${address}: ${fault.reason}\n` +
      "Its rows stay pending: the same command tries again. To give its results up, which asks its " +
      "rows anew: the same command with --cancel-batch.",
    { exitCode: 3 },
  );
}
