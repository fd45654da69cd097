/**
 * Rows of a shard that follow each other. A whole number of the 16-blocks in which even draws
 * balance, so that a shard's own shares are nearly as even as those of the whole run.
 */
const BLOCK = 64;

/** One of the shards that a run's rows are divided into. */
export interface Shard {
  /** From 1 to `of`. */
  index: number;
  of: number;
}

/** Row numbers of a run or of a part of it, each at a place of its own: 0 to `size` - 1. */
export interface RowNumbers {
  size: number;
  /** The row at a place in [0, `size`), in ascending order. */
  rowAt(place: number): number;
  /** The place of a row; null where it isn't one of these rows. */
  placeOf(row: number): number | null;
}

/**
 * Reads `2/4`: the second of four shards; null where that isn't one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseShard } from "./shard.ts";
 * assert.deepEqual(parseShard("2/4"), { index: 2, of: 4 });
 * assert(parseShard("5/4") === null);
 * ```
 */
export function parseShard(text: string): Shard | null {
  const match = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text);
  if (match === null) return null;
  const [index, of] = [Number(match[1]), Number(match[2])];
  return Number.isSafeInteger(of) && index <= of ? { index, of } : null;
}

/** `2/4`, as {@linkcode parseShard} reads it. */
export function shardText({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/**
 * The rows of a shard: blocks of 64 rows go to the shards round robin, so that the union of all
 * shards is the whole run. Nothing is enumerated.
 *
 * @param count Rows of the whole run, at least 0.
 * @param shard Null: all rows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shardRows } from "./shard.ts";
 * const rows = shardRows(1000, { index: 2, of: 4 });
 * assert(rows.size === 256 && rows.rowAt(0) === 64 && rows.rowAt(64) === 320);
 * assert(rows.placeOf(320) === 64 && rows.placeOf(63) === null);
 * ```
 */
export function shardRows(count: number, shard: Shard | null): RowNumbers {
  const { index, of } = shard ?? { index: 1, of: 1 };
  const first = index - 1;
  const wholeBlocks = Math.floor(count / BLOCK);
  const ownBlocks = Math.max(0, Math.ceil((wholeBlocks - first) / of));
  const lastIsOwn = wholeBlocks % of === first;
  return {
    size: ownBlocks * BLOCK + (lastIsOwn ? count % BLOCK : 0),
    rowAt: (place) => (Math.floor(place / BLOCK) * of + first) * BLOCK + place % BLOCK,
    placeOf(row) {
      if (!(Number.isInteger(row) && row >= 0 && row < count)) return null;
      const block = Math.floor(row / BLOCK);
      return block % of === first ? (block - first) / of * BLOCK + row % BLOCK : null;
    },
  };
}

/**
 * The shard, of so many, that a row belongs to.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shardOf } from "./shard.ts";
 * assert.deepEqual(shardOf(320, 4), { index: 2, of: 4 });
 * ```
 */
export function shardOf(row: number, of: number): Shard {
  return { index: Math.floor(row / BLOCK) % of + 1, of };
}
