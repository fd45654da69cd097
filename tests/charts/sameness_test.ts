import assert from "node:assert/strict";
import { coverageChart } from "../../src/charts/coverage.ts";
import { driftChart } from "../../src/charts/drift.ts";
import { neverSeenChart } from "../../src/charts/never_seen.ts";
import { repeatsChart } from "../../src/charts/repeats.ts";
import { tailsChart } from "../../src/charts/tails.ts";
import { drawn } from "./drawn.ts";
import { FINDINGS } from "./findings.ts";

Deno.test("repeatsChart() counts rows that are nearly alike and those that are the same", () => {
  const chart = drawn(repeatsChart(FINDINGS));
  assert.equal(
    chart.title,
    "1.6\u00a0% of rows have a near copy: 31 of 1,940 in 3\u00a0groups; 12\u00a0rows repeat an " +
      "earlier one word for word",
  );
  assert.match(chart.subtitle, /the 2 largest of 3\u00a0groups\.$/);
  assert.deepEqual(chart.texts, [
    "Could you please help me with a loan?",
    "What does it cost?",
    "20\u00a0rows",
    "8\u00a0rows",
  ]);
});

Deno.test("repeatsChart() says that no two rows are alike, or that copies are all there is", () => {
  const nearDuplicates = { clusters: 0, rows: 0, largest: [] };
  const none = { ...FINDINGS.diversity, nearDuplicates };
  assert.equal(
    drawn(repeatsChart({ ...FINDINGS, diversity: { ...none, exactDuplicates: 0 } })).title,
    "No two of 1,940\u00a0ok rows are alike",
  );
  assert.match(
    drawn(repeatsChart({ ...FINDINGS, diversity: none })).title,
    /^12\u00a0rows repeat an earlier one word for word, 0.62\u00a0% of 1,940$/,
  );
});

Deno.test("repeatsChart() says that fewer than two rows can't repeat each other", () => {
  const of = (ok: number) => {
    const nearDuplicates = { clusters: 0, rows: 0, largest: [] };
    return drawn(repeatsChart({ rows: { ok }, diversity: { exactDuplicates: 0, nearDuplicates } }));
  };
  for (const ok of [0, 1]) {
    assert.equal(of(ok).title, "Whether rows repeat each other can't be told");
  }
  assert.equal(of(2).title, "No two of 2\u00a0ok rows are alike");
});

Deno.test("neverSeenChart() misses no pair that isn't expected", () => {
  const byAttributes = FINDINGS.coverage.byAttributes.map((two) => ({
    ...two,
    never: two.never.map((pair) => ({ ...pair, expected: 0 })),
  }));
  const chart = drawn(neverSeenChart({ coverage: { ...FINDINGS.coverage, byAttributes } }));
  assert.equal(chart.title, "2\u00a0pairs of values no ok row has");
});

/** A run's parts with the same words, lengths and repeats. */
function steady(parts: number) {
  return Array.from({ length: parts }, (_, i) => ({
    from: i * 200,
    to: (i + 1) * 200,
    repeats: 0.04 + 0.01 * (i % 2),
    distinct2: 0.7 + 0.01 * (i % 3),
    medianWords: 14,
  }));
}

const along = (drift: typeof FINDINGS.diversity.drift) =>
  drawn(driftChart({ diversity: { drift } }));

Deno.test("driftChart() says how words and lengths surely change", () => {
  const chart = drawn(driftChart(FINDINGS));
  assert.equal(
    chart.title,
    "Along the run rows repeat each other more, 1\u00a0% of a part at first, 13\u00a0% at last; " +
      "words grow less varied, 70\u00a0% different pairs at first, 50\u00a0% at last; " +
      "rows grow shorter, median 14 words at first, 10 at last",
  );
  assert.equal(chart.count("dot", "circle"), 15);
  const longer = steady(10).map((part, i) => ({ ...part, medianWords: 10 + i / 2 }));
  assert.equal(
    along(longer).title,
    "Along the run rows grow longer, median 10.5 words at first, 14 at last",
  );
});

Deno.test("driftChart() says whether rows repeat each other more", () => {
  const chart = along(steady(10));
  assert.equal(
    chart.title,
    "Repeats, how varied words are, and the median length don't surely change along the run",
  );
  assert.equal(chart.count("dot", "circle"), 30);
  const more = along(steady(10).map((part, i) => ({ ...part, repeats: 0.02 + 0.01 * i })));
  assert.equal(
    more.title,
    "Along the run rows repeat each other more, 3\u00a0% of a part at first, 10\u00a0% at last",
  );
  const hardly = along(steady(10).map((part, i) => ({ ...part, repeats: 0.001 * i })));
  assert.match(hardly.title, /^Repeats, /);
});

Deno.test("driftChart() says of few parts, or of small changes, that nothing is sure", () => {
  const falling = (parts: number, by: number) =>
    steady(parts).map((part, i) => ({ ...part, distinct2: 0.7 - by * i }));
  assert.match(along(falling(4, 0.1)).title, /can't be told from 4\u00a0parts$/);
  assert.match(along(falling(5, 0.1)).title, /^Along the run words grow less varied/);
  assert.match(along(falling(10, 0.001)).title, /^Repeats, how/);
});

Deno.test("driftChart() leaves out what wasn't measured", () => {
  const drift = FINDINGS.diversity.drift.map((part) => ({ ...part, distinct2: null }));
  const chart = drawn(driftChart({ diversity: { ...FINDINGS.diversity, drift } }));
  assert.equal(chart.count("dot", "circle"), 10);
  assert.ok(chart.texts.includes("not measured"));
  assert.match(chart.title, /^Along the run rows repeat[^]*; rows grow shorter/);
  const [first] = drift;
  assert.ok(first !== undefined);
  const one = { ...FINDINGS.diversity, drift: [first] };
  assert.match(drawn(driftChart({ diversity: one })).title, /can't be told$/);
});

Deno.test("coverageChart() says how many pairs are seen and what more would take", () => {
  const chart = drawn(coverageChart(FINDINGS));
  assert.equal(
    chart.title,
    "1,940\u00a0ok rows have 7 of 9 pairs of values (78\u00a0%); for 95\u00a0% of them it takes " +
      "about 5,200 rows",
  );
  assert.deepEqual(chart.texts, ["topic × tone", "7 of 9"]);
});

Deno.test("neverSeenChart() names the pair that is missed most", () => {
  const chart = drawn(neverSeenChart(FINDINGS));
  assert.equal(chart.title, "“Apple Pay” and “Angry”: 3.2\u00a0rows expected, none seen");
  assert.deepEqual(chart.texts, [
    "Apple Pay × Angry",
    "Lost card × (nothing asked)",
    "3.2\u00a0rows",
    "0.4\u00a0rows",
  ]);
  const seen = { ...FINDINGS.coverage, pairs: { possible: 9, seen: 9 }, byAttributes: [] };
  assert.equal(drawn(neverSeenChart({ coverage: seen })).title, "Every pair of values is seen");
});

Deno.test("tailsChart() names the rarest value and what ten rows of each take", () => {
  const chart = drawn(tailsChart(FINDINGS));
  assert.equal(
    chart.title,
    "The rarest value, “Angry”, has 6\u00a0ok rows; for 10 of every value it takes about 3,300 rows",
  );
  assert.ok(chart.texts.includes("the longest 5\u00a0%: 43\u00a0words or more"));
  assert.ok(chart.texts.includes("asked 95, got 31, expected 97"));
  assert.equal(chart.count("tick", "line"), 4);
});
