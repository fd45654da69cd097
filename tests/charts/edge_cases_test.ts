/** All charts of findings, with data of every awkward kind. */
import assert from "node:assert/strict";
import type { Findings } from "../../src/analysis/findings.ts";
import { corpusOf } from "../../src/analysis/reading/corpus.ts";
import type { Corpus } from "../../src/analysis/reading/rows.ts";
import { askedGotChart } from "../../src/charts/asked_got.ts";
import { sharesChart } from "../../src/charts/attribute_shares.ts";
import { confusionChart } from "../../src/charts/confusion.ts";
import { coverageChart } from "../../src/charts/coverage.ts";
import { distanceChart } from "../../src/charts/distances.ts";
import { driftChart } from "../../src/charts/drift.ts";
import { endingsChart, openingsChart } from "../../src/charts/edge_terms.ts";
import { lengthDistributionChart } from "../../src/charts/length_distribution.ts";
import { lengthQuantileChart } from "../../src/charts/length_quantiles.ts";
import { lostChart } from "../../src/charts/lost.ts";
import { neverSeenChart } from "../../src/charts/never_seen.ts";
import type { ChartElement } from "../../src/charts/plot.ts";
import { referenceChart } from "../../src/charts/reference_terms.ts";
import { repeatsChart } from "../../src/charts/repeats.ts";
import { tailsChart } from "../../src/charts/tails.ts";
import { templateChart } from "../../src/charts/template_terms.ts";
import { spreadChart } from "../../src/charts/term_spread.ts";
import { valueTermsChart } from "../../src/charts/value_terms.ts";
import { bundleOf } from "../../src/notebook/show.ts";
import { FINDINGS, measured, templateTerm, unmeasured, valueTerm } from "./findings.ts";

function all(findings: Findings, corpus: Corpus): Record<string, ChartElement> {
  const attributes = Object.keys(findings.attributes);
  return {
    template: templateChart(findings),
    spread: spreadChart(findings, corpus),
    openings: openingsChart(findings, { corpus }),
    endings: endingsChart(findings, { corpus }),
    valueTerms: valueTermsChart(findings),
    reference: referenceChart(findings),
    distance: distanceChart(findings),
    lengthDistribution: lengthDistributionChart(findings, corpus),
    askedGot: askedGotChart(findings, corpus),
    lengthQuantiles: lengthQuantileChart(findings),
    lost: lostChart(findings),
    repeats: repeatsChart(findings),
    drift: driftChart(findings),
    coverage: coverageChart(findings),
    neverSeen: neverSeenChart(findings),
    tails: tailsChart(findings),
    ...Object.fromEntries(attributes.flatMap((attribute) => [
      [`shares of ${attribute}`, sharesChart(findings, { attribute })],
      [`confusion of ${attribute}`, confusionChart(findings, { attribute })],
    ])),
  };
}

/** Whatever is drawn is whole: numbers are numbers, and Plot has nothing to warn of. */
function assertDrawn(charts: Record<string, ChartElement>): void {
  for (const [name, chart] of Object.entries(charts)) {
    const text = chart.outerHTML;
    assert.doesNotMatch(text, /NaN|undefined|null|Infinity|⚠/, name);
    assert.match(chart.textContent ?? "", /\S/, name);
    const { "text/html": html = "" } = bundleOf(chart);
    assert.match(html, /^<figure><p><strong>[^<]+<\/strong><\/p>/, name);
    assert.match(html, /<img alt="[^"]+" width="\d+" height="\d+"/, name);
    const [, width] = /width="(\d+)"/.exec(html) ?? [];
    assert.ok(Number(width) <= 1_200, `${name} is ${width} px wide`);
  }
}

/** Rows that are asked with the values of the findings. */
function corpusFor({ attributes }: Findings, rows: number): Corpus {
  return corpusOf(
    Array.from({ length: rows }, (_, row) => ({
      text: `Could you please help me with matter ${row % 7}`,
      requestedWords: 3 + row % 40,
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([stem, { values }]) =>
          [stem, values[row % values.length]?.value ?? ""] as const
        ),
      ),
    })),
  ).corpus;
}

