import { join } from "node:path";
import { isStillAt, tryLock } from "./lock.ts";

/** The file's name in a run's folder; there only while a shard has its turn. */
export const TURN_FILE = "turn";

/** Milliseconds between two looks whether it is our turn. */
const WAIT_MS = 20;

/**
 * Does some short work while no other process does its own for the same folder. The operating system
 * holds the turn: it ends with the process however that ends.
 *
 * @throws {UserError} Exit 2 where the file system has no locks; and what the work throws.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inTurn } from "./turn.ts";
 * const folder = await Deno.makeTempDir();
 * let inside = 0;
 * const work = async () => {
 *   assert.equal(++inside, 1);
 *   await Promise.resolve();
 *   return inside--;
 * };
 * assert.deepEqual(await Promise.all([inTurn(folder, work), inTurn(folder, work)]), [1, 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, TURN_FILE);
  for (;;) {
    using file = await Deno.open(path, { read: true, write: true, create: true });
    if (!await tryLock(file, path)) {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      continue;
    }
    // The one before may have removed the file between our opening and locking it.
    if (!await isStillAt(path, file)) continue;
    try {
      return await work();
    } finally {
      await Deno.remove(path).catch(() => {});
    }
  }
}
