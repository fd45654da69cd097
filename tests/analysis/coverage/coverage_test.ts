import assert from "node:assert/strict";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import { coverageFindings } from "../../../src/analysis/coverage/coverage.ts";
import { pairCoverage } from "../../../src/analysis/coverage/pair_coverage.ts";
import { plan } from "../../../src/plan/plan.ts";
import { uniform } from "../../../src/stats/random.ts";
import { configOf, EQUAL_28, item, scored } from "../../plan/configs.ts";

const rowOf = (attributes: Record<string, string>) => ({ text: "Hi", attributes });

Deno.test("pairs are those that the scores make possible, when or not, among ok rows", () => {
  const config = configOf({
    language: [item("English", { score: 3 }), item("Swedish"), item("Danish", { score: 0 })],
    tone: [item(""), item("Angry")],
    topic: [item("Loan"), item("Swish", { when: { language: ["Swedish"] } })],
  });
  const reading = corpusOf([
    rowOf({ language: "English", tone: "", topic: "Loan" }),
    rowOf({ language: "English", tone: "Angry", topic: "Loan" }),
    { ...rowOf({ language: "Swedish", tone: "", topic: "Swish" }), outcome: "refused" },
    // Values that the config doesn't have, or that can't be drawn together, are no pairs.
    rowOf({ language: "Danish", tone: "Bored", topic: "Swish" }),
  ], { config });
  const { pairs, byAttributes } = coverageFindings(reading, { config });
  assert.deepEqual(pairs, { possible: 11, seen: 5 });
  assert.deepEqual(
    byAttributes.map(({ attributes, possible, seen }) => [attributes.join(), possible, seen]),
    [["language,tone", 4, 2], ["language,topic", 3, 1], ["tone,topic", 4, 2]],
  );
  // A quarter of the rows is Swedish, half of these on Swish.
  assert.deepEqual(byAttributes[1]?.never.map(({ values }) => values), [
    ["Swedish", "Loan"],
    ["Swedish", "Swish"],
  ]);
  assert.ok(Math.abs((byAttributes[1]?.never[0]?.expected ?? 0) - 3 / 8) < 1e-12);
});

Deno.test("unseen pairs are the most wanted ones, at most 20", () => {
  const scores = Array.from({ length: 10 }, (_, i) => 10 - i);
  const config = configOf({ a: scored(scores), b: scored(scores) });
  const { byAttributes } = pairCoverage(corpusOf([rowOf({ a: "v0", b: "v0" })], { config }), {
    config,
  });
  const never = byAttributes[0]?.never ?? [];
  assert.equal(never.length, 20);
  assert.deepEqual(never.slice(0, 3).map(({ values }) => values), [
    ["v0", "v1"],
    ["v1", "v0"],
    ["v1", "v1"],
  ]);
  assert.ok(never.every(({ expected }, i) => i === 0 || expected <= never[i - 1]!.expected));
});

Deno.test("needed.pairs is where 95 % of pairs are expected to have an ok row", () => {
  const config = configOf({ a: scored(EQUAL_28), b: scored(EQUAL_28) });
  const empty = corpusOf([], { config });
  // 1 - (1 - 1/784)^n = .95
  const exact = Math.log(0.05) / Math.log(1 - 1 / 784);
  const { needed } = coverageFindings(empty, { config });
  assert.ok(Math.abs((needed.pairs ?? 0) / exact - 1) < 0.01, String(needed.pairs));
  // By drawing rows until then.
  const ask = plan(config, { seed: 1, sampling: "independent" });
  const seen = new Set<string>();
  for (let row = 0; row < (needed.pairs ?? 0); row++) {
    const { a, b } = ask(row).attributes;
    seen.add(`${a} ${b}`);
  }
  assert.ok(Math.abs(seen.size / 784 - 0.95) < 0.03, String(seen.size));
  // Half of the rows are lost: twice as many are needed.
  const halved = corpusOf(
    Array.from({ length: 2000 }, (_, row) => ({
      ...rowOf(ask(row).attributes),
      outcome: uniform(1, row) < 0.5 ? "refused" as const : "ok" as const,
    })),
    { config },
  );
  const more = coverageFindings(halved, { config }).needed.pairs ?? 0;
  assert.ok(Math.abs(more / exact / 2 - 1) < 0.12, String(more));
});

