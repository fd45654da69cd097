import assert from "node:assert/strict";
import { corpusOf } from "../../src/analysis/reading/corpus.ts";
import { endingsChart, openingsChart } from "../../src/charts/edge_terms.ts";
import { referenceChart } from "../../src/charts/reference_terms.ts";
import { templateChart } from "../../src/charts/template_terms.ts";
import { spreadChart } from "../../src/charts/term_spread.ts";
import { rowsWithTerm } from "../../src/charts/term_rows.ts";
import { mostStriking, spreadOf } from "../../src/charts/spread.ts";
import { valueTermsChart } from "../../src/charts/value_terms.ts";
import { drawn } from "./drawn.ts";
import { FINDINGS, templateTerm, valueTerm } from "./findings.ts";

/** 400 rows: "please help" in every second, "visa" in the rows about cards and nowhere else. */
const { corpus } = corpusOf(
  Array.from({ length: 400 }, (_, row) => ({
    text: (row % 2 === 0 ? "Please help" : "Well, I ask") + (row % 4 < 2 ? " with my visa" : ""),
    attributes: {
      topic: row % 4 < 2 ? "Card" : "Loan",
      tone: ["Angry", "", "Kind", "Calm"][Math.floor(row / 4) % 4] ?? "",
      language: "English",
    },
  })),
);

const english = { ...FINDINGS, languages: [{ language: "en", rows: 1_940 }] };

Deno.test("templateChart() says the first term's share; a line for each with share and bound", () => {
  const chart = drawn(templateChart(english));
  assert.equal(
    chart.title,
    "“could you please” stands in 28\u00a0% of rows, whatever was asked, “i was wondering” in 12\u00a0%",
  );
  assert.deepEqual(chart.texts.slice(0, 3), ["could you please", "i was wondering", "thanks"]);
  assert.equal(chart.texts[3], "28\u00a0% (543\u00a0rows), at least 24\u00a0%");
  for (const [mark, tag] of [["dot", "circle"], ["bar", "rect"], ["tick", "line"]] as const) {
    assert.equal(chart.count(mark, tag), 3, mark);
  }
});

Deno.test("templateChart() says so where no term stands everywhere", () => {
  const template = [templateTerm("a loan", { share: 0.03, low: 0.02, score: 0.01 })];
  assert.equal(
    drawn(templateChart({ ...english, terms: { ...FINDINGS.terms, template } })).title,
    "No word or phrase stands everywhere: “a loan”, the nearest to it, stands in 3\u00a0% of rows",
  );
});

Deno.test("templateChart() doesn't say that nothing stands everywhere of a few rows", () => {
  const of = (ok: number) =>
    drawn(templateChart({ languages: [], rows: { ok }, terms: { template: [] } })).title;
  assert.equal(of(17), "What stands in rows whatever was asked can't be told from 17\u00a0rows");
  assert.equal(of(50), "No word or phrase stands in rows whatever was asked");
});

Deno.test("templateChart() measures terms among the rows of their language where there are several", () => {
  const danish = { share: 0.1, low: 0.09, score: 0.4 };
  const template = [{ ...templateTerm("kan i", danish), language: "da", languageShare: 0.45 }];
  const chart = drawn(templateChart({ ...FINDINGS, terms: { ...FINDINGS.terms, template } }));
  assert.equal(
    chart.title,
    "“kan i” stands in 45\u00a0% of rows in Danish, whatever was asked",
  );
  assert.deepEqual(chart.texts, ["kan i", "45\u00a0% of Danish, 10\u00a0% of all rows"]);
  assert.equal(chart.count("tick", "line"), 0, "the bound is of all rows");
});

Deno.test("templateChart() cuts a long list and says so", () => {
  const template = Array.from(
    { length: 200 },
    (_, i) => templateTerm(`t${i}`, { share: 0.5 - i / 500, low: 0.05, score: 0.04 }),
  );
  const chart = drawn(
    templateChart({ ...english, terms: { ...FINDINGS.terms, template } }, { most: 10 }),
  );
  assert.equal(chart.count("dot", "circle"), 10);
  assert.match(chart.subtitle, /The 10 highest scores are shown\.$/);
});

Deno.test("rowsWithTerm() finds phrases anywhere, at the start, and at the end of rows", () => {
  const { corpus } = corpusOf([
    { text: "I do. How do I?" },
    { text: "how do i pay" },
    { text: "how" },
    { text: "" },
  ]);
  assert.deepEqual([...rowsWithTerm(corpus, "how do i")], [1, 1, 0, 0]);
  assert.deepEqual([...rowsWithTerm(corpus, "how do i", { at: "start" })], [0, 1, 0, 0]);
  assert.deepEqual([...rowsWithTerm(corpus, "how do i", { at: "end" })], [1, 0, 0, 0]);
  assert.deepEqual([...rowsWithTerm(corpus, "how to")], [0, 0, 0, 0]);
});

