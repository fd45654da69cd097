import { absorb } from "../../stats/random.ts";
import { writeBare } from "./bare_text.ts";
import { firstsOf } from "./firsts.ts";

/** The different texts of rows, each without case, punctuation and spaces, by the row that had it first. */
export interface DistinctTexts {
  /** How many they are. */
  size: number;
  /** By row: the index of its text. */
  textOf: Uint32Array;
  /** By text: the first row that has it, ascending. */
  firstRow: Uint32Array;
  /** By text: rows that have it. */
  copies: Uint32Array;
  /** The texts' UTF-16 code units one after another. */
  units: Uint16Array;
  /** The units of text t are `units[starts[t]]` to before `units[starts[t + 1]]`; size + 1 entries. */
  starts: Uint32Array;
}

/**
 * Finds rows that are equal but for case, punctuation and spaces (see {@linkcode writeBare}).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { distinctTexts } from "./distinct_texts.ts";
 * const { size, textOf } = distinctTexts(["Good day!", "Hello", "good day"]);
 * assert(size === 2);
 * assert.deepEqual([...textOf], [0, 1, 0]);
 * ```
 */
export function distinctTexts(texts: readonly string[]): DistinctTexts {
  const textOf = new Uint32Array(texts.length);
  const firstRow = new Uint32Array(texts.length);
  const copies = new Uint32Array(texts.length);
  const starts = new Uint32Array(texts.length + 1);
  let units = new Uint16Array(texts.reduce((sum, { length }) => sum + length, 0));
  let size = 0;

  const same = (a: number, b: number): boolean => {
    const [from, other] = [starts[a]!, starts[b]!];
    const length = starts[a + 1]! - from;
    if (starts[b + 1]! - other !== length) return false;
    for (let i = 0; i < length; i++) if (units[from + i] !== units[other + i]) return false;
    return true;
  };
  const firsts = firstsOf(texts.length, same);
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row]!;
    const from = starts[size]!;
    // Lower case and NFC can lengthen a text.
    if (from + 3 * text.length > units.length) units = grown(units, from + 3 * text.length);
    // Written where the next new text stands; the next row overwrites it where it isn't new.
    const end = writeBare(text, units, from);
    starts[size + 1] = end;
    let hash = end - from;
    for (let i = from; i < end; i++) hash = Math.imul(hash ^ units[i]!, 0x01000193);
    const first = firsts.add(size, absorb(hash, 0));
    textOf[row] = first;
    copies[first]! += 1;
    if (first === size) firstRow[size++] = row;
  }
  return {
    size,
    textOf,
    firstRow: firstRow.subarray(0, size),
    copies: copies.subarray(0, size),
    units: units.subarray(0, starts[size]),
    starts: starts.subarray(0, size + 1),
  };
}

function grown(units: Uint16Array<ArrayBuffer>, least: number): Uint16Array<ArrayBuffer> {
  const larger = new Uint16Array(Math.ceil(1.25 * least));
  larger.set(units);
  return larger;
}
