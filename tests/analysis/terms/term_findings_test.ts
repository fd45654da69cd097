import assert from "node:assert/strict";
import { corpusOf } from "../../../src/analysis/reading/corpus.ts";
import type { TemplateTerm } from "../../../src/analysis/findings.ts";
import { countTerms } from "../../../src/analysis/terms/counted_terms.ts";
import { addExamples } from "../../../src/analysis/terms/examples.ts";
import { referenceOf } from "../../../src/analysis/terms/reference.ts";
import { remarkableTerms } from "../../../src/analysis/terms/remarkable_terms.ts";
import { termFindings } from "../../../src/analysis/terms/term_findings.ts";
import { english, PLANTED, plantedRows } from "./planted.ts";

function templateTerm(fields: Partial<TemplateTerm>): TemplateTerm {
  const term = fields.term ?? "a";
  const n = term.split(" ").length;
  const shares = { share: 0.2, low: 0.15, score: 0.15, languageShare: 0.2 };
  return { term, n, rows: 20, ...shares, language: "en", examples: [], ...fields };
}

Deno.test("termFindings() gives the same findings twice, without what JSON can't hold", () => {
  const reference = referenceOf(["a few words"], { name: "chats", language: "en" });
  const find = () => termFindings(english(plantedRows(300)), { config: null, reference });
  const findings = find();
  assert.deepEqual(find(), findings);
  assert.deepEqual(JSON.parse(JSON.stringify(findings)), findings);
  assert.ok(findings.template.length > 0 && findings.byValue.length > 0);
  assert.ok(findings.openings.length > 0 && findings.endings.length > 0);
  assert.equal(findings.reference?.name, "chats");
});

Deno.test("termFindings() takes texts of nothing, of one word and of odd characters", () => {
  const texts = ["", "…", "\ud800", "a", "😀", "\u0000 b\u202e", "x".repeat(10_000)];
  const rows = Array.from({ length: 70 }, (_, i) => ({
    text: texts[i % texts.length]!,
    attributes: { topic: i % 2 === 0 ? "\udfff" : "" },
  }));
  const { template, reference } = termFindings(corpusOf(rows).corpus, { config: null });
  assert.deepEqual(template.map(({ n, rows }) => [n, rows]), [[1, 10], [1, 10], [1, 10]]);
  assert.equal(reference, null);
});

Deno.test("countTerms() asks for one row of 5,000 in large corpora", () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => ({ text: i < 6 ? "six five" : "w" }));
  const fewer = rows.map(({ text }, i) => ({ text: i === 5 ? "six" : text }));
  assert.deepEqual(countTerms(english(rows), { config: null }).terms.map(({ term }) => term), [
    "w",
    "six five",
  ]);
  const { minRows, terms, candidates } = countTerms(english(fewer), { config: null });
  assert.deepEqual([minRows, candidates], [6, 2]);
  assert.deepEqual(terms.map(({ term }) => term), ["six", "w"]);
});

Deno.test("addExamples() names rows in the middle of equal parts", () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({
    row: 1000 + i,
    text: i % 2 === 0 ? "so sorry sorry so sorry" : "so, not sorry",
  }));
  const { corpus } = corpusOf(rows);
  const terms = [
    templateTerm({ term: "so sorry", rows: 50 }),
    templateTerm({ term: "not sorry", rows: 50 }),
    templateTerm({ term: "sorry", rows: 100 }),
  ];
  addExamples(corpus, terms);
  assert.deepEqual(terms.map(({ examples }) => examples.map(({ row }) => row - 1000)), [
    [10, 30, 50, 70, 90],
    [11, 31, 51, 71, 91],
    [10, 30, 50, 70, 90],
  ]);
  const few = [templateTerm({ term: "sorry", rows: 2 })];
  addExamples(corpusOf([{ text: "sorry" }, { text: "a" }, { text: "sorry" }]).corpus, few);
  assert.deepEqual(few[0]?.examples, [{ row: 0 }, { row: 2 }]);
});

Deno.test("remarkableTerms() names phrases before words and one of those that overlap", () => {
  const terms = [
    templateTerm({ term: "need", rows: 48, score: 0.2 }),
    templateTerm({ term: "help me", rows: 30, score: 0.18 }),
    templateTerm({ term: "i need", rows: 41, score: 0.17 }),
    templateTerm({ term: "can you help me", rows: 21, score: 0.09 }),
    templateTerm({ term: "you help", rows: 22, score: 0.08 }),
    templateTerm({ term: "tack", rows: 20, score: 0.12, language: "sv" }),
    templateTerm({ term: "tack på", rows: 19, score: 0.11, language: "sv" }),
    templateTerm({ term: "att betala", rows: 38, score: 0.09, language: "sv" }),
    templateTerm({ term: "few rows", rows: 9, score: 0.06 }),
    templateTerm({ term: "very rare", rows: 9, score: 0.04 }),
  ];
  const named = (most: number) => remarkableTerms(terms, { most }).map(({ term }) => term);
  assert.deepEqual(named(9), ["can you help me", "i need", "tack på"]);
  assert.deepEqual(named(1), ["can you help me"]);
  assert.deepEqual(remarkableTerms([], { most: 3 }), []);
});

Deno.test("remarkableTerms() names the planted phrases of a run", () => {
  const { template } = termFindings(english(plantedRows(3000)), { config: null });
  const named = remarkableTerms(template, { most: 9 }).map(({ term }) => term);
  assert.deepEqual(named, PLANTED.map(([phrase]) => phrase));
});
