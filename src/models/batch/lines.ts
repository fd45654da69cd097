/** How lines are read. */
export interface LinesOptions {
  /** Characters; of a longer line only null is given, so that no line fills the memory. */
  longest: number;
  /** Milliseconds for which nothing may come. */
  patienceMs: number;
}

/**
 * The lines of a stream as they come, without their ends, blank ones left out; null for one that is
 * too long. No more than a chunk and the longest line is held.
 *
 * @throws {Error} Where the stream breaks off, or nothing comes for too long.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readLines } from "./lines.ts";
 * const { body } = new Response("one\n\ntoo long\ntwo");
 * const lines = await Array.fromAsync(readLines(body, { longest: 4, patienceMs: 1000 }));
 * assert.deepEqual(lines, ["one", null, "two"]);
 * ```
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array> | null,
  options: LinesOptions,
): AsyncGenerator<string | null, void, undefined> {
  if (stream === null) return;
  const { longest, patienceMs } = options;
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let skipping = false;
  const given = (text: string): string | null => {
    const tooLong = skipping || text.length > longest;
    skipping = false;
    return tooLong ? null : text;
  };
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), patienceMs);
      const lines = decoder.decode(value, { stream: !done }).split("\n");
      lines[0] = rest + (lines[0] ?? "");
      rest = lines.pop() ?? "";
      if (done) lines.push(rest);
      for (const line of lines) {
        const text = given(line);
        if (text?.trim() !== "") yield text;
      }
      if (done) return;
      if (rest.length <= longest) continue;
      skipping = true;
      rest = "";
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function inTime<T>(coming: Promise<T>, milliseconds: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`nothing came for ${Math.round(milliseconds / 1000)} s`)),
    milliseconds,
  );
  try {
    return await Promise.race([coming, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
