/**
 * Writes what is left of a text after NFC, lower case, and removal of punctuation, spaces and
 * control characters of all scripts. Symbols such as `€` and emoji stay.
 *
 * @param into Where its UTF-16 code units go, from `at` on: room for three times the text's length
 *   is always enough.
 * @returns The place after the last one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { writeBare } from "./bare_text.ts";
 * const units = new Uint16Array(60);
 * const end = writeBare("Can't I pay?", units, 0);
 * assert(String.fromCharCode(...units.subarray(0, end)) === "cantipay");
 * ```
 */
export function writeBare(text: string, into: Uint16Array, at: number): number {
  kept ??= keptUnits();
  const lower = text.normalize("NFC").toLowerCase();
  for (let i = 0; i < lower.length; i++) {
    const unit = lower.charCodeAt(i);
    if (kept[unit] === 0) continue;
    if ((unit & 0xfc00) === 0xd800 && i + 1 < lower.length) {
      const point = lower.codePointAt(i) ?? unit;
      if (point > 0xffff) {
        i++;
        if (REMOVED.test(String.fromCodePoint(point))) continue;
        into[at++] = unit;
        into[at++] = lower.charCodeAt(i);
        continue;
      }
    }
    into[at++] = unit;
  }
  return at;
}

const REMOVED = /[\p{P}\p{Z}\p{Cc}\p{Cf}]/u;

let kept: Uint8Array | undefined;

/** By code unit: 0 where it is removed. */
function keptUnits(): Uint8Array {
  return Uint8Array.from(
    { length: 0x10000 },
    (_, unit) => REMOVED.test(String.fromCharCode(unit)) ? 0 : 1,
  );
}
