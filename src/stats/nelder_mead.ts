/**
 * The place near a start where a function is smallest, without derivatives: the simplex of Nelder &
 * Mead (1965), "A simplex method for function minimization", The Computer Journal 7, started anew
 * from its own end until that gains nothing, since a simplex may collapse before it is there.
 *
 * @param f The function; where it isn't defined it returns Infinity.
 * @param start Where to begin; f is finite there.
 * @param options `step`: the size of the first simplex (.3 if not given); `tolerance`: it ends where
 * the values at its corners differ by less (1e-9 if not given).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { nelderMead } from "./nelder_mead.ts";
 * const { point } = nelderMead(([x, y]) => (x! - 1) ** 2 + (y! + 2) ** 4, [0, 0]);
 * assert.ok(Math.abs(point[0]! - 1) < 1e-3 && Math.abs(point[1]! + 2) < 0.1);
 * ```
 */
export function nelderMead(
  f: (point: readonly number[]) => number,
  start: readonly number[],
  { step = 0.3, tolerance = 1e-9 }: { step?: number; tolerance?: number } = {},
): { point: number[]; value: number } {
  let best = { point: Array.from(start), value: f(start) };
  for (let round = 0; round < 20; round++) {
    const next = descend(f, best.point, { step, tolerance });
    const gain = best.value - next.value;
    if (gain > 0) best = next;
    if (!(gain > tolerance * 10)) break;
  }
  return best;
}

function descend(
  f: (point: readonly number[]) => number,
  start: readonly number[],
  { step, tolerance }: { step: number; tolerance: number },
): { point: number[]; value: number } {
  const at = (point: number[]): { point: number[]; value: number } => ({ point, value: f(point) });
  const corners = [at(Array.from(start))];
  for (let i = 0; i < start.length; i++) {
    corners.push(at(start.map((x, j) => i === j ? x + step : x)));
  }
  for (let moves = 0; moves < 400 * start.length; moves++) {
    corners.sort((one, other) => one.value - other.value);
    const best = corners[0]!;
    const worst = corners[corners.length - 1]!;
    if (worst.value - best.value <= tolerance) break;
    const others = corners.slice(0, -1);
    const middle = start.map((_, i) =>
      others.reduce((sum, { point }) => sum + point[i]!, 0) / others.length
    );
    /** From the middle of the others, so many times the way to the worst; below 0: beyond. */
    const along = (times: number): { point: number[]; value: number } =>
      at(middle.map((x, i) => x + times * (worst.point[i]! - x)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      corners[corners.length - 1] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < others[others.length - 1]!.value) {
      corners[corners.length - 1] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) {
        corners[corners.length - 1] = contracted;
      } else {
        for (let i = 1; i < corners.length; i++) {
          corners[i] = at(corners[i]!.point.map((x, j) => (x + best.point[j]!) / 2));
        }
      }
    }
  }
  return corners.reduce((best, corner) => corner.value < best.value ? corner : best);
}
