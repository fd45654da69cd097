import { uniform } from "../stats/random.ts";

/** A row that may be judged, with the value of each judged attribute that it was asked for. */
export interface Candidate {
  row: number;
  values: readonly string[];
}

/** A row that is to be judged. */
export interface Sampled {
  row: number;
  /** Its chance to be in the sample, in (0, 1]. */
  p: number;
}

/**
 * Draws rows so that rare values get enough of them: a row's chance is proportional to
 * max_a 1 / n_a, with n_a the rows that share its value of attribute a, and at most 1.
 *
 * The method is sequential Poisson sampling: the rows with the smallest u / size, u a uniform number
 * of the row's own (Ohlsson 1998, "Sequential Poisson sampling", Journal of Official Statistics 14).
 * So the sample has the size asked for, and a larger one holds the smaller one.
 *
 * @param candidates One for each ok row.
 * @param options `size`: rows wanted, at least 1; `seed`: another seed draws others.
 * @returns By row number. All candidates, each with p = 1, where there are no more than `size`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sampleOf } from "./sample.ts";
 * const rows = Array.from({ length: 1000 }, (_, row) => ({
 *   row, values: [row < 20 ? "Rare" : "Common"],
 * }));
 * const sample = sampleOf(rows, { size: 40, seed: 1 });
 * const rare = sample.filter(({ row }) => row < 20);
 * assert(sample.length === 40 && rare.length > 15 && rare.every(({ p }) => p > 0.9));
 * ```
 */
export function sampleOf(
  candidates: readonly Candidate[],
  options: { size: number; seed: number },
): Sampled[] {
  return rankedIn(candidates, options)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, options.size)
    .sort((a, b) => a.row - b.row)
    .map(({ row, p }) => ({ row, p }));
}

/** The chance that each candidate has to be in such a sample, by row. */
export function chancesOf(
  candidates: readonly Candidate[],
  options: { size: number; seed: number },
): Map<number, number> {
  return new Map(rankedIn(candidates, options).map(({ row, p }) => [row, p]));
}

/** Each candidate with its chance, and where it stands: the smallest ranks are drawn. */
function rankedIn(
  candidates: readonly Candidate[],
  { size, seed }: { size: number; seed: number },
): (Sampled & { rank: number })[] {
  if (candidates.length <= size) return candidates.map(({ row }) => ({ row, p: 1, rank: 0 }));
  const sizes = sizesOf(candidates);
  const scale = scaleOf(sizes, size);
  return candidates.map(({ row }, i) => ({
    row,
    p: Math.min(1, scale * sizes[i]!),
    rank: uniform("judge", seed, row) / sizes[i]!,
  }));
}

/** Of each candidate max_a 1 / n_a. */
function sizesOf(candidates: readonly Candidate[]): Float64Array {
  const attributes = candidates[0]?.values.length ?? 0;
  const rows = Array.from({ length: attributes }, () => new Map<string, number>());
  for (const { values } of candidates) {
    values.forEach((value, a) => rows[a]!.set(value, (rows[a]!.get(value) ?? 0) + 1));
  }
  return Float64Array.from(
    candidates,
    ({ values }) =>
      values.reduce((most, value, a) => Math.max(most, 1 / (rows[a]!.get(value) ?? 1)), 1e-9),
  );
}

/** The c with Σ min(1, c · size) = the rows wanted. */
function scaleOf(sizes: Float64Array, wanted: number): number {
  const sorted = sizes.toSorted().reverse();
  let rest = sorted.reduce((sum, size) => sum + size, 0);
  for (const [certain, size] of sorted.entries()) {
    const scale = (wanted - certain) / rest;
    if (scale * size <= 1) return scale;
    rest -= size;
  }
  return Infinity;
}
