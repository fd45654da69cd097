import type { AttributeFindings, ByStage } from "../findings.ts";

/**
 * Whether an attribute's distance from its target is no noise: it lies twice as far above its mean
 * where nothing is wrong as the 95 % point of that, since every attribute of every run is looked at.
 * Of several attributes one beyond its own 95 % point is nothing strange.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isOffTarget } from "./off_target.ts";
 * const at = (share: number) => ({ requested: null, accepted: share, realised: null });
 * const found = (share: number) => ({
 *   distance: at(share),
 *   noiseFloor: at(0.03),
 *   noise95: at(0.05),
 * });
 * assert(!isOffTarget(found(0.06), "accepted") && isOffTarget(found(0.08), "accepted"));
 * ```
 */
export function isOffTarget(
  { distance, noiseFloor, noise95 }: Pick<AttributeFindings, "distance" | "noiseFloor" | "noise95">,
  stage: keyof ByStage,
): boolean {
  const [found, mean, point] = [distance[stage], noiseFloor[stage], noise95[stage]];
  if (found === null || mean === null || point === null) return false;
  return found > mean + 2 * (point - mean);
}

/** Where chance alone makes a larger share than this, that nothing is found says little. */
export const MOST_NOISE = 0.1;
