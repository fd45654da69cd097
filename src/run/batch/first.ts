import { UserError } from "../../error.ts";
import type { Asked } from "../../models/types.ts";
import type { Work } from "./work.ts";

/** Asks one item live, so that a refused key or parameter doesn't cost the time of a whole batch. */
export async function* askFirst<T>(
  { first, batches, signal, note }: Pick<Work<T>, "first" | "batches" | "signal" | "note">,
): AsyncGenerator<Asked<T>, void, undefined> {
  try {
    for await (const asked of first ?? []) {
      if (!batches.answersLive && asked.fault?.kind === "rejected") {
        note(`Live calls aren't answered (${asked.fault.reason}); going on by batch.`);
      } else yield asked;
    }
  } catch (error) {
    if (batches.answersLive || !(error instanceof UserError)) throw error;
    note(`Live calls aren't answered (${error.message.split("\n")[0]}); going on by batch.`);
  }
  signal.throwIfAborted();
}
