import { join } from "node:path";
import { UserError } from "../../error.ts";
import { type Lock, LOCK_FILE, takeLock } from "./lock.ts";
import { RECORDS_FILE } from "./records.ts";
import type { RowRecord } from "../types.ts";

/** Bytes that a line takes at most to be written from memory that is kept. */
const BUFFER = 64 * 1024;

/** How a log is synced. */
export interface LogOptions {
  /** Milliseconds between two syncs to the disk at least; default 5,000. */
  syncEveryMs?: number | undefined;
  /** Milliseconds on any clock. */
  now?: (() => number) | undefined;
}

/** The one writer's side of a log of JSON lines. */
export interface Log<T> {
  /** Bytes of a torn last line that were cut off when it was opened. */
  cut: number;
  /**
   * Hands an entry to the operating system at once: from then on it outlives this process. It
   * doesn't wait in memory, so that no answer is lost but those of calls that are still out; that
   * takes some microseconds, less than handing the write to another thread.
   *
   * @throws {UserError} Exit 3 where this or an earlier write failed.
   */
  append(entry: T): void;
  /** Syncs to the disk what was appended: it outlives the machine's end too. Throws as `append` does. */
  flush(): Promise<void>;
  /** Syncs to the disk and unlocks. Throws as `append` does, but unlocks even then. */
  close(): Promise<void>;
}

/** The one writer's side of `records.jsonl`. */
export type RecordLog = Log<RowRecord>;

/**
 * Opens the log of a run's folder for its one writer: locks the folder, cuts off a torn last line,
 * adds the line end where only that is missing. The log is only ever appended to.
 *
 * @throws {UserError} Exit 2 where another process writes this run, or the folder can't be written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openLog } from "./log.ts";
 * const folder = await Deno.makeTempDir();
 * const log = await openLog(folder);
 * assert(log.cut === 0);
 * await log.close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openLog(
  folder: string,
  options: LogOptions = {},
): Promise<RecordLog> {
  return await openLogAt(folder, { ...options, file: RECORDS_FILE, lock: LOCK_FILE });
}

/** Opens any log of a run's folder: see {@linkcode openLog}, which opens that of its records. */
export async function openLogAt<T>(
  folder: string,
  options: LogOptions & { file: string; lock: string },
): Promise<Log<T>> {
  const { syncEveryMs = 5000, now = () => performance.now() } = options;
  const path = join(folder, options.file);
  const { lock, file, cut } = await openForWriting(folder, { path, lockName: options.lock });
  const encoder = new TextEncoder();
  let failure: UserError | null = null;
  let syncing: Promise<void> | null = null;
  let syncedAt = now();
  let unsynced = false;

  /** The same memory is written from again and again: a new piece for each row is work to clean up. */
  const buffer = new Uint8Array(BUFFER);

  function encoded(text: string): Uint8Array {
    // No code unit takes more than three bytes.
    if (text.length * 3 > buffer.length) return encoder.encode(text);
    return buffer.subarray(0, encoder.encodeInto(text, buffer).written);
  }

  function sync(): Promise<void> {
    unsynced = false;
    syncedAt = now();
    return file.syncData().catch((cause) => {
      failure ??= writeError(path, cause);
    });
  }

  return {
    cut,
    append(entry) {
      if (failure !== null) throw failure;
      try {
        let bytes = encoded(JSON.stringify(entry) + "\n");
        while (bytes.length > 0) bytes = bytes.subarray(file.writeSync(bytes));
      } catch (cause) {
        throw failure = writeError(path, cause);
      }
      unsynced = true;
      if (syncing === null && now() - syncedAt >= syncEveryMs) {
        syncing = sync().finally(() => syncing = null);
      }
    },
    async flush() {
      await syncing;
      if (unsynced && failure === null) await sync();
      if (failure !== null) throw failure;
    },
    async close() {
      await syncing;
      if (unsynced && failure === null) await sync();
      file.close();
      await lock.release();
      if (failure !== null) throw failure;
    },
  };
}

/** Locks, mends, opens; whatever fails, nothing is left open or locked. */
async function openForWriting(
  folder: string,
  { path, lockName }: { path: string; lockName: string },
): Promise<{ lock: Lock; file: Deno.FsFile; cut: number }> {
  let lock: Lock | null = null;
  try {
    lock = await takeLock(folder, lockName);
    const cut = await mendTail(path);
    return { lock, file: await Deno.open(path, { append: true, create: true }), cut };
  } catch (error) {
    await lock?.release();
    if (error instanceof UserError || !(error instanceof Error)) throw error;
    throw new UserError(
      `${folder} can't be written: ${error.message}.\n` +
        "Choose another folder of runs with --output. Nothing was asked.",
      { cause: error },
    );
  }
}

function writeError(path: string, cause: unknown): UserError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UserError(
    `${path} can't be written: ${why}.\n` +
      "Rows written before are safe. Make room, then give the same command again.",
    { exitCode: 3, cause },
  );
}

/** Bytes read at once when looking for the last line's start. */
const CHUNK = 64 * 1024;

/**
 * Sees to it that a log of JSON lines ends with a line end: a last line without one gets it where it is JSON,
 * else it is cut off. Gives the number of bytes cut.
 */
export async function mendTail(path: string): Promise<number> {
  using file = await openIfThere(path);
  if (file === null) return 0;
  const { size, isFile } = await file.stat();
  if (!isFile) return 0;
  const start = await lastLineStart(file, size);
  if (start === size) return 0;
  const tail = new Uint8Array(size - start);
  await readAt(file, tail, start);
  if (isWhole(new TextDecoder().decode(tail))) {
    await file.seek(0, Deno.SeekMode.End);
    await file.write(new Uint8Array([LINE_FEED]));
    return 0;
  }
  await file.truncate(start);
  return tail.length;
}

const LINE_FEED = 10;

/** Only a whole line is JSON, since a record's last character closes it; blanks are no loss. */
function isWhole(text: string): boolean {
  if (text.trim() === "") return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The offset after the last line end, 0 where there is none. */
async function lastLineStart(file: Deno.FsFile, size: number): Promise<number> {
  const chunk = new Uint8Array(CHUNK);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - CHUNK);
    const bytes = chunk.subarray(0, end - start);
    await readAt(file, bytes, start);
    const at = bytes.lastIndexOf(LINE_FEED);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

async function readAt(file: Deno.FsFile, bytes: Uint8Array, offset: number): Promise<void> {
  await file.seek(offset, Deno.SeekMode.Start);
  for (let filled = 0; filled < bytes.length;) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) throw new Error("Cannot read the log's end: it became shorter meanwhile");
    filled += read;
  }
}

async function openIfThere(path: string): Promise<Deno.FsFile | null> {
  try {
    return await Deno.open(path, { read: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
