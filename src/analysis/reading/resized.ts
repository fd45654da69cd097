/** A typed array over a buffer of its own. */
interface Numbers {
  buffer: ArrayBuffer;
  BYTES_PER_ELEMENT: number;
}

/**
 * The same numbers in an array of another length, cut or filled up with zeros. The memory is handed
 * over, not copied, where that can be: the old array is empty afterwards.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { resized } from "./resized.ts";
 * const two = new Uint8Array([1, 2]);
 * assert.deepEqual([...resized(Uint8Array, two, 3)], [1, 2, 0]);
 * assert(two.length === 0);
 * ```
 */
export function resized<T extends Numbers>(
  kind: new (buffer: ArrayBuffer) => T,
  array: T,
  length: number,
): T {
  return new kind(array.buffer.transfer(length * array.BYTES_PER_ELEMENT));
}
