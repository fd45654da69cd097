import { PERSON } from "../../run/log/labels.ts";
import { uniform } from "../../stats/random.ts";
import type { Labelled } from "../labelled.ts";
import type { JudgeRow, JudgeSource } from "../source.ts";

/**
 * The rows that a judge which learns from labels by hand labels: all, or where there are more than
 * `most` a random part, and those that a person labelled, wherever they are.
 *
 * @returns `p`: the chance of a row that nobody labelled to be among them.
 */
export async function rowsToLearnFrom(
  source: Pick<JudgeSource, "rows" | "seed">,
  { labelled, most }: { labelled: Labelled; most: number },
): Promise<{ rows: JudgeRow[]; p: number }> {
  let candidates = 0;
  for await (const _ of source.rows()) candidates++;
  const p = Math.min(1, most / Math.max(1, candidates));
  const byHand = new Set(labelled.lines.filter(({ by }) => by === PERSON).map(({ row }) => row));
  const rows: JudgeRow[] = [];
  for await (const row of source.rows()) {
    if (byHand.has(row.row) || uniform("hand judge", source.seed, row.row) < p) rows.push(row);
  }
  return { rows, p };
}