/** The same findings with other names for everything that has one. */
function renamed(name: (place: number) => string): Findings {
  const { terms, diversity, coverage } = FINDINGS;
  const found = measured();
  return {
    ...FINDINGS,
    attributes: {
      [name(0)]: {
        ...found,
        values: found.values.map((value, i) => ({ ...value, value: name(i) })),
        confusion: found.confusion?.map((cell, i) => ({
          ...cell,
          requested: name(Math.floor(i / 2)),
          realised: name(i % 2),
        })) ?? null,
      },
      [name(1)]: unmeasured({ [name(1)]: 0.7, [name(2)]: 0.3 }),
    },
    terms: {
      template: terms.template.map((term, i) => ({ ...term, term: name(i) })),
      byValue: terms.byValue.map((term, i) => ({ ...term, term: name(i), value: name(i) })),
      openings: terms.openings.map((term, i) => ({ ...term, term: name(i) })),
      endings: terms.endings.map((term, i) => ({ ...term, term: name(i) })),
      reference: terms.reference === null ? null : {
        ...terms.reference,
        name: name(0),
        caveat: name(1),
        terms: terms.reference.terms.map((term, i) => ({ ...term, term: name(i) })),
      },
    },
    diversity: {
      ...diversity,
      nearDuplicates: {
        ...diversity.nearDuplicates,
        largest: diversity.nearDuplicates.largest.map((group, i) => ({ ...group, text: name(i) })),
      },
    },
    lost: FINDINGS.lost.map((lost, i) => ({ ...lost, attribute: name(0), value: name(i) })),
    coverage: {
      ...coverage,
      byAttributes: coverage.byAttributes.map((two) => ({
        ...two,
        attributes: [name(0), name(1)],
        never: two.never.map((pair, i) => ({ ...pair, values: [name(i), name(i + 1)] })),
      })),
      smallest: coverage.smallest.map((value, i) => ({
        ...value,
        attribute: name(0),
        value: name(i),
      })),
    },
  };
}

Deno.test("findings of which everything was measured are drawn whole", () => {
  const charts = all(FINDINGS, corpusFor(FINDINGS, 300));
  assert.ok(Object.keys(charts).length >= 18);
  assertDrawn(charts);
});

Deno.test("findings of no rows at all are said in words", () => {
  const none = { requested: null, accepted: null, realised: null };
  const empty: Findings = {
    ...FINDINGS,
    rows: {
      planned: 0,
      ok: 0,
      refused: 0,
      filtered: 0,
      truncated: 0,
      empty: 0,
      failed: 0,
      pending: 0,
    },
    languages: [],
    attributes: {
      tone: { ...unmeasured({}), distance: none, noise95: none, noiseFloor: none },
      topic: { ...unmeasured({ A: 0 }), distance: none, noise95: none, noiseFloor: none },
    },
    length: null,
    terms: { template: [], byValue: [], openings: [], endings: [], reference: null },
    diversity: {
      ...FINDINGS.diversity,
      exactDuplicates: 0,
      nearDuplicates: { clusters: 0, rows: 0, largest: [] },
      effectiveOpenings: null,
      drift: [],
    },
    lost: [],
    coverage: {
      pairs: { possible: 0, seen: 0 },
      byAttributes: [],
      lengthTail: [],
      smallest: [],
      needed: { values: null, pairs: null },
    },
  };
  assertDrawn(all(empty, corpusFor(empty, 0)));
  assertDrawn(all({ ...empty, attributes: {} }, corpusFor(empty, 0)));
  assertDrawn({ shares: sharesChart({ attributes: {} }) });
});

