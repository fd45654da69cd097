import assert from "node:assert/strict";
import { avoidTerms } from "../../src/prompt/avoid.ts";

const row = (number: number, language: string | null = "English") => ({
  seed: 1,
  row: number,
  language,
});

Deno.test("avoidTerms() tells a frequent term and a hand-typed one to every row", () => {
  const avoid = [
    { term: "please", share: 0.05, language: "English" },
    { term: "hi there", share: null, language: null },
  ];
  for (let number = 0; number < 200; number++) {
    assert.deepEqual(avoidTerms(avoid, row(number)), ["hi there", "please"]);
  }
});

Deno.test("avoidTerms() tells a rare term to rows in proportion to its share", () => {
  const avoid = [{ term: "kindly", share: 0.02, language: "English" }];
  const rows = 20_000;
  let told = 0;
  for (let number = 0; number < rows; number++) told += avoidTerms(avoid, row(number)).length;
  // .02 of .05: .4 of the rows; five standard deviations are .017.
  assert.ok(Math.abs(told / rows - 0.4) < 0.017, `${told / rows}`);
});

Deno.test("avoidTerms() draws the same terms for the same row and others for another seed", () => {
  const avoid = [{ term: "kindly", share: 0.025, language: null }];
  const draws = (seed: number) =>
    Array.from({ length: 64 }, (_, number) => avoidTerms(avoid, { ...row(number), seed }).length)
      .join("");
  assert.equal(draws(1), draws(1));
  assert.notEqual(draws(1), draws(2));
});

Deno.test("avoidTerms() keeps to the row's language, by name, own name or code", () => {
  const avoid = [{ term: "kan du", share: 0.3, language: "da" }];
  assert.deepEqual(avoidTerms(avoid, row(0, "Danish")), ["kan du"]);
  assert.deepEqual(avoidTerms(avoid, row(0, "dansk")), ["kan du"]);
  assert.deepEqual(avoidTerms(avoid, row(0, "Swedish")), []);
  assert.deepEqual(avoidTerms(avoid, row(0, "")), ["kan du"]);
});

Deno.test("avoidTerms() tells at most eight, the largest shares first", () => {
  const avoid = Array.from({ length: 12 }, (_, index) => ({
    term: `term ${index}`,
    share: 0.06 + index / 100,
    language: null,
  }));
  const told = avoidTerms(avoid, row(0));
  assert.equal(told.length, 8);
  assert.equal(told[0], "term 11");
  assert.equal(told.at(-1), "term 4");
});
