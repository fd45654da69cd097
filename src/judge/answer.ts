import { costOf, type ModelPrice } from "../models/cost/prices.ts";
import { oneLine } from "../models/endpoint/words.ts";
import type { Asked } from "../models/types.ts";
import { outcomeOf } from "../run/asking/outcome.ts";
import type { Label } from "../run/log/labels.ts";
import type { JudgeItem } from "./items.ts";
import { readJudgement } from "./judgement.ts";
import { textHash } from "./labelled.ts";
import type { Posed } from "./pose.ts";

/** What a label needs beside the answer. */
export interface AnswerOptions {
  /** `judge:` and the model. */
  by: string;
  /** Null: the cost is unknown. */
  price: ModelPrice | null;
  at: Date;
}

/**
 * The lines of `labels.jsonl` that an answer comes to, one for each of its questions. The first tells
 * what the call has cost.
 *
 * An answer that is none of those that could be given leaves its question open, to be asked once more;
 * the second time it is `other`, with the answer as a note. A model that declines, and an answer that
 * was filtered or cut, give no label. A row that couldn't be asked gives no line at all.
 */
export function labelsFrom(asked: Asked<JudgeItem>, options: AnswerOptions): Label[] {
  const { item, reply } = asked;
  const said = answersOf(asked);
  if (said === null) return [];
  const usage = reply?.usage ?? null;
  const paid = { usage, cost: costOf(usage, options.price), calls: asked.calls };
  return item.posed.map((posed, i): Label => {
    const { label, ...more } = said(posed);
    return {
      row: item.row.row,
      attribute: posed.stem,
      label,
      ...(posed.about === null ? {} : { asked: posed.about }),
      by: options.by,
      sample: item.row.sample,
      p: item.row.p,
      at: options.at.toISOString(),
      ...more,
      ...(item.row.at === null ? { of: textHash(item.row.text) } : {}),
      ...(i === 0 ? paid : {}),
    };
  });
}

/** What is said of one question. */
type Said = Pick<Label, "note" | "why"> & { label: string | null };

/** Null: the row couldn't be asked. */
function answersOf(asked: Asked<JudgeItem>): ((posed: Posed) => Said) | null {
  const { item, reply, fault } = asked;
  const { outcome, reason, text } = outcomeOf(asked);
  if (outcome === "failed") {
    if (fault?.kind !== "rejected" && reply === null) return null;
    return () => ({ label: null, why: "rejected", note: reason ?? "" });
  }
  if (outcome !== "ok") return () => ({ label: null, why: outcome, note: reason ?? "" });
  const judgement = readJudgement(text ?? "", item.posed);
  const note = `answered "${oneLine(text ?? "", { length: LONGEST_NOTE })}"`;
  return ({ stem, kind }) => {
    const label = judgement[stem] ?? null;
    if (label !== null) return { label };
    if (!item.isAgain) return { label, why: "outside", note };
    return kind === "one" ? { label: "other", note } : { label, why: "outside again", note };
  };
}

/** Characters of an answer that a note repeats. */
const LONGEST_NOTE = 100;
