import assert from "node:assert/strict";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { attributeFindings } from "../../../src/analysis/shares/attributes.ts";
import { labelsOfRows } from "../../../src/analysis/shares/labels_of_rows.ts";
import { followedShares } from "../../../src/analysis/shares/followed.ts";
import type { Label } from "../../../src/run/log/labels.ts";

function labelOf(row: number, label: string, more: Partial<Label> = {}): Label {
  const rest = { by: "person", sample: "random" as const, p: 0.5, at: "2026-01-31T12:00:00Z" };
  return { row, attribute: "tone", label, ...rest, ...more };
}

/** 40 rows, half of them asked for Calm, the others for Angry; every fourth for nothing extra. */
const READING = corpusOf(
  Array.from({ length: 40 }, (_, row) => ({
    text: `Text ${row}`,
    attributes: {
      tone: row % 2 === 0 ? "Calm" : "Angry",
      extra: row % 4 === 0 ? "" : row % 4 === 1 ? "Be short" : "Ask twice",
    },
  })),
  { config: null },
);
const { corpus } = READING;

function labelled(labels: readonly Label[]) {
  const { realised, followed } = labelsOfRows(corpus, [{ run: 0, labels }]);
  const shares = followed.map((each) => [each.attribute, followedShares(each)] as const);
  return { realised, followed: new Map(shares) };
}

Deno.test("labelsOfRows() takes the newest label of a person for a row that was drawn", () => {
  const { realised: [tone, ...others] } = labelled([
    labelOf(0, "Calm"),
    labelOf(1, "Calm"),
    labelOf(1, "other"),
    labelOf(2, "Angry", { by: "import" }),
    labelOf(3, "Angry", { sample: "picked", p: null }),
    labelOf(4, "Sad"),
    labelOf(400, "Calm"),
  ]);
  assert.equal(others.length, 0);
  assert.deepEqual(tone?.classes, ["Calm", "Angry", "none", "other"]);
  assert.deepEqual(Array.from(tone.of.subarray(0, 5)), [0, 3, -1, -1, -1]);
});

Deno.test("labelsOfRows() takes the judge that labelled most, of equals the last, and persons beside it", () => {
  const judged = (row: number, by: string, at: string, more: Partial<Label> = {}) =>
    labelOf(row, "Calm", { by, at, sample: "stratified", p: 0.25, ...more });
  const first = [0, 1, 2].map((row) => judged(row, "judge:openai:a", "2026-01-02"));
  const second = [1, 2].map((row) =>
    judged(row, "judge:openai:b", "2026-01-03", { label: "none" })
  );
  const hand = [labelOf(2, "Angry"), labelOf(9, "Angry")];
  const [most] = labelled([...first, ...second, ...hand]).realised;
  assert.equal(most?.by, "judge:openai:a");
  assert.deepEqual(Array.from(most.of.subarray(0, 4)), [0, 0, 0, -1]);
  assert.equal(most.weights?.[0], 4);
  // A row that the judge hasn't labelled is kept.
  assert.deepEqual([most.byHand?.of[2], most.byHand?.of[9], most.byHand?.of[0]], [1, 1, -1]);
  assert.equal(most.byHand?.weights[9], 2);
  const third = judged(3, "judge:openai:b", "2026-01-03", { label: "none" });
  const [last] = labelled([...first, ...second, third]).realised;
  assert.deepEqual([last?.by, last?.byHand], ["judge:openai:b", undefined]);
  const [other] = labelled([first[0]!, judged(1, "judge:z", "2026-01-01")]).realised;
  assert.equal(other?.by, "judge:openai:a");
});

Deno.test("labelsOfRows() leaves out labels of texts that were made again since", () => {
  const { corpus } = corpusOf([0, 1].map((row) => ({
    text: "Hi",
    attributes: { tone: row === 0 ? "Calm" : "Angry" },
    at: row === 0 ? "2026-01-31T12:00:00.001Z" : "2026-01-31T12:00:00.000Z",
  })));
  const labels = [labelOf(0, "Calm"), labelOf(1, "Calm")];
  const [tone] = labelsOfRows(corpus, [{ run: 0, labels }]).realised;
  assert.deepEqual([...tone?.of ?? []], [-1, 0]);
});

Deno.test("labelsOfRows() counts who does what was asked, and who does it unasked", () => {
  const extra = (row: number, asked: string, label: string) =>
    labelOf(row, label, { attribute: "extra", asked });
  const { realised, followed } = labelled([
    extra(1, "Be short", "yes"),
    extra(5, "Be short", "no"),
    extra(9, "Be short", "yes"),
    extra(0, "Be short", "no"),
    extra(2, "Be short", "yes"),
    extra(3, "Ask twice", "yes"),
  ]);
  assert.deepEqual(realised, []);
  const short = followed.get("extra")?.shares.get("Be short");
  assert(short !== undefined && Math.abs(short.share - 2 / 3) < 1e-12);
  assert(short.low < 0.3 && short.high > 0.9);
  assert.equal(short.unasked?.share, 0.5);
  assert.equal(followed.get("extra")?.shares.get("Ask twice")?.unasked, null);
});

Deno.test("labels by a person give shares of the texts, and say how many stand behind them", () => {
  // All that was asked to be angry is calm.
  const labels = Array.from({ length: 40 }, (_, row) => labelOf(row, "Calm"));
  const { realised, followed } = labelled(labels);
  const { tone, extra } = attributeFindings(READING, {
    config: null,
    drawn: null,
    labels: realised,
    followed,
  });
  assert.equal(tone?.measuredBy, "person");
  assert.equal(tone.corrected, 40);
  const shares = new Map(tone.values.map(({ value, realised }) => [value, realised]));
  const calm = shares.get("Calm");
  assert(calm && calm.share > 0.9 && calm.high > 0.97, `${calm?.share}`);
  assert((shares.get("Angry")?.high ?? 1) < 0.2);
  assert.equal(extra?.measuredBy, null);
  assert.equal(extra.corrected, 0);
});

Deno.test("an attribute that is followed has no shares of texts", () => {
  const { realised, followed } = labelled([
    labelOf(1, "yes", { attribute: "extra", asked: "Be short" }),
  ]);
  const { extra } = attributeFindings(READING, {
    config: null,
    drawn: null,
    labels: realised,
    followed,
  });
  assert.equal(extra?.measuredBy, "person");
  assert(extra.values.every(({ realised }) => realised === null));
  const short = extra.values.find(({ value }) => value === "Be short");
  assert.equal(short?.followed?.share, 1);
});
