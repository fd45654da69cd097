import type { UserError } from "../../error.ts";
import { count, counted } from "../../text/numbers.ts";
import type { Fault } from "../types.ts";
import { stoppedBy } from "./stopped.ts";
import { wordsOf } from "./words_of.ts";

/** So many of the last finished calls are looked at, and fewer than `least` say nothing. */
export const lastCalls = { most: 40, least: 20 };

/** With this share of them failed there is no point in going on. */
const nearlyAll = 0.9;

/** What is known of an endpoint from the answers that came so far. */
export interface Health {
  /** Answers that show that the endpoint does its work: replies, and prompts it filtered. */
  readonly signs: number;
  /** A reply came. */
  reply(): void;
  /** A prompt was filtered, or a row rejected. */
  failed(fault: Fault): void;
  /** What ends the run where nearly all of the last calls failed; null where they didn't. */
  broken(): UserError | null;
  /**
   * What ends the run where all of its rows were rejected in one and the same words: then it is the
   * set-up that has to change. Null where any was answered.
   */
  alike(): UserError | null;
  /** What ends the run where no row can be asked. */
  refused(fault: Fault): UserError;
  /**
   * What ends the run where a row's attempts are used up while nothing else came through either;
   * `rows`: how many have nothing but faults by now.
   */
  down(fault: Fault, rows: number): UserError;
}

/**
 * Starts to watch an endpoint. Calls with a passing fault don't count as finished: their rows are
 * asked again.
 */
export function watchHealth(options: { address: string }): Health {
  const { address } = options;
  let signs = 0;
  /** The last finished calls, the oldest first: what failed, null for a reply. */
  const last: (Fault | null)[] = [];
  let faults = 0;
  /** The rejections before the first sign; `words`: those of all of them, null where they differ. */
  let rejected: { rows: number; words: string | null; last: Fault } | null = null;

  function finished(fault: Fault | null): void {
    last.push(fault);
    if (fault !== null) faults++;
    if (last.length > lastCalls.most && last.shift() !== null) faults--;
  }

  return {
    get signs() {
      return signs;
    },
    reply() {
      signs++;
      finished(null);
    },
    failed(fault) {
      if (fault.kind === "filtered") signs++;
      else if (signs === 0) {
        const words = wordsOf(fault);
        const isAlike = rejected === null || rejected.words === words;
        rejected = { rows: (rejected?.rows ?? 0) + 1, words: isAlike ? words : null, last: fault };
      }
      finished(fault);
    },
    broken() {
      if (last.length < lastCalls.least || faults < nearlyAll * last.length) return null;
      const failed = last.filter((fault) => fault !== null);
      const filtered = failed.filter(({ kind }) => kind === "filtered").length;
      const what = filtered > faults / 2 ? "filtered" : "rejected";
      const latest = failed.at(-1);
      return stoppedBy(
        `${address} ${what} ${faults} of the last ${last.length} rows. ` +
          `The last time: ${latest?.reason}${what === "rejected" ? advice(latest?.status) : ""}`,
      );
    },
    alike() {
      if (signs > 0 || rejected === null || rejected.words === null) return null;
      const { rows, last: { reason, status } } = rejected;
      if (status === null || status < 400 || status >= 500) return null;
      return stoppedBy(
        `${address} rejected ${
          rows === 1 ? "the only row" : `each of the ${rows} rows alike`
        }: ${reason}${advice(status)}`,
      );
    },
    refused: (fault) => stoppedBy(`${address} can't be asked: ${fault.reason}`),
    down: (fault, rows) =>
      stoppedBy(
        `${address} seems to be down: ` +
          (signs === 0
            ? "no call comes through"
            : `${counted(signs, "row was", "rows were")} answered, then ${
              count(rows)
            } got nothing but faults`) +
          `. The last one: ${fault.reason}`,
      ),
  };
}

/** What is likely to have to change where nearly all rows are rejected. */
function advice(status: number | null | undefined): string {
  return status === 401 || status === 403
    ? "\nCheck the key and what it may be used for: deno task doctor names its variable."
    : "\nIt is the set-up that doesn't suit, not single rows: change what these words name, in " +
      "settings.json or by --model; deno task doctor tells more.";
}
