import type { Label } from "../run/log/labels.ts";
import type { DrawnRow } from "./draw.ts";
import type { Labelled } from "./labelled.ts";
import { type Posed, posedFor } from "./pose.ts";
import type { Question } from "./questions.ts";

/** What one call asks a judge. */
export interface JudgeItem {
  row: DrawnRow;
  posed: Posed[];
  /** Asked once more, since the answer was none of those that could be given: each question alone. */
  isAgain: boolean;
}

/** What is left to ask of the rows that were drawn. */
export interface JudgeWork {
  /** Questions that weren't asked yet. */
  first: JudgeItem[];
  /** Those that are asked once more. */
  again: JudgeItem[];
  /** By question that is answered for good, with a label or without: its line. */
  settled: Label[];
  /** Lines to be kept once more, for their row's chance is larger than it was. */
  raised: { row: DrawnRow; label: Label }[];
}

/**
 * Says what one judge has still to be asked.
 *
 * @param options `by`: who judges. `separately`: one call for each question instead of each row.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { itemsLeft } from "./items.ts";
 * import { labelledIn } from "./labelled.ts";
 * const row = {
 *   row: 1, text: "Hej", attributes: {}, at: null, p: 1, sample: "random" as const,
 *   place: { folder: "output/metro-1", file: "labels.jsonl", lock: "labels.lock" },
 * };
 * const values = [{ value: "Calm", description: null }];
 * const questions = [{ stem: "tone", kind: "one" as const, values }];
 * const by = "judge:openai:gpt-4.1-mini";
 * const options = { questions, seed: 1, by, separately: false };
 * assert.equal(itemsLeft([row], { ...options, labelled: labelledIn([]) }).first.length, 1);
 * ```
 */
export function itemsLeft(
  rows: readonly DrawnRow[],
  options: {
    questions: readonly Question[];
    seed: number;
    by: string;
    labelled: Labelled;
    separately: boolean;
  },
): JudgeWork {
  const { questions, seed, by, labelled, separately } = options;
  const work: JudgeWork = { first: [], again: [], settled: [], raised: [] };
  for (const row of rows) {
    const fresh: Posed[] = [];
    for (const posed of posedFor(questions, { row: row.row, seed, requested: row.attributes })) {
      const label = labelled.by(by, row, { stem: posed.stem, asked: posed.about });
      if (label === undefined) fresh.push(posed);
      else if (label.why === "outside") work.again.push({ row, posed: [posed], isAgain: true });
      else {
        work.settled.push(label);
        if (label.p !== null && label.p < row.p) {
          work.raised.push({ row, label: raisedTo(row, label) });
        }
      }
    }
    if (separately) {
      work.first.push(...fresh.map((posed) => ({ row, posed: [posed], isAgain: false })));
    } else if (fresh.length > 0) work.first.push({ row, posed: fresh, isAgain: false });
  }
  return work;
}

/** What the call has cost stands in the line that is there already. */
function raisedTo({ p, sample }: DrawnRow, label: Label): Label {
  const { usage: _usage, cost: _cost, calls: _calls, ...said } = label;
  return { ...said, sample, p };
}