Deno.test("a single row with a single value is drawn", () => {
  const [template] = FINDINGS.terms.template;
  assert.ok(template !== undefined);
  const one: Findings = {
    ...FINDINGS,
    rows: { ...FINDINGS.rows, planned: 1, ok: 1, refused: 0, filtered: 0, truncated: 0, empty: 0 },
    attributes: { language: unmeasured({ English: 1 }) },
    terms: { ...FINDINGS.terms, template: [{ ...template, share: 1, low: 0.05, score: 0.05 }] },
    length: FINDINGS.length === null ? null : {
      ...FINDINGS.length,
      realised: { w1: 5, ks: 0.6, low: 5, high: 5, p: null },
      ratio: { median: 1, q25: 1, q75: 1 },
      byRequest: [],
      onTarget: null,
      onTargetInterval: null,
    },
    diversity: { ...FINDINGS.diversity, drift: FINDINGS.diversity.drift.slice(0, 1) },
    lost: [],
  };
  assertDrawn(all(one, corpusFor(one, 1)));
});

Deno.test("sixty values and hundreds of terms are drawn in charts that can be read", () => {
  const targets = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`Value ${i}`, 1 / 60]));
  const many: Findings = {
    ...FINDINGS,
    attributes: { topic: unmeasured(targets), station: unmeasured(targets) },
    terms: {
      ...FINDINGS.terms,
      template: Array.from(
        { length: 200 },
        (_, i) => templateTerm(`term ${i}`, { share: 0.3, low: 0.2, score: 0.1 }),
      ),
      byValue: Array.from(
        { length: 900 },
        (_, i) =>
          valueTerm(`term ${i}`, { value: `Value ${i % 60}`, lrc: i / 100, verdict: "topical" }),
      ),
    },
    lost: Object.keys(targets).map((value) => ({
      attribute: "topic",
      value,
      planned: 30,
      lost: 3,
      share: 0.1,
      low: 0.03,
      high: 0.26,
      by: { refused: 3, filtered: 0, empty: 0, truncated: 0 },
    })),
  };
  const charts = all(many, corpusFor(many, 600));
  assertDrawn(charts);
  for (const [name, chart] of Object.entries(charts)) {
    const lines = bundleOf(chart)["text/html"]?.match(/height="(\d+)"/)?.[1];
    assert.ok(Number(lines) <= 800, `${name} is ${lines} px high`);
  }
});

/** Turns the direction of writing, ends strings, starts colours, hides. */
const HIDDEN = ["\u202e", "\u0000", "\u001b", "\u200b"];
const HOSTILE = [
  `<script>alert(1)</script><img src=x onerror="alert(2)">'&`,
  `${HIDDEN.join("")}gnp.exe`,
  "line one\nline two\r\n",
  "",
  "__proto__",
  "👩‍👩‍👧 住宅ローン $& ${x} {{topic}} %s",
];

Deno.test("hostile names are no markup and hide nothing", () => {
  const findings = renamed((i) => `${HOSTILE[i % HOSTILE.length]}${i >= HOSTILE.length ? i : ""}`);
  for (const [name, chart] of Object.entries(all(findings, corpusFor(findings, 200)))) {
    assert.doesNotMatch(chart.outerHTML, /<script|<img src=x|NaN|⚠/, name);
    const { "text/html": html = "", "text/plain": plain } = bundleOf(chart);
    for (const text of [html, plain, chart.textContent ?? ""]) {
      for (const hidden of HIDDEN) assert.ok(!text.includes(hidden), name);
    }
    assert.doesNotMatch(html, /<script|<img src=x/, name);
  }
});

Deno.test("names of hundreds of letters leave room for the marks", () => {
  const findings = renamed((i) =>
    `${i} ${"Ask for a promise that it will be approved ".repeat(9)}`
  );
  const charts = all(findings, corpusFor(findings, 200));
  assertDrawn(charts);
  for (const [name, chart] of Object.entries(charts)) {
    assert.ok((chart.textContent ?? "").length < 9_000, name);
  }
});