Deno.test("spreadOf() tells what lies evenly from what one value has", () => {
  const even = spreadOf(corpus, rowsWithTerm(corpus, "please help"));
  assert.deepEqual(even.map(({ stem, share }) => [stem, share]), [["topic", 0.5], ["tone", 0.5]]);
  assert.deepEqual(even[0]?.values[0], { value: "Card", rows: 200, share: 0.5, striking: false });
  assert.equal(mostStriking(even), null);
  const most = mostStriking(spreadOf(corpus, rowsWithTerm(corpus, "visa")));
  assert.deepEqual([most?.stem, most?.value, most?.share, most?.overall], [
    "topic",
    "Card",
    1,
    0.5,
  ]);
});

Deno.test("spreadOf() doesn't take for certain what one of many values has by chance", () => {
  // Of 40 values with 20 rows each one has the word in 19 of them, the others in half of them.
  const rows = Array.from({ length: 800 }, (_, row) => ({
    text: (row % 40 === 0 ? row < 760 : row % 80 < 40) ? "yes" : "no",
    attributes: { topic: `v${row % 40}` },
  }));
  const { corpus } = corpusOf(rows);
  const [topic] = spreadOf(corpus, rowsWithTerm(corpus, "yes"));
  assert.equal(topic?.values[0]?.share, 0.95);
  assert.equal(mostStriking(topic === undefined ? [] : [topic]), null);
});

Deno.test("spreadOf() doesn't make much of small differences between many rows", () => {
  const rows = Array.from({ length: 20_000 }, (_, row) => ({
    text: (row >> 1) % 100 < (row % 2 === 0 ? 50 : 55) ? "yes" : "no",
    attributes: { topic: row % 2 === 0 ? "A" : "B" },
  }));
  const { corpus } = corpusOf(rows);
  assert.equal(mostStriking(spreadOf(corpus, rowsWithTerm(corpus, "yes"))), null);
});

Deno.test("spreadOf() looks at the rows of one language where it is told to", () => {
  const { corpus } = corpusOf(
    Array.from({ length: 40 }, (_, row) => ({
      text: row % 2 === 0 ? "hej" : "hello",
      attributes: { language: row % 2 === 0 ? "Swedish" : "English", tone: row < 20 ? "a" : "b" },
    })),
  );
  const [tone] = spreadOf(corpus, rowsWithTerm(corpus, "hej"), { language: "sv" });
  assert.deepEqual([tone?.stem, tone?.share, tone?.values.length], ["tone", 1, 2]);
  assert.deepEqual(spreadOf(corpus, rowsWithTerm(corpus, "hej"), { language: "da" }), []);
});

Deno.test("spreadChart() says how many terms lie evenly, and what belongs to a value", () => {
  const chart = drawn(spreadChart(FINDINGS, corpus, { terms: ["please help", "visa"] }));
  assert.equal(
    chart.title,
    "1 of 2\u00a0terms stands alike in the rows of every value, as far as can be told; “visa” stands " +
      "in 100\u00a0% of the rows asked with “Card”, and in 50\u00a0% of all",
  );
  // Of each term a dot for each of the six values, and a tick in each of the two panels.
  assert.equal(chart.count("dot", "circle"), 12);
  assert.equal(chart.count("tick", "line"), 4);
  assert.ok(chart.texts.includes("topic") && !chart.texts.includes("language"));
  assert.ok(chart.texts.includes("Card"), "the value that stands out is named");
});

