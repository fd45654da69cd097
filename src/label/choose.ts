import type { Label } from "../run/log/labels.ts";
import { uniform } from "../stats/random.ts";

/** A row that may be labelled, and how it came to be one of those. */
export interface Candidate {
  row: number;
  /** Its chance to be a candidate, in (0, 1]. */
  p: number;
  sample: "random" | "stratified";
}

/**
 * The rows that a judge has labelled, each with its chance to have been; none where none was, or
 * where they were picked. A larger sample of a judge holds its smaller ones, so that the largest
 * chance of a row is its own.
 *
 * @param labels Those that count: see `newestLabels`.
 * @param options `stems`: other attributes' labels don't matter; `isOk`: whether a row is ok now.
 */
export function judgedRows(
  labels: readonly Label[],
  options: { stems: readonly string[]; isOk: (row: number) => boolean },
): Candidate[] {
  const { stems, isOk } = options;
  const judged = new Map<number, Candidate>();
  for (const { row, attribute, by, sample, p } of labels) {
    if (!by.startsWith("judge:") || !stems.includes(attribute) || !isOk(row)) continue;
    if (sample === "picked" || p === null || p <= (judged.get(row)?.p ?? 0)) continue;
    judged.set(row, { row, p, sample });
  }
  return [...judged.values()];
}

/**
 * Draws the rows that a person is to label, a random part of the candidates, in the order in which
 * they are shown. The same seed draws the same rows, and more of them begin with the fewer.
 *
 * @param options `n`: rows wanted.
 * @returns Each with its chance to be labelled: its own times the part that is drawn.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chosenRows } from "./choose.ts";
 * const rows = [3, 4, 8, 9].map((row) => ({ row, p: 0.5, sample: "stratified" as const }));
 * const chosen = chosenRows(rows, { n: 2, seed: 1 });
 * assert.deepEqual(chosen.map(({ p }) => p), [0.25, 0.25]);
 * assert.deepEqual(chosenRows(rows, { n: 3, seed: 1 }).slice(0, 2).map(({ row }) => row),
 *   chosen.map(({ row }) => row));
 * ```
 */
export function chosenRows(
  candidates: readonly Candidate[],
  options: { n: number; seed: number },
): Candidate[] {
  const { n, seed } = options;
  const part = Math.min(1, n / candidates.length);
  return candidates
    .map((candidate) => ({ candidate, u: uniform("label", seed, candidate.row) }))
    .sort((a, b) => a.u - b.u)
    .slice(0, n)
    .map(({ candidate }) => ({ ...candidate, p: candidate.p * part }));
}
