/** Things that hang together, directly or through others. */
export interface Groups {
  /** The thing that stands for the group: the smallest number in it. */
  of(thing: number): number;
  /** Makes one group of those of two things. */
  join(a: number, b: number): void;
}

/**
 * Groups of the numbers 0 to `size` - 1, each alone at first (union-find).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { groupsOf } from "./groups.ts";
 * const groups = groupsOf(4);
 * groups.join(3, 2);
 * groups.join(2, 0);
 * assert.deepEqual([0, 1, 2, 3].map(groups.of), [0, 1, 0, 0]);
 * ```
 */
export function groupsOf(size: number): Groups {
  const parents = Uint32Array.from({ length: size }, (_, thing) => thing);
  const of = (thing: number): number => {
    let parent = parents[thing]!;
    while (parent !== thing) {
      // Each step shortens the way of those who come after.
      const above = parents[parent]!;
      parents[thing] = above;
      thing = above;
      parent = parents[thing]!;
    }
    return thing;
  };
  return {
    of,
    join(a, b) {
      const [one, other] = [of(a), of(b)];
      if (one < other) parents[other] = one;
      else parents[one] = other;
    },
  };
}
