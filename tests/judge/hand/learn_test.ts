import assert from "node:assert/strict";
import { learnFeatures } from "../../../src/judge/hand/features.ts";
import { judgeByHand } from "../../../src/judge/hand/judge_by_hand.ts";
import { learnFromHand } from "../../../src/judge/hand/learn.ts";
import { fitRegression } from "../../../src/judge/hand/regression.ts";
import { labelledIn } from "../../../src/judge/labelled.ts";
import type { Label } from "../../../src/run/log/labels.ts";
import { openRandom } from "../../../src/stats/random_stream.ts";

const TOPICS = {
  "Lost card": ["card", "lost", "stolen", "block it", "wallet"],
  "Loan": ["loan", "interest", "monthly cost", "pay back", "apply"],
  "Travel": ["abroad", "currency", "hotel", "flight", "exchange"],
};

/** Texts of three topics that share most of their words. */
function textsOf(rows: number, seed = 1) {
  const random = openRandom("texts", seed);
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)]!;
  return Array.from({ length: rows }, () => {
    const label = pick(Object.keys(TOPICS) as (keyof typeof TOPICS)[]);
    const filler = ["hello", "I wonder", "please", "can you tell me", "what about", "my", "the"];
    const words = [pick(filler), pick(filler), pick(TOPICS[label]), pick(filler), pick(filler)];
    return { label, text: words.join(" ") };
  });
}

Deno.test("a regression's weights are where the loss is least: its gradient is none there", () => {
  // Two classes that one feature tells apart, three times of four: the log odds are those of the rows.
  const row = (index: number) => ({ indices: Int32Array.of(index), values: Float64Array.of(1) });
  const rows = [0, 0, 0, 0, 1, 1, 1, 1].map(row);
  const labels = Int32Array.of(0, 0, 0, 1, 1, 1, 1, 0);
  const { classify } = fitRegression(rows, { labels, classes: 2, size: 2 });
  assert.deepEqual([classify(row(0)), classify(row(1))], [0, 1]);
});

Deno.test("features are words, pairs of words and runs of characters, weighted by how rare they are", () => {
  const features = learnFeatures(["a card", "a loan", "a loan"]);
  const { values } = features.of("a card");
  assert(Math.abs(values.reduce((sum, value) => sum + value ** 2, 0) - 1) < 1e-12);
  assert.deepEqual(features.of("nothing known").indices.length, 0);
  const [common = 0, rare = 0] = values;
  assert(rare > common, "what all texts have tells less");
});

Deno.test("it learns topics, says how often it is right about others, and is so", () => {
  const judge = learnFromHand(textsOf(150), { stem: "topic", seed: 1 });
  const others = textsOf(400, 2);
  const right = others.filter(({ text, label }) => judge.classify(text) === label).length / 400;
  const { accuracy } = judge;
  assert(right > 0.85, `${right}`);
  assert(
    accuracy.low <= right + 0.05 && right - 0.05 <= accuracy.high,
    `${right}, ${accuracy.right}`,
  );
});

Deno.test("labels that no word explains: it is no better than the commonest, and says so", () => {
  const random = openRandom("noise", 3);
  const texts = textsOf(200).map(({ text }) => ({ text, label: random() < 0.6 ? "Calm" : "Sad" }));
  const { accuracy } = learnFromHand(texts, { stem: "tone", seed: 1 });
  assert(accuracy.low <= accuracy.commonest / accuracy.rows);
});

Deno.test("fewer than 100 labels are refused, with the way to more", () => {
  assert.throws(
    () => learnFromHand(textsOf(99), { stem: "topic", seed: 1 }),
    /topic has 99 labels by hand.* deno task label RUN --n 100 --attribute topic/,
  );
});

Deno.test("all rows are labelled, those that taught by a judge that hasn't seen them", () => {
  const place = { folder: "run", file: "labels.jsonl", lock: "labels.lock" };
  const all = textsOf(220);
  const rows = all.map(({ text }, row) => ({ row, text, attributes: {}, at: null, place }));
  // One in ten is what nobody could know.
  const said = (label: string, row: number) => row % 10 === 0 ? "Travel" : label;
  const lines = all.slice(0, 120).map(({ label }, row): Label => ({
    ...{ attribute: "topic", by: "person", sample: "random", p: 0.5, at: "2026" },
    ...{ row, label: said(label, row) },
  }));
  const values = Object.keys(TOPICS).map((value) => ({ value, description: null }));
  const questions = [
    { stem: "topic", kind: "one" as const, values },
    { stem: "instruction", kind: "followed" as const, values },
  ];
  const options = { questions, most: 1000, seed: 1, at: new Date() };
  const { labels, remarks } = judgeByHand(rows, { ...options, labelled: labelledIn(lines) });
  assert.equal(labels.length, 220);
  assert(labels.every(({ label }) => label.by === "judge:hand" && label.p === 1));
  const errors = labels.slice(0, 120).filter(({ label }, i) =>
    label.label !== said(all[i]!.label, i)
  );
  assert(errors.length > 0, "its errors show where it could have known better");
  assert.match(remarks[0] ?? "", /^topic: right about \d+ of 120 texts that it hadn't seen/);
  assert.match(remarks[1] ?? "", /^instruction: .* left out/);
  const again = judgeByHand(rows, {
    ...options,
    labelled: labelledIn([...lines, ...labels.map(({ label }) => label)]),
  });
  assert.equal(again.labels.length, 0, "what is kept already isn't kept twice");

  const part = judgeByHand(rows, { ...options, most: 110, labelled: labelledIn(lines) }).labels;
  assert(part.length > 80 && part.length < 140 && part.every(({ label }) => label.p === 0.5));
  const ofHand = part.filter(({ label }) => label.row < 120).length;
  assert(ofHand > 40 && ofHand < 85, "labelled by hand or not, a row has the same chance");
});
