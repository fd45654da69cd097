import type { Groups } from "./groups.ts";

/** Texts that hang together, in stars: all texts of a star are near its first one. */
export interface Stars {
  /** The first text of a text's star: itself where it's alone, or near none of the first ones. */
  of(text: number): number;
  /** Whether a text is near another one, be it of its star or not. */
  hasNear(text: number): boolean;
}

/** Stars of one group that a text is held against: they bound the time where thousands hang together. */
const MOST = 32;

/**
 * Parts groups in which a text is near some other one, directly, but near the most of them by a chain
 * only ("I lost my card", "I lost a card", "I lost a big card", …). Text by text in their order, each
 * joins the first star whose first text it is near, or begins a star of its own.
 *
 * @param options `size`: how many texts there are; `areNear`: whether two of a group are near.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { groupsOf } from "./groups.ts";
 * import { starsOf } from "./stars.ts";
 * const groups = groupsOf(4);
 * for (const text of [1, 2]) groups.join(0, text);
 * const stars = starsOf(groups, { size: 4, areNear: (a, b) => Math.abs(a - b) === 1 });
 * assert.deepEqual([0, 1, 2, 3].map(stars.of), [0, 0, 2, 3]);
 * assert.deepEqual([0, 1, 2, 3].map(stars.hasNear), [true, true, true, false]);
 * ```
 */
export function starsOf(
  groups: Groups,
  options: { size: number; areNear: (a: number, b: number) => boolean },
): Stars {
  const { size, areNear } = options;
  const first = Uint32Array.from({ length: size }, (_, text) => text);
  const near = new Uint8Array(size);
  // By group: its stars' first texts.
  const begun = new Map<number, number[]>();
  for (let text = 0; text < size; text++) {
    const group = groups.of(text);
    // A group is named by its first text.
    if (group === text) continue;
    near[group] = near[text] = 1;
    const firsts = begun.get(group) ?? [group];
    begun.set(group, firsts);
    const own = firsts.find((other) => areNear(text, other));
    if (own !== undefined) first[text] = own;
    else if (firsts.length < MOST) firsts.push(text);
  }
  return { of: (text) => first[text]!, hasNear: (text) => near[text] === 1 };
}