Deno.test("spreadChart() traces the template terms that score highest unless it is told others", () => {
  const chart = drawn(spreadChart(FINDINGS, corpus, { most: 2 }));
  assert.equal(chart.count("tick", "line"), 4);
  assert.ok(chart.texts.includes("could you please") && !chart.texts.includes("thanks"));
  const { corpus: alike } = corpusOf([{ text: "a loan" }]);
  assert.match(drawn(spreadChart(FINDINGS, alike)).title, /can't be told/);
});

Deno.test("openingsChart() says the first opening's share, what they make together, how varied", () => {
  const chart = drawn(openingsChart(FINDINGS));
  assert.equal(chart.title, "“could you please” opens 28\u00a0% of rows");
  assert.match(
    chart.subtitle,
    /These 2 make up 38\u00a0% of rows\..* as varied as 143 used equally/,
  );
  assert.equal(chart.count("bar", "rect"), 2);
  assert.ok(
    chart.texts.includes("28\u00a0% (26–30\u00a0%), 543\u00a0rows · together 28\u00a0%"),
    chart.texts.join("\n"),
  );
  assert.equal(
    drawn(openingsChart(FINDINGS, { words: 2 })).title,
    "“could you” opens 36\u00a0% of rows",
  );
});

Deno.test("openingsChart() says whether an opening is spread evenly, given the rows", () => {
  const opening = (term: string) => ({
    ...FINDINGS,
    terms: {
      ...FINDINGS.terms,
      openings: [{ term, n: 3, rows: 100, share: 0.25, low: 0.21, high: 0.3 }],
    },
  });
  assert.match(
    drawn(openingsChart(opening("well i ask"), { corpus })).title,
    /opens 25\u00a0% of rows, evenly over topic, tone$/,
  );
  assert.match(
    drawn(
      endingsChart({
        ...FINDINGS,
        terms: { ...FINDINGS.terms, endings: opening("with my visa").terms.openings },
      }, { corpus }),
    ).title,
    /ends 25\u00a0% of rows, and 100\u00a0% of those asked with “Card”$/,
  );
});

Deno.test("openingsChart() looks at the rows of an opening's language", () => {
  const { corpus } = corpusOf(
    Array.from({ length: 400 }, (_, row) => ({
      text: row % 2 === 1 ? "Hello" : row % 4 === 0 ? "Jag undrar om lån" : "Hej",
      attributes: {
        language: row % 2 === 0 ? "Swedish" : "English",
        tone: row % 8 < 4 ? "Angry" : "",
      },
    })),
  );
  const opening = { term: "jag undrar om", n: 3, rows: 100, share: 0.25, low: 0.21, high: 0.3 };
  assert.equal(
    drawn(
      openingsChart({ ...FINDINGS, terms: { ...FINDINGS.terms, openings: [opening] } }, { corpus }),
    ).title,
    "“jag undrar om” opens 25\u00a0% of rows (50\u00a0% of those in Swedish), evenly over tone",
  );
});

Deno.test("valueTermsChart() names the strongest term that is no echo; each verdict stands apart", () => {
  const chart = drawn(valueTermsChart(FINDINGS));
  assert.equal(
    chart.title,
    "“visa” belongs to “Lost card”: 31\u00a0% of its rows have it, 1\u00a0% of others; " +
      "1 of 3\u00a0terms echo what was asked",
  );
  const labels = ["visa · Lost card", "now · Angry", "car · Car loan"];
  assert.deepEqual(chart.texts.slice(0, 3), labels);
  assert.deepEqual(chart.texts.slice(3, 6), [
    "belong to the value",
    "lean to it, by less than twice",
    "echo the wording of the request",
  ]);
  assert.deepEqual(chart.attributes("dot", "circle", "fill"), ["#1f6fb2", "#d95f02", "#fff"]);
  const angry = drawn(valueTermsChart(FINDINGS, { attribute: "tone" }));
  assert.equal(angry.count("dot", "circle"), 1);
  assert.match(angry.title, /^“now” belongs to “Angry”/);
});

Deno.test("valueTermsChart() shows the strongest of each verdict and says of how many", () => {
  const byValue = Array.from(
    { length: 40 },
    (_, i) => valueTerm(`t${i}`, { value: "Car loan", lrc: 1 + i / 10, verdict: "topical" }),
  );
  const chart = drawn(valueTermsChart({ terms: { byValue } }, { most: 5 }));
  assert.equal(chart.texts[0], "t39 · Car loan");
  assert.ok(chart.texts.includes("belong to the value (5 of 40)"));
  assert.equal(chart.count("dot", "circle"), 5);
});

Deno.test("referenceChart() names the strongest word that no value brings about", () => {
  const byValue = [valueTerm("a loan", { value: "Car loan", lrc: 3, verdict: "echo" })];
  const chart = drawn(referenceChart({ terms: { ...FINDINGS.terms, byValue } }));
  assert.equal(
    chart.title,
    "“please” stands at least 18× as often as in subtitles; no value brings it about",
  );
  assert.match(chart.subtitle, /51,000,000\u00a0words in English.*Films speak/);
  assert.deepEqual(chart.texts.slice(0, 4), [
    "please",
    "loan",
    "not due to a value",
    "due to a value",
  ]);
  assert.deepEqual(chart.attributes("dot", "circle", "fill"), ["#1f6fb2", "#fff"]);
});

Deno.test("referenceChart() says that nothing was compared, or that nothing stands out", () => {
  const none = { terms: { ...FINDINGS.terms, reference: null } };
  assert.match(drawn(referenceChart(none)).title, /has not been measured$/);
  const { reference } = FINDINGS.terms;
  assert.ok(reference !== null);
  const even = { terms: { ...FINDINGS.terms, reference: { ...reference, terms: [] } } };
  assert.equal(
    drawn(referenceChart(even)).title,
    "No word stands more often in the rows than in subtitles",
  );
});
