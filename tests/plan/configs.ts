import type { AttributeValue, Config, LengthConfig } from "../../src/config/types.ts";

/** An attribute value; its score is 1 if not told otherwise. */
export function item(value: string, more: Partial<AttributeValue> = {}): AttributeValue {
  return { value, score: 1, factor: 1, prompt: null, when: null, ...more };
}

/** An attribute of values "v0", "v1", … with these scores. */
export function scored(scores: number[]): AttributeValue[] {
  return scores.map((score, i) => item(`v${i}`, { score }));
}

export function configOf(
  attributes: Config["attributes"],
  length: LengthConfig | null = null,
): Config {
  return {
    folder: "config",
    context: "",
    attributes,
    length,
    prompt: null,
    avoid: [],
    settings: { temperature: 0.9, frequency_penalty: 0.5, seed: 1, sampling: "even", timeout: 60 },
  };
}

/** Twenty-eight equal scores. */
export const EQUAL_28: number[] = new Array<number>(28).fill(1);

/** Twenty-eight scores as they fall in practice: from .16 down to .003 of all. */
export const SKEWED_28: number[] = Array.from({ length: 28 }, (_, i) => 1 / (1 + i) ** 1.2);

/** (chi-square - df) / √(2 df): about standard normal where the counts fit the shares. */
export function chiSquareZ(
  counts: ArrayLike<number>,
  expected: ArrayLike<number>,
  df: number,
): number {
  let chiSquare = 0;
  for (let i = 0; i < counts.length; i++) {
    chiSquare += (counts[i]! - expected[i]!) ** 2 / expected[i]!;
  }
  return (chiSquare - df) / Math.sqrt(2 * df);
}
