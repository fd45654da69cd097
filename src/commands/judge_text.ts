import type { JudgedCounts } from "../judge/judged.ts";
import type { JudgeProgress, JudgeSummary, PlannedJudging } from "../judge/judge.ts";
import { judgeRequests } from "../judge/request.ts";
import { costOf, type PriceLookup } from "../models/cost/prices.ts";
import type { TokenCounter } from "../models/cost/tokens.ts";
import { clock } from "../text/clock.ts";
import { amount, count, counted, duration, money, rate } from "../text/numbers.ts";

/** What of a question's answer is written beside it. */
const ANSWER_FRAME = 8;

/** Calls whose tokens are counted; the others are taken to be like them. */
const COUNTED = 50;

/**
 * What is going to be asked and what it will cost:
 * `600 of 2,000 ok rows, 3 questions each: 600 calls ≈ 312 k tokens in, 14 k out ≈ $0.15`.
 */
export function plannedText(
  planned: PlannedJudging,
  options: { seed: number; counter: TokenCounter; price: PriceLookup },
): string {
  const { rows, candidates, questions, work } = planned;
  const what = `${count(rows.length)} of ${counted(candidates, "ok row")}, ${
    counted(rows.length === 0 ? 0 : questions / rows.length, "question")
  } each`;
  const items = [...work.first, ...work.again];
  if (items.length === 0) return `${what}: all is asked already.`;
  const { counter, price } = options;
  const request = judgeRequests(options);
  const step = Math.max(1, Math.floor(items.length / COUNTED));
  const some = items.filter((_, i) => i % step === 0);
  const mean = (tokens: (item: typeof items[number]) => number) =>
    some.reduce((sum, item) => sum + tokens(item), 0) / some.length;
  const usage = {
    input: items.length * mean((item) => counter.messages(request(item).messages)),
    output: items.length * mean(({ posed }) =>
      posed.reduce(
        (sum, { stem, answers }) =>
          sum + ANSWER_FRAME + counter.text(stem) + counter.text(answers[0] ?? ""),
        0,
      )
    ),
  };
  const cost = costOf(usage, price.price);
  return `${what}: ${counted(items.length, "call")} ≈ ${amount(usage.input)} tokens in, ${
    amount(usage.output)
  } out${cost === null || cost === 0 ? "" : ` ≈ ${money(cost)} (${price.price?.origin})`}`;
}

/** `1,204/1,800 answers  58 calls/s  64 in flight  unlabelled 3  $0.02  0:04 left`. */
export function judgeProgressText(
  state: JudgeProgress,
  elapsedMs: number,
  options: { now?: number } = {},
): string {
  const { counts, asked } = state;
  const done = counts.questions - counts.open;
  const { now = Date.now() } = options;
  const perSecond = asked / Math.max(elapsedMs / 1000, 1e-3);
  const parts = [`${count(done)}/${count(counts.questions)} questions`];
  if (asked > 0) parts.push(rate(perSecond));
  if (state.inFlight > 0) parts.push(`${count(state.inFlight)} in flight`);
  if (state.limited) parts.push(`429 ${count(state.limited)}`);
  if (state.heldUntil !== undefined && state.heldUntil > now) {
    parts.push(`waits until ${clock(state.heldUntil, now)}`);
  }
  if (counts.unlabelled > 0) parts.push(`unlabelled ${count(counts.unlabelled)}`);
  const spent = (state.cost ?? 0) + (state.costAssumed ?? 0);
  if (state.maxCost !== undefined) parts.push(`${money(spent)} of ≤ ${money(state.maxCost)}`);
  else if (spent > 0) parts.push(money(spent));
  parts.push(duration(elapsedMs));
  if (state.usage) parts.push(`${amount(state.usage.input + state.usage.output)} tokens`);
  return parts.join("  ");
}

/** `1,800 questions = 1,795 labelled + 5 unlabelled (4 refused, 1 filtered) + 0 open`. */
export function judgedText(counts: JudgedCounts): string {
  const why = Object.entries(counts.why).map(([name, rows]) => `${count(rows)} ${name}`);
  return `${counted(counts.questions, "question")} = ${count(counts.labelled)} labelled + ${
    count(counts.unlabelled)
  } unlabelled${why.length === 0 ? "" : ` (${why.join(", ")})`} + ${count(counts.open)} open`;
}

/** What a start came to, and what is to be done next. */
export function judgeSummaryText(
  summary: JudgeSummary,
  { place, next }: { place: string; next: readonly string[] },
): string {
  const { counts, stopped, asked } = summary;
  const spent = (summary.cost ?? 0) + (summary.costAssumed ?? 0);
  const lines = [
    `${judgedText(counts)}${
      spent > 0 ? ` · ${summary.costAssumed ? "≈ " : ""}${money(spent)}` : ""
    } → ${place}`,
  ];
  if (counts.outside > 0) {
    lines.push(
      `${
        counted(counts.outside, "answer")
      } stand for "other": the judge gave none of the answers, ` +
        "twice.",
    );
  }
  if (stopped === "interrupted") lines.push("Interrupted. To go on: the same command again.");
  else if (stopped !== null) lines.push(stopped.message);
  else {
    if (asked === 0) lines.unshift("Nothing to do: all of it is asked already.");
    if (counts.open > 0) {
      lines.push(
        `${counted(counts.open, "question")} got no answer: the same command asks again.`,
      );
    }
    lines.push(...next);
  }
  return lines.join("\n");
}
