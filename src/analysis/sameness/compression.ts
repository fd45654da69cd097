import { Buffer } from "node:buffer";
import { brotliCompressSync, constants } from "node:zlib";
import { rowSampler } from "./sample.ts";

/** Most bytes that are compressed: half a second. Only ratios of about as many bytes compare. */
const MOST = 4_000_000;

/**
 * How well texts compress together: bytes ÷ compressed bytes, with Brotli at a window of 16 MB, which
 * sees a text again wherever it stands. (gzip looks back 32 kB: it can't see copies further apart,
 * so it measures the order of rows.) Of more than 4 MB of texts a random part is taken, in the order
 * in which they came.
 *
 * @returns `compressedBytes`: bytes of texts that were compressed, in UTF-8, one line each. The ratio
 *   is null where there are none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compressionFindings } from "./compression.ts";
 * const { compression } = compressionFindings(Array(50).fill("Open an account"), { random: () => 0 });
 * assert(compression !== null && compression > 10);
 * ```
 */
export function compressionFindings(
  texts: readonly string[],
  { random }: { random: () => number },
): { compression: number | null; compressedBytes: number } {
  const rows: number[] = [];
  let bytes = 0;
  rowSampler(0, texts.length, random)((row) => {
    const more = Buffer.byteLength(texts[row] ?? "") + 1;
    if (bytes > 0 && bytes + more > MOST) return false;
    rows.push(row);
    bytes += more;
    return true;
  });
  if (rows.length === 0) return { compression: null, compressedBytes: 0 };
  const raw = Buffer.from(rows.toSorted((a, b) => a - b).map((row) => `${texts[row]}\n`).join(""));
  const compressed = brotliCompressSync(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  return { compression: raw.length / compressed.length, compressedBytes: raw.length };
}
