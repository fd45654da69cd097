import { UserError } from "../../../error.ts";

/** Bytes asked from the file at once. */
const CHUNK = 256 * 1024;
const LINE_FEED = 10;

/**
 * Streams the text of a UTF-8 file in pieces, a byte order mark taken off. Line ends stay as they
 * are.
 *
 * @throws {UserError} Exit 2 where there is no such file, or its bytes aren't UTF-8 text: with the
 * line, as far as lines can be told.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readUtf8 } from "./text.ts";
 * let text = "";
 * for await (const piece of readUtf8("config/context.txt")) text += piece;
 * assert(text.startsWith("Viking Bank"));
 * ```
 */
export async function* readUtf8(path: string): AsyncGenerator<string, void, undefined> {
  using file = await open(path);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const buffer = new Uint8Array(CHUNK);
  let isFirst = true;
  let line = 1;
  for (;;) {
    const read = await readInto(file, { buffer, path });
    if (read === null) break;
    const bytes = buffer.subarray(0, read);
    if (isFirst && isMarkedUtf16(bytes)) {
      throw new UserError(`${path} is UTF-16: save it as UTF-8.`);
    }
    if (bytes.includes(0)) {
      throw new UserError(
        `${path} has NUL bytes, so it is UTF-16 or no text: save it as UTF-8.`,
      );
    }
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw notUtf8(path, line + firstBadLine(bytes, isFirst), cause);
    }
    isFirst = false;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) line++;
    if (text !== "") yield text;
  }
  try {
    decoder.decode();
  } catch (cause) {
    throw notUtf8(path, line, cause);
  }
}

async function open(path: string): Promise<Deno.FsFile> {
  try {
    // A pipe would be waited for, and can't be gone through twice.
    if (!(await Deno.stat(path)).isFile) {
      throw new UserError(`${path} is no plain file: write what comes from it into one first.`);
    }
    return await Deno.open(path, { read: true });
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) throw new UserError(`There is no file ${path}.`);
    throw cause;
  }
}

async function readInto(
  file: Deno.FsFile,
  { buffer, path }: { buffer: Uint8Array; path: string },
): Promise<number | null> {
  try {
    return await file.read(buffer);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${path} can't be read: ${why}.`, { cause });
  }
}

function isMarkedUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function notUtf8(path: string, line: number, cause: unknown): UserError {
  return new UserError(`${path}, line ${line}: not valid UTF-8. Save the file as UTF-8.`, {
    cause,
  });
}

/** Lines before the first that isn't valid; a piece of a file may begin and end inside a character. */
function firstBadLine(bytes: Uint8Array, isFirst: boolean): number {
  let start = 0;
  if (!isFirst) { while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++; }
  for (let line = 0;; line++) {
    const end = bytes.indexOf(LINE_FEED, start);
    const own = bytes.subarray(start, end < 0 ? bytes.length : end);
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(own, { stream: end < 0 });
    } catch {
      return line;
    }
    // What is wrong is the character that the piece began in.
    if (end < 0) return 0;
    start = end + 1;
  }
}
