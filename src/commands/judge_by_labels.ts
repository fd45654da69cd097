import { judgeByHand } from "../judge/hand/judge_by_hand.ts";
import { openLabelLogs } from "../judge/label_logs.ts";
import { readLabelled } from "../judge/labelled.ts";
import { questionsAskedFor } from "../judge/questions.ts";
import type { JudgeSource } from "../judge/source.ts";
import { counted } from "../text/numbers.ts";
import { placesText } from "./places_text.ts";
import { give, pathsFrom, say } from "./say.ts";

/** What of the flags of `judge` counts here. */
export interface ByLabelsFlags {
  attribute?: string[];
  sample?: number;
  dryRun?: boolean;
  skipBadLines?: boolean;
  json?: boolean;
}

/** Rows that are labelled without a model at most, unless --sample says another number. */
const MOST_ROWS = 20_000;

/**
 * `--model hand`: labels rows by what a person's labels of some of them teach.
 *
 * @param options `typedIn`: paths are shown from there; `next`: what to type next.
 * @returns The exit code.
 */
export async function judgeByLabels(
  source: JudgeSource,
  { flags, typedIn, next }: { flags: ByLabelsFlags; typedIn: string; next: string },
): Promise<number> {
  const warn = (message: string) => say(pathsFrom(typedIn, message));
  const { attribute: attributes, skipBadLines, sample: most = MOST_ROWS } = flags;
  const questions = questionsAskedFor(source.config, { name: source.name, attributes });
  const labelled = await readLabelled(source, { skipBadLines, warn });
  const rows = await Array.fromAsync(source.rows());
  const { labels, remarks } = judgeByHand(rows, {
    ...{ questions, labelled, most, seed: source.seed, at: new Date() },
  });
  for (const remark of remarks) say(remark);
  if (flags.dryRun) {
    say("Nothing was written (--dry-run).");
    return 0;
  }
  const logs = await openLabelLogs(rows, warn);
  try {
    for (const { row, label } of labels) logs.append(row, label);
  } finally {
    await logs.close();
  }
  const { name } = source;
  if (flags.json) {
    give(JSON.stringify({ name, rows: rows.length, labels: labels.length, remarks }) + "\n");
  }
  say(
    `${counted(labels.length, "new label")} of ${counted(rows.length, "ok row")} → ${
      placesText(logs.places, typedIn)
    }`,
  );
  say(next);
  return 0;
}