Deno.test("needed rows follow what is drawn, and are null where nothing would do", () => {
  const config = configOf({
    tone: [item("Calm", { score: 9 }), item("Angry", { factor: 3 })],
  });
  const none = coverageFindings(corpusOf([], { config }), { config });
  // Angry is wanted in 1 of 10 rows and drawn in 3 of 12.
  assert.deepEqual(none.needed, { values: 40, pairs: null });
  // Of 98 rows asked in anger 49 were lost: 10 / (.25 · .5…)
  const asked = (tone: string, outcome: "ok" | "refused", count: number) =>
    new Array(count).fill({ ...rowOf({ tone }), outcome });
  const lossy = corpusOf([
    ...asked("Calm", "ok", 294),
    ...asked("Angry", "ok", 49),
    ...asked("Angry", "refused", 49),
  ], { config });
  const survival = (49 + 2 * 343 / 392) / 100;
  const { values } = coverageFindings(lossy, { config }).needed;
  assert.equal(values, Math.ceil(10 / (0.25 * survival)));
  const never = configOf({ tone: [item("Calm"), item("Angry", { factor: 0 })] });
  assert.equal(
    coverageFindings(corpusOf([], { config: never }), { config: never }).needed.values,
    null,
  );
  const lost = corpusOf(asked("Calm", "refused", 5), { config });
  assert.deepEqual(coverageFindings(lost, { config }).needed, { values: null, pairs: null });
});

Deno.test("the length tail says what was expected, asked and got at the 95th and 99th percentile", () => {
  const length = { mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null };
  const config = configOf({ tone: [item("Calm"), item("Angry")] }, length);
  const ask = plan(config, { seed: 1, sampling: "even" });
  const rows = Array.from({ length: 2000 }, (_, row) => {
    const { attributes, requestedWords } = ask(row);
    return { text: "Hi", attributes, requestedWords, words: Math.min(requestedWords ?? 0, 40) };
  });
  const { lengthTail } = coverageFindings(corpusOf(rows, { config }), { config });
  const [p95, p99] = lengthTail;
  assert.deepEqual(lengthTail.map(({ p }) => p), [0.95, 0.99]);
  assert.equal(p95?.words, 43);
  assert.ok(p95 && p95.expected >= 100 && p95.expected < 110, String(p95?.expected));
  assert.ok(Math.abs(p95.asked - p95.expected) < 6 && p95.got === 0);
  assert.ok(p99 && Math.abs(p99.asked - p99.expected) < 6 && p99.words > 60);
  assert.deepEqual(coverageFindings(corpusOf(rows), { config: null }).lengthTail, []);
});

Deno.test("the smallest values are the wanted ones with the fewest ok rows", () => {
  const config = configOf({
    tone: [item("Calm", { score: 8 }), item("Angry"), item("Sad"), item("Never", { score: 0 })],
    topic: scored(new Array(12).fill(1)),
  });
  const rows = Array.from({ length: 100 }, (_, row) => ({
    ...rowOf({ tone: row < 90 ? "Calm" : "Angry", topic: `v${row % 11}` }),
    outcome: row === 95 ? "failed" as const : "ok" as const,
  }));
  const { smallest } = coverageFindings(corpusOf(rows, { config }), { config });
  assert.equal(smallest.length, 10);
  // Both have none; more of Sad were expected.
  assert.deepEqual(smallest.slice(0, 3).map(({ value, rows }) => [value, rows]), [
    ["Sad", 0],
    ["v11", 0],
    ["v7", 8],
  ]);
  assert.ok(Math.abs((smallest[0]?.expected ?? 0) - 9.9) < 1e-9);
});

Deno.test("without a config the values asked for make the pairs", () => {
  const reading = corpusOf([
    rowOf({ a: "x", b: "1" }),
    rowOf({ a: "x", b: "2" }),
    rowOf({ a: "y", b: "1" }),
    { ...rowOf({ a: "y", b: "3" }), outcome: "failed" },
  ]);
  const { pairs, byAttributes, smallest, needed } = coverageFindings(reading, { config: null });
  assert.deepEqual(pairs, { possible: 6, seen: 3 });
  assert.deepEqual(byAttributes[0]?.never[0], { values: ["x", "3"], expected: 3 * 0.5 * 0.25 });
  assert.deepEqual(smallest[0], { attribute: "b", value: "3", rows: 0, expected: 0.75 });
  assert.ok((needed.values ?? 0) >= 40 && (needed.pairs ?? 0) > 10);
  const nothing = coverageFindings(corpusOf([]), { config: null });
  assert.deepEqual(nothing, {
    pairs: { possible: 0, seen: 0 },
    byAttributes: [],
    lengthTail: [],
    smallest: [],
    needed: { values: null, pairs: null },
  });
});

Deno.test("attributes with too many pairs are left out, the smaller ones first counted", () => {
  const wide = scored(new Array(2500).fill(1));
  const config = configOf({ a: wide, b: scored([1, 1]), c: wide });
  const { byAttributes, pairs } = pairCoverage(
    corpusOf([rowOf({ a: "v7", b: "v1", c: "v3" })], { config }),
    { config },
  );
  // a × c would be 6,250,000.
  assert.deepEqual(byAttributes.map(({ attributes }) => attributes.join()), ["a,b", "b,c"]);
  assert.deepEqual(pairs, { possible: 10_000, seen: 2 });
});
