import { type Label, PERSON } from "../../run/log/labels.ts";
import { uniform } from "../../stats/random.ts";
import { percent } from "../../text/wording.ts";
import { type Labelled, textHash } from "../labelled.ts";
import type { Question } from "../questions.ts";
import type { JudgeRow } from "../source.ts";
import { type HandJudge, learnFromHand } from "./learn.ts";

/** Who says it, as labels tell. */
export const HAND_JUDGE = "judge:hand";

/** What the judge that learned from labels by hand says. */
export interface JudgedByHand {
  /** Those that aren't kept yet, each with its row. */
  labels: { row: JudgeRow; label: Label }[];
  /** How often it is right, by attribute, and what that is worth. */
  remarks: string[];
}

/**
 * Labels texts by what a person's labels of some of them teach; those are labelled by a judge that
 * hasn't seen them, so that its errors show. All rows are labelled, or where there are more than `most`
 * a random part of them, whoever labelled them by hand: so each has the same chance. Instructions are left out: a text does or doesn't what
 * they ask, whatever it is about.
 *
 * @param rows All ok rows.
 * @throws {UserError} Exit 2 where an attribute has fewer than 100 labels by hand.
 */
export function judgeByHand(
  rows: readonly JudgeRow[],
  options: {
    questions: readonly Question[];
    labelled: Labelled;
    most: number;
    seed: number;
    at: Date;
  },
): JudgedByHand {
  const { questions, labelled, most, seed, at } = options;
  const p = Math.min(1, most / Math.max(1, rows.length));
  const drawn = rows.filter(({ row }) => uniform("hand judge", seed, row) < p);
  const labels: JudgedByHand["labels"] = [];
  const remarks: string[] = [];
  for (const { stem, kind } of questions) {
    const question = { stem, asked: null };
    if (kind === "followed") {
      remarks.push(
        `${stem}: whether an instruction is followed can't be learned so; it is left out.`,
      );
      continue;
    }
    const taught = rows.flatMap((row) => {
      const said = labelled.by(PERSON, row, question);
      return said === undefined || said.label === null || said.sample === "picked"
        ? []
        : [{ row, text: row.text, label: said.label }];
    });
    const judge = learnFromHand(taught, { stem, seed });
    const known = new Map(taught.map(({ row }, i) => [row, judge.crossFitted[i]!]));
    for (const row of drawn) {
      const label = known.get(row) ?? judge.classify(row.text);
      const before = labelled.by(HAND_JUDGE, row, question);
      if (before?.label === label && before.p === p) continue;
      labels.push({
        row,
        label: {
          row: row.row,
          attribute: stem,
          label,
          by: HAND_JUDGE,
          sample: "random",
          p,
          at: at.toISOString(),
          ...(row.at === null ? { of: textHash(row.text) } : {}),
        },
      });
    }
    remarks.push(remarkOn(stem, judge));
  }
  return { labels, remarks };
}

/** `topic: right of 78 of 100 texts that it hadn't seen (69–85 %); …` */
function remarkOn(stem: string, { accuracy }: HandJudge): string {
  const { right, rows, low, high, commonest } = accuracy;
  const known = `${stem}: right about ${right} of ${rows} texts that it hadn't seen (${
    percent(low)
  } to ${percent(high)}); saying the commonest label each time is right about ${commonest}`;
  return low > commonest / rows
    ? `${known}.`
    : `${known}, so it gains nothing here: your labels alone tell as much.`;
}
