import type { FileRemarks } from "./remarks.ts";

/**
 * The text of a file: UTF-8, its byte order mark taken off, line ends as "\n".
 *
 * @param bytes The file as it is on the disk.
 * @param remarks Gets a fault where the bytes aren't UTF-8 text.
 * @returns null after a fault.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeText } from "./text.ts";
 * import { collectRemarks } from "./remarks.ts";
 * const text = decodeText(new TextEncoder().encode("a\r\nb"), collectRemarks("metro").on("context.txt"));
 * assert(text === "a\nb");
 * ```
 */
export function decodeText(bytes: Uint8Array, remarks: FileRemarks): string | null {
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) ||
    (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (marked || bytes.includes(0)) {
    remarks.fault(
      marked
        ? "it is UTF-16: save it as UTF-8"
        : "it has NUL bytes, so it is UTF-16 or no text: save it as UTF-8",
    );
    return null;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
  } catch {
    remarks.fault(`line ${firstBadLine(bytes)} isn't valid UTF-8: save the file as UTF-8`);
    return null;
  }
}

/** No byte inside a UTF-8 sequence is a line feed, so the lines can be tried one by one. */
function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0;; line++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
  }
}
