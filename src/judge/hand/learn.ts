import { UserError } from "../../error.ts";
import { type Interval, wilson } from "../../stats/intervals.ts";
import { uniform } from "../../stats/random.ts";
import { learnFeatures } from "./features.ts";
import { fitRegression } from "./regression.ts";

/** A text and what a person says that it is. */
export interface LabelledText {
  text: string;
  label: string;
}

/** A judge that has learned from labels by hand. */
export interface HandJudge {
  classify(text: string): string;
  /** What it says of each text that it learned from, by a judge that hasn't seen that one. */
  crossFitted: string[];
  /** Of those: how many are right; `commonest`: as many as saying the commonest label would be. */
  accuracy: Interval & { right: number; rows: number; commonest: number };
}

/** Labels that it takes at least: with fewer it is hardly ever right. */
export const LEAST_LABELS = 100;

/** Parts into which labelled texts are cut, each judged by what the others taught. */
const PARTS = 5;

/**
 * Learns what texts are from those that a person labelled: words, pairs of words and runs of
 * characters by TF-IDF, and a multinomial logistic regression.
 *
 * @param options `stem`: the attribute, for messages. `seed`: cuts the texts into five parts.
 * @throws {UserError} Exit 2 for fewer than 100 labels.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { learnFromHand } from "./learn.ts";
 * const texts = Array.from({ length: 100 }, (_, i) =>
 *   i % 2 === 0
 *     ? { text: `My card number ${i} is lost`, label: "Lost card" }
 *     : { text: `What does a loan of ${i} cost?`, label: "Loan" });
 * const judge = learnFromHand(texts, { stem: "topic", seed: 1 });
 * assert.equal(judge.classify("I have lost a card"), "Lost card");
 * assert.equal(judge.accuracy.right, 100);
 * ```
 */
export function learnFromHand(
  texts: readonly LabelledText[],
  { stem, seed }: { stem: string; seed: number },
): HandJudge {
  if (texts.length < LEAST_LABELS) {
    throw new UserError(
      `${stem} has ${texts.length} labels by hand, and a judge that learns from them needs ` +
        `${LEAST_LABELS}: deno task label RUN --n ${LEAST_LABELS} --attribute ${stem}`,
    );
  }
  const order = Array.from(texts, (_, i) => ({ i, u: uniform("hand judge", seed, stem, i) }))
    .sort((a, b) => a.u - b.u);
  const crossFitted: string[] = Array.from(texts, () => "");
  for (let part = 0; part < PARTS; part++) {
    const own = order.filter((_, place) => place % PARTS === part);
    const others = order.filter((_, place) => place % PARTS !== part);
    const classify = taughtBy(others.map(({ i }) => texts[i]!));
    for (const { i } of own) crossFitted[i] = classify(texts[i]!.text);
  }
  const right = crossFitted.filter((label, i) => label === texts[i]!.label).length;
  const rows = texts.length;
  const counts = Map.groupBy(texts, ({ label }) => label).values().map(({ length }) => length);
  return {
    classify: taughtBy(texts),
    crossFitted,
    accuracy: { right, rows, commonest: Math.max(...counts), ...wilson(right, rows) },
  };
}

function taughtBy(texts: readonly LabelledText[]): (text: string) => string {
  const classes = [...new Set(texts.map(({ label }) => label))].sort();
  const features = learnFeatures(texts.map(({ text }) => text));
  const { classify } = fitRegression(texts.map(({ text }) => features.of(text)), {
    labels: Int32Array.from(texts, ({ label }) => classes.indexOf(label)),
    classes: classes.length,
    size: features.size,
  });
  return (text) => classes[classify(features.of(text))] ?? "";
}
