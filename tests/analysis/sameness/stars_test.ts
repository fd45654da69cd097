import assert from "node:assert/strict";
import { groupsOf } from "../../../src/analysis/sameness/groups.ts";
import { starsOf } from "../../../src/analysis/sameness/stars.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";

/** Numbers are near where they are at most `most` apart. */
function starsOfNumbers(numbers: readonly number[], most: number) {
  const areNear = (a: number, b: number) => Math.abs(numbers[a]! - numbers[b]!) <= most;
  const groups = groupsOf(numbers.length);
  for (const a of numbers.keys()) for (let b = 0; b < a; b++) if (areNear(a, b)) groups.join(a, b);
  const stars = starsOf(groups, { size: numbers.length, areNear });
  return {
    areNear,
    of: [...numbers.keys()].map(stars.of),
    has: [...numbers.keys()].map(stars.hasNear),
  };
}

Deno.test("starsOf() cuts a chain where it leaves what is near its first one", () => {
  const { of, has } = starsOfNumbers([0, 1, 2, 3, 4, 9, 5], 1);
  assert.deepEqual(of, [0, 0, 2, 2, 4, 5, 4]);
  assert.deepEqual(has, [true, true, true, true, true, false, true]);
  // The last is near the first star's last one, and begins a star of its own.
  const alone = starsOfNumbers([0, 1, 2], 1);
  assert.deepEqual(alone.of, [0, 0, 2]);
  assert.deepEqual(alone.has, [true, true, true]);
});

Deno.test("starsOf() has every text near the first of its star, and those alone near no earlier first", () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = openRandom("stars", seed);
    const numbers = Array.from({ length: 40 }, () => Math.floor(random() * 60));
    const { of, has, areNear } = starsOfNumbers(numbers, 2);
    for (const [text, first] of of.entries()) {
      assert.equal(of[first], first);
      if (first !== text) assert(first < text && areNear(first, text));
      else for (let b = 0; b < text; b++) assert(of[b] !== b || !areNear(b, text));
      assert.equal(has[text], numbers.some((_, b) => b !== text && areNear(text, b)));
    }
  }
});
