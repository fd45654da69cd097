import { type Label, newestLabels, PERSON } from "../run/log/labels.ts";
import { isOf } from "./labelled.ts";
import type { Question } from "./questions.ts";
import { type Candidate, chancesOf, sampleOf } from "./sample.ts";
import type { JudgeRow, JudgeSource } from "./source.ts";

/** A row that is to be judged. */
export interface DrawnRow extends JudgeRow {
  /** Its chance to be judged, in (0, 1]. */
  p: number;
  /** Whether all rows have the same chance. */
  sample: "random" | "stratified";
}

/** The rows that are to be judged, and of how many. */
export interface DrawnRows {
  rows: DrawnRow[];
  candidates: number;
}

/**
 * Draws the rows that are judged: `size` of them, so that each rare value has enough (see
 * `sampleOf`). Rows that a person labelled before any judge came are among them, since only rows that
 * both have seen tell how often the judge errs. A row is drawn by chance of either kind, so its chance
 * is 1 - (1 - p) (1 - p'), p' being the chance to be labelled by that person.
 *
 * @param options `questions`: the sample is spread over their values. `labels`: all that is said so
 * far. `size`: rows, those that a person labelled included.
 */
export async function drawRows(
  source: Pick<JudgeSource, "rows" | "seed">,
  options: { questions: readonly Question[]; labels: readonly Label[]; size: number },
): Promise<DrawnRows> {
  const { questions, labels } = options;
  const labelled = drawnByHand(labels);
  const candidates: Candidate[] = [];
  const hand = new Set<number>();
  for await (const row of source.rows()) {
    candidates.push({
      row: row.row,
      values: questions.map(({ stem }) => row.attributes[stem] ?? ""),
    });
    const label = labelled.get(row.row);
    if (label !== undefined && isOf(label, row)) hand.add(row.row);
  }
  const size = candidates.length <= options.size
    ? options.size
    : Math.max(1, options.size - hand.size);
  const { seed } = source;
  const chances = chancesOf(candidates, { size, seed });
  const drawn = new Set([
    ...sampleOf(candidates, { size, seed }).map(({ row }) => row),
    ...hand,
  ]);
  const byHand = hand.size === 0 ? 0 : Math.max(...labelled.values().map(({ p }) => p ?? 0));
  const isWhole = drawn.size === candidates.length;
  const rows: DrawnRow[] = [];
  for await (const row of source.rows()) {
    if (!drawn.has(row.row)) continue;
    const p = isWhole ? 1 : 1 - (1 - (chances.get(row.row) ?? 0)) * (1 - byHand);
    rows.push({ ...row, p, sample: isWhole ? "random" : "stratified" });
  }
  return { rows, candidates: candidates.length };
}

/** By row a label of a person for whom rows were drawn among all, each with the same chance. */
function drawnByHand(labels: readonly Label[]): Map<number, Label> {
  return new Map(
    newestLabels(labels)
      .filter(({ by, sample, p }) => by === PERSON && sample === "random" && p !== null)
      .map((label) => [label.row, label]),
  );
}
