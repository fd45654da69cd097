/** The middle value, or the mean of the middle two; NaN where there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** A number with so many decimals, or `–` where there is none. */
export function decimals(value: number, places: number): string {
  return Number.isFinite(value) ? value.toFixed(places) : "–";
}

/** A share as a percentage with one decimal. */
export function percent(share: number): string {
  return `${decimals(share * 100, 1)} %`;
}
