import { sep } from "node:path";

const encoder = new TextEncoder();

/** Says one or more lines to the person: stderr. */
export function say(text: string): void {
  draw(text.endsWith("\n") ? text : text + "\n");
}

/**
 * Gives data: stdout. A reader that has gone away (`| head`) ends the process quietly, as it would
 * any filter.
 */
export function give(text: string): void {
  try {
    writeAll(Deno.stdout, text);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    throw error;
  }
}

/**
 * Writes without the line end that {@linkcode say} adds: for a line that is drawn again. Where nobody
 * listens any more, the work goes on.
 */
export function draw(text: string): void {
  try {
    writeAll(Deno.stderr, text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/**
 * A message in which the paths below a folder are as they would be typed there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pathsFrom } from "./say.ts";
 * assert(pathsFrom("/home/me", "20 rows → /home/me/output/metro-1") === "20 rows → output/metro-1");
 * ```
 */
export function pathsFrom(folder: string, message: string): string {
  const root = folder.endsWith(sep) ? folder : folder + sep;
  return message.split(root).reduce((text, rest) =>
    // In the middle of a longer path it is another folder's end.
    text + (/(^|[\s"'(])$/.test(text) ? "" : root) + rest
  );
}

function writeAll(target: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(target.writeSync(bytes));
}
