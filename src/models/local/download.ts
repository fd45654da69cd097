import { createHash, type Hash } from "node:crypto";

/** How a download was tried. */
export interface DownloadOptions {
  fetch: typeof globalThis.fetch;
  /** Milliseconds until the first byte must be there. */
  firstByteMs: number;
  /** Milliseconds that a download may stand still. */
  stallMs: number;
  /** Called with the bytes on disk and the size of the whole, where the server told it. */
  onBytes: (done: number, total: number | null) => void;
}

/** A source that gave no file. Its message is one line for people. */
export class SourceFault extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "SourceFault";
  }
}

/** How often a cut connection is taken up again where it broke off. */
const MOST_RESUMES = 5;

/**
 * Brings a file from `url` to `path`, going on from the bytes that are there, and gives back its
 * hex SHA-256, taken while it streams. A cut connection is taken up again while it still brings
 * bytes; what came stays for the next call.
 *
 * @throws {SourceFault} Where the server isn't reached in time, refuses, or keeps breaking off.
 */
export async function download(
  url: string,
  path: string,
  options: DownloadOptions,
): Promise<string> {
  for (let resumes = 0;; resumes++) {
    const before = await sizeOf(path);
    try {
      return await downloadOnce(url, path, options);
    } catch (error) {
      const size = await sizeOf(path);
      if (error instanceof Cut && size > before && resumes < MOST_RESUMES) continue;
      if (size === 0) await Deno.remove(path);
      throw error;
    }
  }
}

/** A connection that broke off after it had begun. */
class Cut extends SourceFault {}

async function downloadOnce(url: string, path: string, options: DownloadOptions): Promise<string> {
  const abort = new AbortController();
  const host = new URL(url).host;
  const tooLate = (ms: number) =>
    setTimeout(() => abort.abort(new SourceFault(`${host}: no answer within ${ms / 1000} s`)), ms);
  let timer = tooLate(options.firstByteMs);
  const hash = createHash("sha256");
  using file = await Deno.open(path, { create: true, read: true, write: true });
  let done = await hashFile(file, hash);
  let begun = false;
  try {
    const response = await options.fetch(url, {
      signal: abort.signal,
      headers: done > 0 ? { range: `bytes=${done}-` } : {},
    });
    if (done > 0 && response.status === 416) {
      // Nothing lies beyond what is there: whole, or wrong, which its checksum tells.
      await response.body?.cancel();
      return hash.digest("hex");
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new SourceFault(`${host}: HTTP ${response.status}`);
    }
    const resumed = response.status === 206 && firstByteOf(response) === done;
    if (done > 0 && !resumed) {
      await file.truncate(0);
      await file.seek(0, Deno.SeekMode.Start);
      done = 0;
    }
    const sum = resumed ? hash : createHash("sha256");
    const length = Number(response.headers.get("content-length") ?? NaN);
    const total = Number.isFinite(length) ? done + length : null;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      begun = true;
      await writeAll(file, chunk);
      sum.update(chunk);
      done += chunk.length;
      options.onBytes(done, total);
      timer = tooLate(options.stallMs);
    }
    if (total !== null && done < total) {
      throw new Cut(`${host}: broke off at ${done} of ${total} B`);
    }
    return sum.digest("hex");
  } catch (error) {
    const cause = abort.signal.aborted ? abort.signal.reason : error;
    if (begun) throw new Cut(`${host}: broke off after ${done} bytes`, { cause });
    if (cause instanceof SourceFault) throw cause;
    throw new SourceFault(`${host}: ${reasonOf(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Writes all of `bytes`: one write may take only a part of them. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

/** Hex SHA-256 of a file. */
export async function sha256Of(path: string): Promise<string> {
  using file = await Deno.open(path);
  const hash = createHash("sha256");
  await hashFile(file, hash);
  return hash.digest("hex");
}

/** Adds the rest of a file to a hash; gives back how many bytes that were. */
async function hashFile(file: Deno.FsFile, hash: Hash): Promise<number> {
  const buffer = new Uint8Array(1 << 20);
  let bytes = 0;
  for (let read; (read = await file.read(buffer)) !== null;) {
    hash.update(buffer.subarray(0, read));
    bytes += read;
  }
  return bytes;
}

function firstByteOf(response: Response): number | null {
  const range = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return range ? Number(range[1]) : null;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** The first line of what went wrong; of a failed request the part that follows its address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.cause instanceof Error ? error.cause.message : error.message;
  return message.split("\n")[0]?.replace(/^error sending request for url \(.*?\): /, "") ?? "";
}
