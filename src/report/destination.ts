import { basename, dirname, join } from "node:path";
import { isAbsent, UserError } from "../error.ts";
import { MANIFEST_FILE } from "../run/log/manifest.ts";
import { RECORDS_FILE } from "../run/log/records.ts";

/** Files that a run's folder may get later: readers would take another file of that name for it. */
const RUN_FILES = [
  MANIFEST_FILE,
  RECORDS_FILE,
  "labels.jsonl",
  "plan.jsonl",
  "analysis.json",
  "suggestions.json",
  "report.html",
];

/** A file that is written whole or not at all. */
export interface Destination {
  path: string;
  /** What is written first, beside it. */
  temporary: string;
}

/** The files that are touched where `path` is written. */
export function destinationOf(path: string): Destination {
  return { path, temporary: join(dirname(path), `.${basename(path)}.exporting`) };
}

/**
 * Checks that a file can be put in place at `path`: in a folder that exists, over nothing but a
 * plain file, and over none of a run's.
 *
 * @throws {UserError} Exit 2 where it can't or mustn't be.
 */
export async function checkDestination(path: string): Promise<void> {
  const there = await infoOf(path);
  if (there !== "closed" && there?.isDirectory) {
    throw new UserError(`${path} is a folder: name a file in it.`);
  }
  if (there === "closed" || there?.isFile === false) {
    throw new UserError(
      `${path} is no plain file that can be replaced: choose another one, or leave --to out and ` +
        "send the output there with >.",
    );
  }
  const folder = await realFolder(dirname(path));
  if (folder === null) {
    throw new UserError(
      `There is no folder ${dirname(path)} to put ${basename(path)} into: make it first.`,
    );
  }
  await refuseRunFile(join(folder, basename(path)), there !== null);
}

async function refuseRunFile(path: string, exists: boolean): Promise<void> {
  for (let folder = dirname(path);; folder = dirname(folder)) {
    if (await infoOf(join(folder, MANIFEST_FILE)) !== null) {
      if (!exists && !RUN_FILES.includes(basename(path))) return;
      throw new UserError(
        `${path} lies in the folder of a run, whose files aren't written over: choose another file.`,
      );
    }
    if (folder === dirname(folder)) return;
  }
}

/**
 * Writes pieces of text to the temporary file and puts it in place when all are there; an error or
 * an abort leaves nothing.
 *
 * @returns Whether the file was put in place: false after an abort.
 * @throws {UserError} Exit 2 where the file can't be written.
 */
export async function writeWhole(
  pieces: AsyncIterable<string>,
  options: Destination & { signal: AbortSignal },
): Promise<boolean> {
  const { path, temporary, signal } = options;
  let done = false;
  try {
    using file = await orUserError(path, Deno.open(temporary, FRESH));
    for await (const piece of pieces) {
      if (signal.aborted) return false;
      let bytes = new TextEncoder().encode(piece);
      while (bytes.length > 0) bytes = bytes.subarray(await orUserError(path, file.write(bytes)));
    }
    await orUserError(path, file.sync());
    await orUserError(path, Deno.rename(temporary, path));
    done = true;
    return true;
  } finally {
    if (!done) await Deno.remove(temporary).catch(() => {});
  }
}

const FRESH = { write: true, create: true, truncate: true };

async function orUserError<T>(path: string, writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${path} can't be written: ${why}.`, { cause });
  }
}

/**
 * What stands there, links not followed: writing would put the file in the link's place. Devices
 * and folders of other people are closed.
 */
async function infoOf(path: string): Promise<Deno.FileInfo | "closed" | null> {
  try {
    return await nullIfAbsent(Deno.lstat(path));
  } catch (error) {
    const denied = error instanceof Deno.errors.NotCapable ||
      error instanceof Deno.errors.PermissionDenied;
    if (denied) return "closed";
    throw error;
  }
}

async function realFolder(path: string): Promise<string | null> {
  const info = await nullIfAbsent(Deno.stat(path));
  return info?.isDirectory ? await Deno.realPath(path) : null;
}

async function nullIfAbsent<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}
