import { type Label, UNLABELLED } from "../run/log/labels.ts";

/** What became of the questions of rows: questions = labelled + unlabelled + open, always. */
export interface JudgedCounts {
  /** Rows that were drawn. */
  rows: number;
  /** What is asked of them, all told. */
  questions: number;
  /** Those with a label. */
  labelled: number;
  /** Of these: labelled `other` since twice the answer was none that could be given. */
  outside: number;
  /** Those that the judge has no label for: it declined, or its answer was filtered or cut. */
  unlabelled: number;
  /** Of these: by what became of the answer. */
  why: Partial<Record<Unlabelled, number>>;
  /** Those without an answer that counts; the same command asks them. */
  open: number;
}

type Unlabelled = typeof UNLABELLED[number];

/** Counts what becomes of questions. */
export interface Judged {
  /** Takes the line of a question that was open. */
  add(label: Label): void;
  counts(): JudgedCounts;
}

/**
 * Opens the count.
 *
 * @param options `settled`: lines of questions that earlier starts have settled.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openJudged } from "./judged.ts";
 * const judged = openJudged({ rows: 2, questions: 2, settled: [] });
 * judged.add({
 *   row: 1, attribute: "tone", label: "Calm", by: "judge:m", sample: "random", p: 1, at: "",
 * });
 * assert(judged.counts().labelled === 1 && judged.counts().open === 1);
 * ```
 */
export function openJudged(
  options: { rows: number; questions: number; settled: readonly Label[] },
): Judged {
  const { rows, questions, settled } = options;
  let labelled = 0;
  let outside = 0;
  const why = new Map<Unlabelled, number>();

  function add(label: Label): void {
    if (label.label !== null) {
      labelled++;
      if (label.note !== undefined) outside++;
    } else if (label.why !== undefined && label.why !== "outside") {
      why.set(label.why, (why.get(label.why) ?? 0) + 1);
    }
  }

  for (const label of settled) add(label);
  return {
    add,
    counts() {
      const unlabelled = why.values().reduce((sum, count) => sum + count, 0);
      return {
        rows,
        questions,
        labelled,
        outside,
        unlabelled,
        why: Object.fromEntries(why),
        open: questions - labelled - unlabelled,
      };
    },
  };
}
