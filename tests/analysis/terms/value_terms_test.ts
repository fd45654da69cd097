import assert from "node:assert/strict";
import { corpusOf, type LooseRow } from "../../../src/analysis/reading/corpus.ts";
import type { ValueTerm } from "../../../src/analysis/findings.ts";
import type { Corpus } from "../../../src/analysis/reading/rows.ts";
import { countTerms } from "../../../src/analysis/terms/counted_terms.ts";
import { valueTerms } from "../../../src/analysis/terms/value_terms.ts";
import type { AttributeValue } from "../../../src/config/types.ts";
import { conservativeLogRatio } from "../../../src/stats/log_ratio.ts";
import { uniform } from "../../../src/stats/random.ts";
import { config } from "../../run/fixtures.ts";
import { english, PLANTED, plantedRows, TONES, TOPICS } from "./planted.ts";

function byValue(corpus: Corpus, given: Parameters<typeof valueTerms>[2]["config"] = null) {
  return valueTerms(corpus, countTerms(corpus, { config: null }), { config: given });
}

Deno.test("valueTerms() finds each topic's and tone's words, and no planted phrase", () => {
  const found = byValue(english(plantedRows(3000)));
  const known = new Map<string, ValueTerm>();
  for (const term of found) {
    known.set(JSON.stringify([term.attribute, term.value, term.term]), term);
  }
  for (const [attribute, all] of [["topic", TOPICS], ["tone", TONES]] as const) {
    for (const [value, words] of Object.entries(all)) {
      for (const word of words) {
        const term = known.get(JSON.stringify([attribute, value, word]));
        assert.ok(term !== undefined && term.lrc >= 1, `${word} of ${value}`);
        // "card" stands in "Debit card" and "savings" in "Savings"; the others in nothing.
        const echo = value.toLowerCase().split(" ").includes(word);
        assert.equal(term.verdict, echo ? "echo" : "topical", word);
        assert.ok(term.q < 0.05 && term.others === 0 && term.share > 0.1 && term.v > 0.1);
      }
    }
  }
  const planted = new Set(PLANTED.map(([phrase]) => phrase));
  assert.ok(!found.some(({ term }) => planted.has(term)));
  assert.ok(found.every(({ lrc }, i) => i === 0 || lrc <= found[i - 1]!.lrc));
});

Deno.test("valueTerms() gives rows, shares and the ratio of a term", () => {
  const rows = Array.from({ length: 200 }, (_, i): LooseRow => {
    const angry = i < 50;
    const has = angry ? i < 30 : i < 80;
    return { text: has ? `kort w${i}` : `w${i}`, attributes: { tone: angry ? "Angry" : "" } };
  });
  const corpus = corpusOf(rows, { language: "sv" }).corpus;
  const [term, ...others] = byValue(corpus);
  assert.deepEqual(others, []);
  assert.deepEqual([term?.attribute, term?.value, term?.rows], ["tone", "Angry", 30]);
  assert.deepEqual([term?.share, term?.others], [0.6, 0.2]);
  assert.equal(term?.lrc, conservativeLogRatio({ f1: 30, n1: 50, f2: 30, n2: 150 }));
  const chiSquare = 200 * (30 * 120 - 30 * 20) ** 2 / (50 * 150 * 60 * 140);
  const phi = (chiSquare / 200 - 1 / 199) / (1 - 1 / 199);
  assert.ok(Math.abs(term!.v - Math.sqrt(phi)) < 1e-12);
});

Deno.test("valueTerms() calls mixed what is less than twice as frequent for sure", () => {
  const rows = Array.from({ length: 2000 }, (_, i): LooseRow => {
    const value = i % 2 === 0 ? "A" : "B";
    const has = i % 20 < (value === "A" ? 12 : 8);
    return { text: has ? `hurry w${i}` : `w${i}`, attributes: { kind: value } };
  });
  const [term] = byValue(english(rows));
  assert.deepEqual([term?.term, term?.value, term?.verdict], ["hurry", "A", "mixed"]);
  assert.ok(term!.lrc > 0 && term!.lrc < 1);
});

