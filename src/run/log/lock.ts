import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../error.ts";

/** The lock's name in the folder of a run or of a part of it; there only while it is written. */
export const LOCK_FILE = "lock";

const holderSchema = z.object({ pid: z.int(), host: z.string(), startedAt: z.string() });

/** Holds a folder for one writer. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the one place for a writer in a folder. The operating system holds the lock, so it ends
 * with the process however that ends, and no stale lock is left behind.
 *
 * @param name The lock's file: files of a folder that have writers of their own have locks of their own.
 * @throws {UserError} Exit 2 where another writer has it; it tells which.
 */
export async function takeLock(folder: string, name: string = LOCK_FILE): Promise<Lock> {
  const path = join(folder, name);
  for (;;) {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    try {
      if (!await tryLock(file, path)) throw heldError(folder, await readHolder(path));
      if (!await isStillAt(path, file)) {
        // The holder before removed the file between our opening and locking it: take the new one.
        file.close();
        continue;
      }
      const holder = { pid: Deno.pid, host: await hostName(), startedAt: new Date().toISOString() };
      await file.truncate();
      await file.write(new TextEncoder().encode(JSON.stringify(holder) + "\n"));
    } catch (error) {
      file.close();
      throw error;
    }
    return {
      async release() {
        // Removed before it is unlocked, so that nobody locks a file that then goes away unnoticed.
        await Deno.remove(path).catch(() => {});
        file.close();
      },
    };
  }
}

/** Locks an open file where nobody has; false: somebody has. */
export async function tryLock(file: Deno.FsFile, path: string): Promise<boolean> {
  try {
    return await file.tryLock(true);
  } catch (cause) {
    throw new UserError(
      `${path} can't be locked: this file system has no locks. ` +
        "Choose a folder of runs on a local disk with --output.",
      { cause },
    );
  }
}

/** Whether a locked file is the one that the path leads to; where that can't be told, yes. */
export async function isStillAt(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    return (await Deno.stat(path)).ino === (await file.stat()).ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Null where it can't be read: another system's lock may forbid that, or it isn't written yet. */
async function readHolder(path: string): Promise<z.infer<typeof holderSchema> | null> {
  try {
    return holderSchema.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch {
    return null;
  }
}

function heldError(folder: string, holder: z.infer<typeof holderSchema> | null): UserError {
  const who = holder === null
    ? "another process"
    : `process ${holder.pid} on ${holder.host}, since ${holder.startedAt}`;
  return new UserError(
    `${folder} is being written by ${who}.\n` +
      "Wait until it ends, stop it, or give this run another name with --run.",
  );
}

/** The machine's name where this process may know it without a question to the person. */
async function hostName(): Promise<string> {
  const { state } = await Deno.permissions.query({ name: "sys", kind: "hostname" });
  return state === "granted" ? Deno.hostname() : "this machine";
}
