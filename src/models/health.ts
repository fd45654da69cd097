import { UserError } from "../error.ts";
import type { Fault } from "./types.ts";

/** As many rejections in a row as say that it is no row's own doing. */
export const mostRejections = 20;

/** What is known of an endpoint from the answers that came so far. */
export interface Health {
  /** Answers that show that the endpoint does its work: replies, and prompts it filtered. */
  readonly signs: number;
  /** Rejections since the last such sign. */
  readonly rejections: number;
  /** An answer of that kind came. */
  sign(): void;
  /** A row was rejected; a `UserError` where it is one too many. */
  reject(fault: Fault): UserError | null;
  /** What ends the run where no row can be asked. */
  refused(fault: Fault): UserError;
  /** What ends the run where a row's attempts are used up while nothing else came through either. */
  down(fault: Fault): UserError;
}

/** Starts to watch an endpoint. */
export function watchHealth(options: { address: string }): Health {
  const { address } = options;
  let signs = 0;
  let rejections = 0;

  function stopped(what: string): UserError {
    return new UserError(
      `${what}\nRows without an answer stay pending: the same command goes on with them.`,
      { exitCode: 3 },
    );
  }

  return {
    get signs() {
      return signs;
    },
    get rejections() {
      return rejections;
    },
    sign() {
      signs++;
      rejections = 0;
    },
    reject(fault) {
      if (++rejections < mostRejections) return null;
      return stopped(
        `${address} rejected ${rejections} rows in a row and answered none between them. ` +
          `The last time: ${fault.reason}`,
      );
    },
    refused: (fault) => stopped(`${address} can't be asked: ${fault.reason}`),
    down: (fault) =>
      stopped(`${address} seems to be down: no call came through. The last one: ${fault.reason}`),
  };
}