Deno.test("valueTerms() calls echo what the model was told", () => {
  const value = (fields: Partial<AttributeValue>): AttributeValue => ({
    value: "",
    score: 1,
    factor: 1,
    prompt: null,
    when: null,
    ...fields,
  });
  const given = config({
    context: "The chat of a bank with branches.",
    attributes: {
      topic: [value({ value: "Loans" }), value({ value: "B", prompt: "About credit cards" })],
    },
    prompt: "Write about {{topic}}, and be humorous.",
  });
  const texts = {
    Loans: ["my loan", "two branch", "humorously", "mortgage"],
    B: ["credit card", "about topic"],
  };
  const rows = Object.entries(texts).flatMap(([topic, all]) =>
    Array.from(
      { length: 30 },
      (_, i): LooseRow[] =>
        all.map((text, j) => ({ text: `${text} w${i}x${j}${topic}`, attributes: { topic } })),
    ).flat()
  );
  const verdicts = (config: typeof given | null) =>
    Object.fromEntries(byValue(english(rows), config).map(({ term, verdict }) => [term, verdict]));
  assert.deepEqual(verdicts(given), {
    "my loan": "echo",
    "two branch": "topical",
    humorously: "echo",
    mortgage: "topical",
    "credit card": "echo",
    "about topic": "echo",
  });
  assert.deepEqual(verdicts(null), {
    "my loan": "echo",
    "two branch": "topical",
    humorously: "topical",
    mortgage: "topical",
    "credit card": "topical",
    "about topic": "echo",
  });
});

Deno.test("valueTerms() tests within each language", () => {
  // All Swedish rows say "hej" and most of them are about boats: across languages that would be a
  // word of boats.
  const rows = Array.from({ length: 400 }, (_, i): LooseRow => {
    const swedish = i % 2 === 0;
    const boats = i % 8 < (swedish ? 6 : 1);
    return {
      text: `${swedish ? "hej" : "well"} ${boats && swedish ? "båt" : ""} w${i}`,
      attributes: { language: swedish ? "Swedish" : "English", topic: boats ? "Boats" : "Cars" },
    };
  });
  const found = byValue(corpusOf(rows).corpus);
  const [first] = found;
  assert.deepEqual([first?.term, first?.value], ["hej båt", "Boats"]);
  assert.equal(first?.others, 0);
  assert.ok(!found.some(({ term }) => term === "hej" || term === "well"));
});

Deno.test("valueTerms() finds nothing where labels are shuffled", () => {
  const rows = plantedRows(400);
  let tests = 0;
  let below = 0;
  let shufflesWithTerms = 0;
  const shuffles = 40;
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    const labels = rows.map(({ attributes }) => attributes ?? {});
    for (let i = labels.length - 1; i > 0; i--) {
      const j = Math.floor(uniform("shuffle", shuffle, i) * (i + 1));
      [labels[i], labels[j]] = [labels[j]!, labels[i]!];
    }
    const corpus = english(rows.map((row, i) => ({ ...row, attributes: labels[i]! })));
    const counted = countTerms(corpus, { config: null });
    for (const { spreads } of counted.terms) {
      for (const spread of spreads) {
        tests += spread.tests;
        below += spread.hits.filter(({ p }) => p < 0.05).length;
      }
    }
    if (valueTerms(corpus, counted, { config: null }).length > 0) shufflesWithTerms += 1;
  }
  assert.ok(below / tests <= 0.05, `${below} of ${tests} p values`);
  assert.ok(below / tests > 0.01);
  // At 5 % two of 40 are expected; with six the level would be missed for sure.
  assert.ok(shufflesWithTerms <= 5, `${shufflesWithTerms} of ${shuffles}`);
});

Deno.test("valueTerms() takes no rows, one row and equal rows", () => {
  const row: LooseRow = { text: "hello there", attributes: { topic: "a" } };
  assert.deepEqual(byValue(english([])), []);
  assert.deepEqual(byValue(english([row])), []);
  const equal = Array.from(
    { length: 50 },
    (_, i) => ({ ...row, attributes: { topic: `${i % 2}` } }),
  );
  assert.deepEqual(byValue(english(equal)), []);
});
