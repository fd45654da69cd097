import assert from "node:assert/strict";
import { type Candidate, sampleOf } from "../../src/judge/sample.ts";

/** 2,000 rows of two attributes: values with 1, 9, 40 and 50 % of the rows, and three even ones. */
const CANDIDATES: Candidate[] = Array.from({ length: 2000 }, (_, row) => {
  const share = row % 100;
  const topic = share < 1 ? "a" : share < 10 ? "b" : share < 50 ? "c" : "d";
  return { row: row * 3, values: [topic, `tone ${row % 3}`] };
});
const topicOf = new Map(CANDIDATES.map(({ row, values }) => [row, values[0]]));

Deno.test("sampleOf() gives each value of each attribute rows, and as many rows as asked for", () => {
  const sample = sampleOf(CANDIDATES, { size: 600, seed: 1 });
  assert.equal(sample.length, 600);
  assert.equal(new Set(sample.map(({ row }) => row)).size, 600);
  const rows = (topic: string) => sample.filter(({ row }) => topicOf.get(row) === topic).length;
  assert.equal(rows("a"), 20);
  for (const topic of ["b", "c", "d"]) assert(rows(topic) > 100, `${topic}: ${rows(topic)}`);
});

Deno.test("sampleOf() tells each row's chance: over many seeds it is in the sample as often", () => {
  const taken = new Map<number, number>();
  const chances = new Map<number, number>();
  const seeds = 400;
  for (let seed = 1; seed <= seeds; seed++) {
    for (const { row, p } of sampleOf(CANDIDATES, { size: 300, seed })) {
      taken.set(row, (taken.get(row) ?? 0) + 1 / seeds);
      chances.set(row, p);
    }
  }
  // By value, so that chance averages out: 20 to 1,000 rows each.
  for (const topic of ["a", "b", "c", "d"]) {
    const rows = CANDIDATES.filter(({ values }) => values[0] === topic).map(({ row }) => row);
    const came = rows.reduce((sum, row) => sum + (taken.get(row) ?? 0), 0);
    const expected = rows.reduce((sum, row) => sum + (chances.get(row) ?? 0), 0);
    assert(Math.abs(came / expected - 1) < 0.02, `${topic}: ${came} of ${expected}`);
  }
});

Deno.test("sampleOf() weighted back by its chances gives the shares of all rows", () => {
  const estimates: number[] = [];
  for (let seed = 1; seed <= 50; seed++) {
    const sample = sampleOf(CANDIDATES, { size: 300, seed });
    const total = sample.reduce((sum, { p }) => sum + 1 / p, 0);
    const common = sample.filter(({ row }) => topicOf.get(row) === "d");
    estimates.push(common.reduce((sum, { p }) => sum + 1 / p, 0) / total);
  }
  const mean = estimates.reduce((sum, each) => sum + each, 0) / estimates.length;
  assert(Math.abs(mean - 0.5) < 0.01, `${mean}`);
});

Deno.test("a larger sampleOf() holds the smaller one, another seed draws others", () => {
  const rowsOf = (size: number, seed: number) =>
    sampleOf(CANDIDATES, { size, seed }).map(({ row }) => row);
  const large = new Set(rowsOf(600, 1));
  assert(rowsOf(200, 1).every((row) => large.has(row)));
  assert.notDeepEqual(rowsOf(200, 1), rowsOf(200, 2));
});

Deno.test("sampleOf() takes all rows where there are no more", () => {
  const few = CANDIDATES.slice(0, 30);
  assert.deepEqual(
    sampleOf(few, { size: 600, seed: 1 }),
    few.map(({ row }) => ({ row, p: 1 })),
  );
});
