/** How large the next batch may be, and how many may be open, as the endpoint's line shows. */
export interface Sizes {
  /** Requests of the next batch at most. */
  readonly requests: number;
  /** Batches that may be open at once. */
  readonly open: number;
  /**
   * The endpoint's line had no room for a batch of so many rows.
   *
   * @param open How many others were open.
   * @returns `wait` for one of the others to end; `smaller`, where there are none; `none` where not
   * even one row has room.
   */
  full(rows: number, open: number): "wait" | "smaller" | "none";
  /** A batch was collected: there is room again, so that the next one may be larger. */
  collected(): void;
}

/**
 * Opens the sizes of batches at `most` requests each, and any number of them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openSizes } from "./sizes.ts";
 * const sizes = openSizes(1000);
 * assert.equal(sizes.full(1000, 0), "smaller");
 * assert.equal(sizes.requests, 500);
 * sizes.collected();
 * assert.equal(sizes.requests, 1000);
 * ```
 */
export function openSizes(most: number): Sizes {
  let requests = most;
  let mostOpen = Infinity;
  return {
    get requests() {
      return requests;
    },
    get open() {
      return mostOpen;
    },
    full(rows, open) {
      if (open > 0) {
        mostOpen = open;
        return "wait";
      }
      if (rows <= 1) return "none";
      requests = Math.ceil(rows / 2);
      return "smaller";
    },
    collected() {
      requests = Math.min(requests * 2, most);
    },
  };
}
