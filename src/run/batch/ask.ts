import type { Asked } from "../../models/types.ts";
import { collectEnded } from "./collecting.ts";
import { makeBatches } from "./making.ts";
import { askFirst } from "./first.ts";
import { pollBatches } from "./polling.ts";
import { cancelBatches, resumeBatches } from "./resuming.ts";
import type { BatchOptions } from "./types.ts";
import { openWork } from "./work.ts";

/** Each wait between two looks at the open batches is longer than the one before by this. */
const RARER = 1.5;

/**
 * Asks for rows through the Batch API and yields what became of each, batch by batch, as `askAll`
 * does for live calls. Each batch is written into the ledger before the endpoint hears of it, and its
 * records are on the disk before the ledger says that it is collected: whenever this is ended, the
 * next start finds every batch again, makes none twice and collects what is missing.
 *
 * - Rows that come back without an answer are asked again in a next batch, at most `mostTries` times.
 * - A parameter that is refused is learned once; the rows go into the next batch.
 * - Where the endpoint has as many tokens in its line as it takes, batches wait for others to end,
 *   and are made smaller where there are no others.
 * - An endpoint that is away is waited for as long as it has a batch of ours.
 *
 * It ends early, without a fault, where `signal` aborts.
 *
 * @throws {UserError} Exit 3 where no more rows can be asked, or money is short. Batches that can
 * still be collected are collected first, unless the endpoint refuses.
 */
export async function* askInBatches<T>(
  options: BatchOptions<T>,
): AsyncGenerator<Asked<T>, void, undefined> {
  const { signal } = options;
  try {
    yield* untilStopped(options);
  } catch (error) {
    if (!signal.aborted || (error !== signal.reason && error !== options.cut.reason)) throw error;
  }
}

async function* untilStopped<T>(
  options: BatchOptions<T>,
): AsyncGenerator<Asked<T>, void, undefined> {
  const work = openWork(options);
  const { open, waits, cancel } = work;
  yield* askFirst(work);
  await resumeBatches(work);
  const kept = await options.keptFrom(new Set(open.all().map(({ id }) => id)));
  if (cancel) await cancelBatches(work);
  let wait = waits.shortest;
  let isFirst = true;
  for (;;) {
    if (!cancel) {
      const before = open.size;
      await makeBatches(work, { isFirst });
      if (open.size > before) {
        wait = waits.shortest;
        isFirst = false;
      }
    }
    work.tell();
    if (open.size === 0) break;
    const ended = await pollBatches(work);
    work.tell();
    for (const each of ended) {
      yield* collectEnded(each, work, { kept: kept.get(each.batch.id) ?? new Set() });
      kept.delete(each.batch.id);
    }
    if (ended.length > 0) continue;
    await work.patience.pause(wait);
    wait = Math.min(waits.longest, wait * RARER);
  }
  const shortage = open.stop ?? work.planning.shortage();
  if (shortage !== null) throw shortage;
}
